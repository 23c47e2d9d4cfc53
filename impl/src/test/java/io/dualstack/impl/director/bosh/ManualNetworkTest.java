package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpSet;
import org.junit.jupiter.api.Test;

/** What a director refuses in manual networks, and what it should. */
class ManualNetworkTest {

  @Test
  void refuses_ranges_gateways_and_name_servers_that_are_none() {
    Annotated.check(
        """
        azs: [{name: z1}, {name: z2}]
        networks:
        - name: a
          subnets:
          - gateway: 10.0.0.1  #! ValidationMissingField networks[0].subnets[0].range: range: is missing; write the range of the subnet, such as 10.0.0.0/24
          - range: 10.0.1.0/24 #! ValidationMissingField networks[0].subnets[1].gateway: gateway: is missing; write the router's address; a range without a router is refused as by a director that isn't told to ignore it
          - range: 10.0.2.0/32 #! NetworkInvalidRange networks[0].subnets[2].range: 10.0.2.0/32: is one address; use a range of at least two
            gateway: 10.0.2.0
          - range: 10.0.3.0    #! NetworkInvalidRange networks[0].subnets[3].range: 10.0.3.0: is one address; use a range of at least two
            gateway: 10.0.3.1
          - range: 10.0.4.0/33 #! NetworkInvalidRange networks[0].subnets[4].range: 10.0.4.0/33: ...
            gateway: 10.0.4.1
          - range: 10.0.5.0-10.0.5.9 #! NetworkInvalidRange networks[0].subnets[5].range: 10.0.5.0-10.0.5.9: ...
            gateway: 10.0.5.1
          - range: [10.0.6.0/24] #! ValidationInvalidType networks[0].subnets[6].range: a list: stands where a range in CIDR notation is expected; write it behind the key or the hyphen
            gateway: 10.0.6.1
          - range: 10.0.7.0/24
            gateway: 10.0.8.1  #! NetworkInvalidGateway networks[0].subnets[7].gateway: 10.0.8.1: is outside range 10.0.7.0/24; use an address inside it
          - range: 10.0.8.0/24
            gateway: 10.0.8.0  #! NetworkInvalidGateway networks[0].subnets[8].gateway: 10.0.8.0: is the first address of range 10.0.8.0/24, which stands for the network; use another
          - range: 10.0.9.0/24
            gateway: 10.0.9.255 #! NetworkInvalidGateway networks[0].subnets[9].gateway: 10.0.9.255: is the last address of range 10.0.9.0/24, which is never used; use another
          - range: 10.0.10.0/24
            gateway: 10.0.10.0/30 #! NetworkInvalidGateway networks[0].subnets[10].gateway: 10.0.10.0/30: is not a single address; write one address
          - range: 10.0.11.0/24
            gateway: 10.0.11.1/32
            dns: [10.0.0.2, "2001:db8::53", 10.0.0.0/24, 10.0.0.256] #! NetworkInvalidDns networks[0].subnets[11].dns[2]: 10.0.0.0/24: is not a single address; write one address #! NetworkInvalidDns networks[0].subnets[11].dns[3]: 10.0.0.256: ...
          - range: 10.0.12.0/24
            gateway: 10.0.12.1
            dns: 10.0.0.2      #! ValidationInvalidType networks[0].subnets[12].dns: 10.0.0.2: is text to BOSH where a list is expected; write each item behind a hyphen
        """);
  }

