package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkDefinition.Dynamic;
import io.dualstack.allocation.NetworkDefinition.DynamicSubnet;
import io.dualstack.allocation.NetworkDefinition.Vip;
import io.dualstack.allocation.NetworkDefinition.VipSubnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpRange;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Dynamic and vip networks, and what else of a cloud config is read. */
class OtherNetworksTest {

  @Test
  void reads_a_dynamic_network_with_and_without_subnets() {
    assertThat(
            only(
                """
                networks:
                - name: d
                  type: dynamic
                  dns: [10.0.0.2, "2001:db8::53"]
                  cloud_properties: {name: net}
                """))
        .isEqualTo(
            new Dynamic(
                "d",
                List.of(
                    new DynamicSubnet(
                        List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("2001:db8::53")),
                        List.of(),
                        Map.of("name", "net")))));
    assertThat(
            only(
                """
                azs: [{name: z1}, {name: z2}, {name: z3}]
                networks:
                - name: d
                  type: dynamic
                  subnets:
                  - {az: z1, prefix: 32}
                  - {azs: [z2, z3], dns: [10.0.0.2]}
                """))
        .isEqualTo(
            new Dynamic(
                "d",
                List.of(
                    new DynamicSubnet(List.of(), List.of("z1"), Map.of()),
                    new DynamicSubnet(
                        List.of(IpAddress.parse("10.0.0.2")), List.of("z2", "z3"), Map.of()))));
  }

  @Test
  void refuses_what_has_no_place_on_a_dynamic_network() {
    Annotated.check(
        """
        azs: [{name: z1}]
        networks:
        - name: d
          type: dynamic
          az: z1       #! NetworkInvalidProperty networks[0].az: az: has no place on a dynamic network; move it into its subnets
          azs: [z1]    #! NetworkInvalidProperty networks[0].azs: azs: has no place on a dynamic network; move it into its subnets
          managed: no  #! NetworkInvalidProperty networks[0].managed: managed: has no place on a dynamic network; remove it
          prefix: 32   #! NetworkInvalidProperty networks[0].prefix: prefix: has no place on a dynamic network; remove it
        - name: e
          type: dynamic
          dns: []              #! NetworkInvalidProperty networks[1].dns: dns: stands beside subnets; move it into each of them
          cloud_properties: {} #! NetworkInvalidProperty networks[1].cloud_properties: cloud_properties: stands beside subnets; move it into each of them
          subnets: []          #! NetworkInvalidProperty networks[1].subnets: subnets: is an empty list; define a subnet, or leave it out
        - name: f
          type: dynamic
          range: 10.0.0.0/24   #? UnknownKey networks[2].range: range: is no key of a dynamic network and has no effect; remove it, or move it where it belongs
          subnets:
          - {prefix: 28, az: z1} #! NetworkInvalidProperty networks[2].subnets[0].prefix: 28: dynamic networks hand out single IPv4 addresses only; remove it, or use a manual network
          - {prefix: "32"}     #! JobInvalidAvailabilityZone networks[2].subnets[1].azs: azs: is missing here, but networks[2].subnets[0] names zones (line 18); name them on all subnets or on none #! ValidationInvalidType networks[2].subnets[1].prefix: 32: is text to BOSH where a whole number is expected; write it in decimal without quotes
          - {dns: [10.0.0.0/8], az: z2} #! NetworkInvalidDns networks[2].subnets[2].dns[0]: 10.0.0.0/8: is not a single address; write one address #! NetworkSubnetUnknownAvailabilityZone networks[2].subnets[2].az: z2: is no availability zone of this cloud config; did you mean z1?
        """);
  }

  @Test
  void reads_a_vip_network_with_and_without_addresses_of_its_own() {
    assertThat(only("networks: [{name: v, type: vip, cloud_properties: {a: 1}}]"))
        .isEqualTo(new Vip("v", List.of(), Map.of("a", 1L)));
    assertThat(
            only(
                """
                azs: [{name: z1}]
                networks:
                - name: v
                  type: vip
                  subnets:
                  - {az: z1, static: [203.0.113.9, 203.0.113.1-203.0.113.3], prefix: 32}
                  - {az: z1, static: ["2001:db8::1"], prefix: 128}
                """))
        .isEqualTo(
            new Vip(
                "v",
                List.of(
                    new VipSubnet(
                        List.of(
                            IpRange.parse("203.0.113.9"), IpRange.parse("203.0.113.1-203.0.113.3")),
                        List.of("z1")),
                    new VipSubnet(List.of(IpRange.parse("2001:db8::1")), List.of("z1"))),
                Map.of()));
  }

  @Test
  void refuses_what_is_wrong_with_a_vip_network() {
    Annotated.check(
        """
        azs: [{name: z1}]
        networks:
        - name: v
          type: vip
          subnets:
          - static: 203.0.113.1 #! ValidationInvalidType networks[0].subnets[0].static: 203.0.113.1: is text to BOSH where a list is expected; write each item behind a hyphen
            az: z7              #! NetworkSubnetUnknownAvailabilityZone networks[0].subnets[0].az: z7: is no availability zone of this cloud config; did you mean z1?
          - static: [203.0.113.300] #! NetworkInvalidIpRangeFormat networks[0].subnets[1].static[0]: 203.0.113.300: ...
          - static: [203.0.113.1]
            prefix: 28          #! NetworkInvalidProperty networks[0].subnets[2].prefix: 28: floating addresses are single addresses; remove it
            range: 203.0.113.0/24 #? UnknownKey networks[0].subnets[2].range: range: is no key of a subnet of a vip network and has no effect; remove it, or move it where it belongs
        """);
  }

  @Test
  void refuses_a_config_without_networks() {
    Annotated.check(
        "azs: [] #! ValidationMissingField networks: networks: is missing; define at least one network");
    Annotated.check(
        "networks: [] #! DeploymentNoNetworks networks: networks: is an empty list; define at least one network");
    Annotated.check(
        "networks: #! ValidationInvalidType networks: nothing: stands where a list is expected; write each item behind a hyphen");
  }

  @Test
  void refuses_zones_that_are_listed_wrongly_and_then_checks_none() {
    Annotated.check(
        """
        azs:
        - {name: z1}
        - {name: z1}  #! DeploymentDuplicateAvailabilityZoneName azs[1]: z1: names two zones; rename or remove one
        - {nam: z2}   #! ValidationMissingField azs[2].name: name: is missing; name the zone, such as z1
        networks:
        - name: d
          type: dynamic
          subnets: [{az: z9}]
        """);
  }

  @Test
  void checks_where_packages_are_compiled() {
    Annotated.check(
        """
        azs: [{name: z1}]
        networks: [{name: d, type: dynamic}]
        compilation:
          network: e #! CompilationConfigUnknownNetwork compilation.network: e: is no network of this cloud config; did you mean d?
          az: z2     #! CompilationConfigInvalidAvailabilityZone compilation.az: z2: is no availability zone of this cloud config; did you mean z1?
          workers: 5
        """);
  }

  @Test
  void passes_cloud_properties_on_as_json_would_have_them() {
    Map<String, Object> inner = new HashMap<>();
    inner.put("yes", 1L);
    inner.put("none", null);
    Dynamic network =
        (Dynamic)
            only(
                """
                base: &base {a: 1}
                networks:
                - name: d
                  type: dynamic
                  cloud_properties:
                    <<: *base
                    text: "0777"
                    octal: 0777
                    big: 123456789012345678901234567890
                    half: 0.5
                    flags: [yes, off, "on"]
                    date: 2026-01-01
                    inner: {yes: 1, none: ~}
                """);

    assertThat(network.subnets().get(0).cloudProperties())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "a",
                1L,
                "text",
                "0777",
                "octal",
                511L,
                "big",
                new java.math.BigInteger("123456789012345678901234567890"),
                "half",
                0.5,
                "flags",
                Arrays.asList(true, false, "on"),
                "date",
                "2026-01-01",
                "inner",
                inner));
  }

  @Test
  void warns_of_cloud_properties_that_bosh_reads_as_something_else() {
    String config =
        """
        networks:
        - name: d
          type: dynamic
          cloud_properties:
            address: ::1 #? YamlReadsDifferently networks[0].cloud_properties.address: ::1: is a symbol to BOSH, which loses its first colon; put it in quotes
            limit: .inf
        """;

    Annotated.check(config);
    assertThat(((Dynamic) only(config)).subnets().get(0).cloudProperties())
        .containsExactlyInAnyOrderEntriesOf(Map.of("address", ":1", "limit", ".inf"));
    Annotated.check(
        """
        networks:
        - name: d
          type: dynamic
          cloud_properties: ~ #! ValidationInvalidType networks[0].cloud_properties: "~": is nothing to BOSH where a mapping is expected; write its fields below it
        """);
  }

  private static NetworkDefinition only(String cloudConfig) {
    return Annotated.read(cloudConfig, null).networks().all().iterator().next();
  }
}
