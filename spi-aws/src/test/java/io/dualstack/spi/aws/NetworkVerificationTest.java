package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkVerificationTest extends OpenSession {
  private static final IpSet KEPT = IpSet.of(IpRange.parse("10.64.0.2-10.64.0.3"));

  private List<Diagnostic> verify(Subnet.Builder... subnets) {
    return session.verify(
        NetworkSet.of(
            new Manual("cells", List.of(subnets).stream().map(Subnet.Builder::build).toList())));
  }

  private static Subnet.Builder sound() {
    return subnet(FakeRegion.IPV4).gateway(IpAddress.parse("10.64.0.1")).reserved(KEPT);
  }

  private static void assertFinding(
      List<Diagnostic> findings, Severity severity, String path, String code, String message) {
    assertThat(findings)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(severity);
              assertThat(finding.path()).isEqualTo("networks.cells.subnets[0]." + path);
              assertThat(finding.code()).isEqualTo(code);
              assertThat(finding.message()).contains(message);
            });
  }

  @Test
  void a_sound_network_has_no_findings() {
    assertThat(verify(sound())).isEmpty();
    assertThat(
            verify(
                subnet(FakeRegion.IPV6)
                    .prefixLength(80)
                    .gateway(IpAddress.parse("2001:db8:64::1"))))
        .isEmpty();
  }

  @Test
  void a_missing_subnet_property_is_found() {
    assertFinding(
        verify(sound().cloudProperties(Map.of())),
        Severity.ERROR,
        "cloud_properties.subnet",
        "SubnetMissing",
        "is missing; name the EC2 subnet");
  }

  @Test
  void a_subnet_that_does_not_exist_is_found() {
    assertFinding(
        verify(sound().cloudProperties(Map.of("subnet", "subnet-no"))),
        Severity.ERROR,
        "cloud_properties.subnet",
        "SubnetNotFound",
        "subnet-no: does not exist");
  }

  @Test
  void a_range_outside_of_the_subnet_is_found() {
    assertFinding(
        verify(subnet(IpPrefix.parse("10.65.0.0/20"))),
        Severity.ERROR,
        "range",
        "RangeOutsideSubnet",
        "10.65.0.0/20: is not inside subnet-0a1b2c3d, which has [10.64.0.0/20, 2001:db8:64::/64]");
  }

  @Test
  void addresses_that_ec2_keeps_are_better_reserved() {
    assertFinding(
        verify(sound().reserved(IpSet.empty())),
        Severity.WARNING,
        "reserved",
        "KeptByEc2",
        "[10.64.0.2/32, 10.64.0.3/32]: EC2 keeps the first four");
  }

  @Test
  void a_security_group_that_the_vpc_lacks_is_found() {
    assertFinding(
        verify(
            sound()
                .cloudProperties(
                    Map.of(
                        "subnet",
                        FakeRegion.SUBNET,
                        "security_groups",
                        List.of("routers", FakeRegion.GROUP, "nobody")))),
        Severity.ERROR,
        "cloud_properties.security_groups",
        "SecurityGroupNotFound",
        "nobody: vpc-01234567 has no security group nobody");
  }

  @Test
  void security_groups_that_are_no_list_are_found() {
    assertFinding(
        verify(
            sound()
                .cloudProperties(
                    Map.of("subnet", FakeRegion.SUBNET, "security_groups", Map.of("a", "b")))),
        Severity.ERROR,
        "cloud_properties.security_groups",
        "SecurityGroupsInvalid",
        "is no list of security groups");
  }

  @Test
  void a_prefix_length_that_ec2_does_not_delegate_is_found() {
    assertFinding(
        verify(subnet(FakeRegion.IPV6).prefixLength(96)),
        Severity.ERROR,
        "prefix",
        "PrefixLengthUnsupported",
        "use /80");
  }

  @Test
  void single_ipv4_addresses_of_ec2s_choice_need_the_whole_subnet() {
    assertFinding(
        verify(
            sound()
                .chooser(PrefixChooser.PROVIDER)
                .reserved(KEPT.union(IpSet.of(IpRange.parse("10.64.1.0-10.64.1.9"))))),
        Severity.ERROR,
        "range",
        "AddressChooserUnsupported",
        "let the director choose them");
    assertThat(verify(sound().chooser(PrefixChooser.PROVIDER))).isEmpty();
  }

  @Test
  void a_full_subnet_is_told() {
    ec2.subnet(FakeRegion.SUBNET, FakeRegion.VPC, "eu-central-1a", IpPrefix.parse("10.64.0.0/28"));
    IpPrefix[] all =
        IpRange.parse("10.64.0.4-10.64.0.14").toPrefixes().stream()
            .flatMap(part -> singles(part).stream())
            .toArray(IpPrefix[]::new);
    ec2.networkInterface(FakeRegion.SUBNET, Map.of(), all);

    assertFinding(
        verify(
            subnet(IpPrefix.parse("10.64.0.0/28"))
                .gateway(IpAddress.parse("10.64.0.1"))
                .reserved(KEPT)),
        Severity.WARNING,
        "range",
        "SubnetFull",
        "has no free IPv4 address");
  }

  private static List<IpPrefix> singles(IpPrefix part) {
    List<IpPrefix> singles = new ArrayList<>();
    part.split(32).forEach(singles::add);
    return singles;
  }

  @Test
  void one_zone_in_two_zones_of_ec2_is_told() {
    List<Diagnostic> findings =
        verify(
            sound().zones(List.of("z1")),
            Subnet.of(IpPrefix.parse("10.64.16.0/20"))
                .gateway(IpAddress.parse("10.64.16.1"))
                .reserved(IpSet.of(IpRange.parse("10.64.16.2-10.64.16.3")))
                .zones(List.of("z1"))
                .cloudProperties(Map.of("subnet", FakeRegion.OTHER_SUBNET)));

    assertThat(findings)
        .extracting(Diagnostic::code, Diagnostic::severity)
        .containsOnly(tuple("ZonesDiffer", Severity.WARNING))
        .hasSize(2);
  }

  @Test
  void a_hundred_networks_take_two_calls() {
    Subnet.Builder[] subnets = new Subnet.Builder[100];
    for (int i = 0; i < subnets.length; i++) {
      subnets[i] =
          subnet(IpPrefix.of(IpAddress.parse("10.64.1.0").plus(16L * i), 28)).prefixLength(32);
    }
    ec2.forgetRequests();

    assertThat(verify(subnets)).isEmpty();

    assertThat(actions()).containsExactly("DescribeSubnets", "DescribeSecurityGroups");
  }
}