  @Test
  void refuses_the_ends_of_an_ipv6_range_as_gateway_as_well() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 2001:db8::/64
            gateway: "2001:db8::" #! NetworkInvalidGateway networks[0].subnets[0].gateway: 2001:db8::: is the first address of range 2001:db8::/64, which stands for the network; use another
          - range: 2001:db8:0:1::/64
            gateway: 2001:db8:0:1:ffff:ffff:ffff:ffff #! NetworkInvalidGateway networks[0].subnets[1].gateway: 2001:db8:0:1:ffff:ffff:ffff:ffff: is the last address of range 2001:db8:0:1::/64, which is never used; use another
          - range: 2001:db8:0:2::/64
            gateway: 10.0.0.1     #! NetworkInvalidGateway networks[0].subnets[2].gateway: 10.0.0.1: is outside range 2001:db8:0:2::/64; use an address inside it
        """);
  }

  @Test
  void masks_host_bits_as_the_director_does_and_warns() {
    String config =
        """
        networks:
        - name: a
          subnets:
          - range: 192.168.0.1/24      #? NetworkHostBitsSet networks[0].subnets[0].range: 192.168.0.1/24: has host bits, which are dropped as BOSH drops them; write 192.168.0.0/24
            gateway: 192.168.0.1
            reserved: 192.168.0.20/30
            static: [192.168.0.33/28]  #? NetworkHostBitsSet networks[0].subnets[0].static[0]: 192.168.0.33/28: has host bits, which are dropped as BOSH drops them; write 192.168.0.32/28
          - range: 10.0.0.0/255.255.255.0 #? YamlReadsDifferently networks[0].subnets[1].range: 10.0.0.0/255.255.255.0: has a netmask; write 10.0.0.0/24
            gateway: 10.0.0.1
        """;

    Annotated.check(config);
    assertThat(subnet(config, 0).range()).hasToString("192.168.0.0/24");
    assertThat(subnet(config, 0).statics()).hasToString("{192.168.0.32-192.168.0.47}");
    assertThat(subnet(config, 1).range()).hasToString("10.0.0.0/24");
  }

  @Test
  void refuses_what_is_no_address_with_the_reason() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 10.0.3.0/24
            gateway: 10.0.3.1
            reserved:
            - 10.0.3.9-10.0.3.2   #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[0]: 10.0.3.9-10.0.3.2: runs backwards; write 10.0.3.2-10.0.3.9; BOSH accepts this silently, but takes no address from it
            - 10.0.3.9 - ::ffff   #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[1]: 10.0.3.9 - ::ffff: starts as IPv4 and ends as IPv6; use two addresses of one family; BOSH accepts this silently, but takes no address from it
            - 10.0.3.1-10.0.3.2-10.0.3.3 #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[2]: 10.0.3.1-10.0.3.2-10.0.3.3: ...
            - 10.0.3.0/24-10.0.3.9 #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[3]: 10.0.3.0/24-10.0.3.9: the first address "10.0.3.0/24" ...
            - 010.0.3.2           #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[4]: 010.0.3.2: ...
            - 10.0.3              #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[5]: 10.0.3: ...
            - fe80::1%eth0        #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[6]: "fe80::1%eth0": ...
            - ""                  #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[7]: "": is empty...
            - {a: b}              #! ValidationInvalidType networks[0].subnets[0].reserved[8]: a mapping: stands where an address, a range or a prefix is expected; write it behind the key or the hyphen
            - 5                   #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[9]: 5: ...
        """);
  }

  @Test
  void takes_reserved_and_static_in_every_form() {
    Subnet subnet =
        subnet(
            """
            networks:
            - name: a
              subnets:
              - range: 10.0.3.0/24
                gateway: 10.0.3.1
                reserved: [10.0.3.64-10.0.3.99, [10.0.3.200 - 10.0.3.215, ~], 10.0.3.128/28]
                static: 10.0.3.10-10.0.3.12
            """,
            0);

    assertThat(subnet.reserved())
        .hasToString("{10.0.3.64-10.0.3.99, 10.0.3.128-10.0.3.143, 10.0.3.200-10.0.3.215}");
    assertThat(subnet.statics()).hasToString("{10.0.3.10-10.0.3.12}");
    assertThat(subnet.restricted().prefixes().toString())
        .isEqualTo(
            "[10.0.3.0/31, 10.0.3.64/27, 10.0.3.96/30, 10.0.3.128/28, 10.0.3.200/29, "
                + "10.0.3.208/29, 10.0.3.255/32]");
  }

  @Test
  void refuses_reserved_addresses_outside_the_range_naming_the_block() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 10.0.3.0/24
            gateway: 10.0.3.1
            reserved:
            - 10.0.4.7             #! NetworkReservedIpOutOfRange networks[0].subnets[0].reserved[0]: 10.0.4.7: is outside range 10.0.3.0/24; reserve addresses inside it
            - 10.0.3.200-10.0.4.5  #! NetworkReservedIpOutOfRange networks[0].subnets[0].reserved[1]: 10.0.3.200-10.0.4.5: 10.0.4.0/30 is outside range 10.0.3.0/24; reserve addresses inside it
            - 10.0.0.0/8           #! NetworkReservedIpOutOfRange networks[0].subnets[0].reserved[2]: 10.0.0.0/8: 10.0.0.0/23 is outside range 10.0.3.0/24; reserve addresses inside it
            - 2001:db8::1          #! NetworkReservedIpOutOfRange networks[0].subnets[0].reserved[3]: 2001:db8::1: is outside range 10.0.3.0/24; reserve addresses inside it
        """);
  }

  @Test
  void refuses_static_addresses_that_are_never_handed_out() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 192.168.0.0/24
            gateway: 192.168.0.1
            reserved: [192.168.0.5 - 192.168.0.10]
            static:
            - 192.168.0.0    #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[0]: 192.168.0.0: is the first address of range 192.168.0.0/24; use others for static addresses
            - 192.168.0.1    #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[1]: 192.168.0.1: is the gateway; use others for static addresses
            - 192.168.0.2-192.168.0.7 #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[2]: 192.168.0.2-192.168.0.7: 192.168.0.5 is in 192.168.0.5 - 192.168.0.10, which is reserved (line 6); use others for static addresses
            - 192.168.0.255  #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[3]: 192.168.0.255: is the last address of range 192.168.0.0/24; use others for static addresses
            - 192.168.1.1    #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[4]: 192.168.1.1: is outside range 192.168.0.0/24; use addresses inside it
            - 192.168.0.128/24 #? NetworkHostBitsSet networks[0].subnets[0].static[5]: 192.168.0.128/24: has host bits, which are dropped as BOSH drops them; write 192.168.0.0/24 #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[5]: 192.168.0.128/24: 192.168.0.0 is the first address of range 192.168.0.0/24; use others for static addresses
            - 192.168.0.250-192.168.1.2 #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[6]: 192.168.0.250-192.168.1.2: 192.168.1.0/31 is outside range 192.168.0.0/24; use addresses inside it
        """);
  }

  @Test
  void takes_what_is_never_handed_out_anyway_as_reserved_as_well() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 192.168.0.0/24
            gateway: 192.168.0.1
            reserved: [192.168.0.0, 192.168.0.1, 192.168.0.255, 192.168.0.0/29, 192.168.0.2]
        """);
  }

  @Test
  void keeps_large_static_ranges_as_ranges() {
    String config =
        """
        networks:
        - name: a
          subnets:
          - range: 2001:db8::/32
            gateway: 2001:db8::1
            static: ["2001:db8:8000::/34", "2001:db8:4000:: - 2001:db8:4fff:ffff:ffff:ffff:ffff:ffff"]
        """;

    assertThat(subnet(config, 0).statics().prefixes())
        .hasToString("[2001:db8:4000::/36, 2001:db8:8000::/34]");
  }

  @Test
  void keeps_the_directors_own_addresses_of_the_same_family_and_range() {
    String config =
        """
        networks:
        - name: four
          subnets:
          - {range: 10.0.0.0/24, gateway: 10.0.0.1}
        - name: six
          subnets:
          - {range: "2001:db8::/64", gateway: "2001:db8::1"}
        """;
    String[] director = {"10.0.0.6", "10.9.9.9", "2001:db8::6", "192.168.0.0/16"};

    var networks = Annotated.read(config, null, director).networks().manual();

    assertThat(networks.get(0).subnets().get(0).reserved()).hasToString("{10.0.0.6}");
    assertThat(networks.get(1).subnets().get(0).reserved()).hasToString("{2001:db8::6}");
    assertThat(
            Annotated.findings(
                config.replace("10.0.0.1}", "10.0.0.1, static: [10.0.0.6]}"), null, director))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.code()).isEqualTo("NetworkStaticIpOutOfRange");
              assertThat(found.message())
                  .isEqualTo(
                      "10.0.0.6: is an address of the director; use others for static addresses");
            });
  }

  @Test
  void refuses_overlapping_subnets_wherever_they_stand() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - {range: 10.0.0.0/24, gateway: 10.0.0.1}
          - {range: 10.1.0.0/24, gateway: 10.1.0.1}
          - {range: 10.0.0.0/16, gateway: 10.0.0.1}  #! NetworkOverlappingSubnets networks[0].subnets[2].range: 10.0.0.0/16: overlaps 10.0.0.0/24 of networks[0].subnets[0] (line 4); give each subnet addresses of its own
          - {range: 10.1.0.0/24, gateway: 10.1.0.1}  #! NetworkOverlappingSubnets networks[0].subnets[3].range: 10.1.0.0/24: overlaps 10.1.0.0/24 of networks[0].subnets[1] (line 5); give each subnet addresses of its own
          - {range: 10.0.7.128/25, gateway: 10.0.7.129} #! NetworkOverlappingSubnets networks[0].subnets[4].range: 10.0.7.128/25: overlaps 10.0.0.0/16 of networks[0].subnets[2] (line 6); give each subnet addresses of its own
          - {range: 10.2.0.0/24, gateway: 10.2.0.1}
        """);
  }

  @Test
  void lets_networks_overlap_one_another() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - {range: 10.0.0.0/24, gateway: 10.0.0.1}
        - name: b
          subnets:
          - {range: 10.0.0.0/16, gateway: 10.0.0.1}
        """);
  }

  @Test
  void refuses_two_families_or_two_sizes_in_one_network() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - {range: 10.0.0.0/24, gateway: 10.0.0.1}
          - {range: "2001:db8::/64", gateway: "2001:db8::1"} #! NetworkPrefixSizesDiffer networks[0].subnets[1]: 128: IPv6 subnet networks[0].subnets[1] hands out /128, but IPv4 subnet networks[0].subnets[0] hands out /32 (line 4); make it a network of its own, and let both share a nic_group
        - name: b
          subnets:
          - {range: 10.0.0.0/24, gateway: 10.0.0.1, prefix: 28}
          - range: 10.0.1.0/24
            gateway: 10.0.1.1
            prefix: 27  #! NetworkPrefixSizesDiffer networks[1].subnets[1].prefix: 27: IPv4 subnet networks[1].subnets[1] hands out /27, but IPv4 subnet networks[1].subnets[0] hands out /28 (line 8); use one size in a network
        """);
  }

  @Test
  void refuses_zones_that_are_unknown_doubled_empty_or_on_some_subnets_only() {
    Annotated.check(
        """
        azs: [{name: z1}, {name: z2}]
        networks:
        - name: a
          subnets:
          - {range: 10.0.0.0/24, gateway: 10.0.0.1, az: z9} #! NetworkSubnetUnknownAvailabilityZone networks[0].subnets[0].az: z9: is no availability zone of this cloud config; did you mean z1?
          - {range: 10.0.1.0/24, gateway: 10.0.1.1, azs: [z1, eu-west]} #! NetworkSubnetUnknownAvailabilityZone networks[0].subnets[1].azs[1]: eu-west: is no availability zone of this cloud config; add it to azs of the cloud config
          - {range: 10.0.2.0/24, gateway: 10.0.2.1, az: z1, azs: [z2]} #! NetworkInvalidProperty networks[0].subnets[2].azs: azs: stands beside az; keep one of them
          - {range: 10.0.3.0/24, gateway: 10.0.3.1, azs: []} #! NetworkInvalidProperty networks[0].subnets[3].azs: azs: is an empty list; name the zones, or leave it out to serve all
          - {range: 10.0.4.0/24, gateway: 10.0.4.1, azs: z1} #! ValidationInvalidType networks[0].subnets[4].azs: z1: is text to BOSH where a list is expected; write each item behind a hyphen
          - {range: 10.0.5.0/24, gateway: 10.0.5.1, az: on} #! ValidationInvalidType networks[0].subnets[5].az: on: is true to BOSH where text is expected; put it in quotes
          - {range: 10.0.6.0/24, gateway: 10.0.6.1, azs: [1]} #! ValidationInvalidType networks[0].subnets[6].azs[0]: 1: is the number 1 to BOSH where the name of a zone is expected; put it in quotes
        - name: b
          subnets:
          - {range: 10.0.0.0/24, gateway: 10.0.0.1, az: z1}
          - {range: 10.0.1.0/24, gateway: 10.0.1.1} #! JobInvalidAvailabilityZone networks[1].subnets[1].azs: azs: is missing here, but networks[1].subnets[0] names zones (line 14); name them on all subnets or on none
        """);
  }

  @Test
  void refuses_networks_without_name_type_or_subnets() {
    Annotated.check(
        """
        networks:
        - subnets:     #! ValidationMissingField networks[0].name: name: is missing; name the network
          - {range: 10.0.0.0/24, gateway: 10.0.1.1} #! NetworkInvalidGateway networks[0].subnets[0].gateway: 10.0.1.1: is outside range 10.0.0.0/24; use an address inside it
        - name: b      #! ValidationMissingField networks[1].subnets: subnets: is missing; a manual network needs at least one subnet
        - name: c
          subnets: []  #! NetworkInvalidProperty networks[2].subnets: subnets: is an empty list; a manual network needs at least one subnet
        - name: d
          subnets: {range: 10.0.0.0/24} #! ValidationInvalidType networks[3].subnets: a mapping: stands where a list is expected; write each item behind a hyphen
        - name: e
          type: manuel #! DeploymentInvalidNetworkType networks[4].type: manuel: is no type of network; use manual, dynamic or vip. did you mean manual?
        - 7            #! ValidationInvalidType networks[5]: 7: is the number 7 to BOSH where a mapping is expected; write its fields below it
        - name: on     #! ValidationInvalidType networks[6].name: on: is true to BOSH where text is expected; put it in quotes
          type: vip
        - name: 010    #! ValidationInvalidType networks[7].name: 010: is the number 8 to BOSH where text is expected; put it in quotes
          type: vip
        - {name: 7, type: vip}
        - {name: "", type: vip} #! ValidationInvalidValue networks[9].name: "": is an empty text; name the network
        """);
  }

  @Test
  void refuses_names_that_dns_cannot_tell_apart() {
    Annotated.check(
        """
        networks:
        - {name: Cell_Net, type: vip}
        - {name: cell-net, type: vip} #! DeploymentCanonicalNetworkNameTaken networks[1].name: cell-net: is taken by networks[0] (line 2), also if only case or underscores differ; rename one
        - {name: a, type: vip}
        - {name: a, type: vip}        #! DeploymentCanonicalNetworkNameTaken networks[3].name: a: is taken by networks[2] (line 4), also if only case or underscores differ; rename one
        - {name: _b, type: vip}       #! DnsInvalidCanonicalName networks[4].name: _b: becomes "-b" in DNS, where a label starts and ends with a letter or digit; rename it
        """);
  }

  @Test
  void takes_a_managed_network_with_a_range_as_it_is() {
    String config =
        """
        networks:
        - name: a
          managed: yes #? IgnoredKey networks[0].managed: managed: only a director creates networks; the subnets are taken as they are given, and have to exist before machines do
          subnets:
          - {name: s1, range: 10.0.0.0/24, netmask_bits: 24}
        """;

    Annotated.check(config);
    assertThat(subnet(config, 0).gatewayAddress()).isEmpty();
    Annotated.check(
        """
        networks:
        - name: a
          managed: true #? IgnoredKey networks[0].managed: managed: only a director creates networks; the subnets are taken as they are given, and have to exist before machines do
          subnets:
          - netmask_bits: 24 #! ValidationMissingField networks[0].subnets[0].name: name: is missing; a subnet of a managed network needs a name #! ValidationMissingField networks[0].subnets[0].range: range: is missing; ranges that a director would choose are not supported; write the one it chose
        - name: b
          managed: "yes" #! ValidationInvalidType networks[1].managed: yes: is text to BOSH where a boolean is expected; write true or false without quotes
          subnets:
          - range: 10.0.0.0/24
            gateway: 10.0.0.1
            netmask_bits: 24 #? IgnoredKey networks[1].subnets[0].netmask_bits: netmask_bits: has an effect on managed networks only; remove it
        """);
  }

  @Test
  void warns_of_keys_without_effect_and_names_the_nearest() {
    Annotated.check(
        """
        networks:
        - name: a
          prefix: 80       #? IgnoredKey networks[0].prefix: prefix: has no effect on a manual network itself; move it into each of its subnets
          subnet: []       #? UnknownKey networks[0].subnet: subnet: is no key of a manual network and has no effect; did you mean subnets?
          subnets:
          - range: 10.0.0.0/24
            gateway: 10.0.0.1
            resreved: []   #? UnknownKey networks[0].subnets[0].resreved: resreved: is no key of a subnet of a manual network and has no effect; did you mean reserved?
            ipv6_prefix_delegation_siz: 80 #? UnknownKey networks[0].subnets[0].ipv6_prefix_delegation_siz: ipv6_prefix_delegation_siz: is no key of a subnet of a manual network and has no effect; did you mean ipv6_prefix_delegation_size?
            colour: blue   #? UnknownKey networks[0].subnets[0].colour: colour: is no key of a subnet of a manual network and has no effect; remove it, or move it where it belongs
        """);
  }

  @Test
  void refuses_an_ipv4_address_in_ipv6_notation() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 2001:db8::/64
            gateway: 2001:db8::1
            dns: ["::ffff:10.0.0.1"] #! NetworkInvalidDns networks[0].subnets[0].dns[0]: ::ffff:10.0.0.1: ...
        """);
  }

  @Test
  void reads_every_notation_of_an_address_as_the_same() {
    Subnet subnet =
        subnet(
            """
            networks:
            - name: a
              subnets:
              - range: 2001:DB8:4E04:D139:0:0:0:0/64
                gateway: 2001:0DB8:4E04:D139:0000:0000:0000:0001
            """,
            0);

    assertThat(subnet.range()).hasToString("2001:db8:4e04:d139::/64");
    assertThat(subnet.gateway()).isEqualTo(IpAddress.parse("2001:db8:4e04:d139::1"));
    assertThat(subnet.reserved()).isEqualTo(IpSet.empty());
  }

  static Subnet subnet(String cloudConfig, int index) {
    return Annotated.read(cloudConfig, null).networks().manual().get(0).subnets().get(index);
  }
}
