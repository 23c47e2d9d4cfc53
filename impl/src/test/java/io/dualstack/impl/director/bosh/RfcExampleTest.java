package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.director.Deployment;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example in the RFC's section on the director, to the letter. */
class RfcExampleTest {

  static final String EXAMPLE =
      """
      networks:
        - name: diego_cells_ipv6
          subnets:
            - az: z1
              cloud_properties:
                # assign non-overlapping `/80` cidrs from `range`
                ipv6_prefix_delegation_size: 80
                security_groups:
                  - sg-abcd...
                subnet: subnet-12345
              dns:
                - 2001:db8:4e04:D139:0000:0000:0000:0253
              gateway: 2001:db8:4e04:D139:0000:0000:0000:0001
              range: 2001:db8:4e04:D139:0000:0000:0000:0000/64
              reserved:
                - 2001:db8:4e04:D139:0000:0000:0000:0000/80
      """;

  @Test
  void is_read_to_the_letter() {
    Deployment deployment = Annotated.read(EXAMPLE, null);

    Subnet expected =
        Subnet.of(IpPrefix.parse("2001:db8:4e04:d139::/64"))
            .prefixLength(80)
            .gateway(IpAddress.parse("2001:db8:4e04:d139::1"))
            .dns(List.of(IpAddress.parse("2001:db8:4e04:d139::253")))
            .reserved(IpSet.of(IpRange.parse("2001:db8:4e04:d139::/80")))
            .zones(List.of("z1"))
            .chooser(PrefixChooser.DIRECTOR)
            .cloudProperties(
                Map.of(
                    "ipv6_prefix_delegation_size",
                    80L,
                    "security_groups",
                    List.of("sg-abcd..."),
                    "subnet",
                    "subnet-12345"))
            .build();
    assertThat(deployment.networks())
        .isEqualTo(NetworkSet.of(new Manual("diego_cells_ipv6", List.of(expected))));
    assertThat(deployment.name()).isEmpty();
    assertThat(deployment.groups()).isEmpty();
  }

  @Test
  void warns_only_that_the_zones_of_the_fragment_are_listed_nowhere() {
    assertThat(Annotated.read(EXAMPLE, null).warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.severity()).isEqualTo(Severity.WARNING);
              assertThat(warning.path()).isEqualTo("azs");
              assertThat(warning.code()).isEqualTo("NetworkSubnetUnknownAvailabilityZone");
              assertThat(warning.message()).startsWith("azs: is missing, so nobody checks z1");
            });
  }

  @Test
  void means_the_same_in_all_three_spellings() {
    String without = EXAMPLE.replace("ipv6_prefix_delegation_size: 80", "subnets: none");
    String onTheSubnet =
        without.replace("range:", "ipv6_prefix_delegation_size: 80\n        range:");
    String today = without.replace("range:", "prefix: \"80\"\n        range:");

    assertThat(lengthIn(EXAMPLE)).isEqualTo(80);
    assertThat(lengthIn(onTheSubnet)).isEqualTo(80);
    assertThat(lengthIn(today)).isEqualTo(80);
    assertThat(lengthIn(without)).isEqualTo(128);
  }

  private static int lengthIn(String cloudConfig) {
    return Annotated.read(cloudConfig, null).networks().manual().get(0).prefixLength();
  }
}
