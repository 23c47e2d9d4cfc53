package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.director.Deployment;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.NetworkUse;
import io.dualstack.host.DefaultFor;
import io.dualstack.net.IpRange;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a director refuses in manifests, and what it should. */
class ManifestTest {

  static final String CLOUD_CONFIG =
      """
      azs: [{name: z1}, {name: z2}, {name: z3}]
      networks:
      - name: four
        subnets:
        - {range: 10.0.1.0/24, gateway: 10.0.1.1, az: z1, static: [10.0.1.10-10.0.1.29]}
        - {range: 10.0.2.0/24, gateway: 10.0.2.1, azs: [z2], static: [10.0.2.10-10.0.2.29]}
      - name: six
        subnets:
        - {range: "2001:db8:1::/64", gateway: "2001:db8:1::1", azs: [z1, z2]}
      - name: cells
        subnets:
        - range: 2001:db8:2::/64
          gateway: 2001:db8:2::1
          azs: [z1, z2]
          prefix: 80
          static: ["2001:db8:2:0:5::-2001:db8:2:0:9::"]
      - name: everywhere
        subnets:
        - {range: 10.1.0.0/16, gateway: 10.1.0.1}
      - {name: dyn, type: dynamic, subnets: [{azs: [z1, z2]}]}
      - {name: floating, type: vip}
      - {name: pool, type: vip, subnets: [{static: [203.0.113.1-203.0.113.9]}]}
      """;

  @Test
  void is_read_into_groups_and_their_networks() {
    Deployment deployment =
        Annotated.read(
            CLOUD_CONFIG,
            """
            name: cf
            releases: [{name: diego}]
            instance_groups:
            - name: diego_cell
              instances: 3
              azs: [z1, z2, z1]
              env: {bosh: {ipv6: {enable: on}}}
              networks:
              - {name: four, default: [dns, gateway], nic_group: 1}
              - {name: six, nic_group: "1"}
              - {name: cells, nic_group: 1, ipv6_prefix_delegation_size: 96}
              - {name: floating, static_ips: [203.0.113.20-203.0.113.21, 203.0.113.30], nic_group: 1}
            - name: api
              instances: 2
              azs: [z2]
              networks:
              - {name: four, static_ips: [10.0.2.10 - 10.0.2.11]}
            - name: none
              instances: 0
              networks: [{name: everywhere}]
            """);

    assertThat(deployment.name()).isEqualTo("cf");
    assertThat(deployment.warnings()).isEmpty();
    assertThat(deployment.groups())
        .containsExactly(
            new InstanceGroup(
                "diego_cell",
                3,
                List.of("z1", "z2"),
                List.of(
                    new NetworkUse(
                        "four", Set.of(DefaultFor.DNS, DefaultFor.GATEWAY), List.of(), 1, null),
                    new NetworkUse("six", Set.of(), List.of(), 1, null),
                    new NetworkUse("cells", Set.of(), List.of(), 1, 96),
                    new NetworkUse(
                        "floating",
                        Set.of(),
                        List.of(
                            IpRange.parse("203.0.113.20-203.0.113.21"),
                            IpRange.parse("203.0.113.30")),
                        1,
                        null)),
                true),
            new InstanceGroup(
                "api",
                2,
                List.of("z2"),
                List.of(
                    new NetworkUse(
                        "four",
                        Set.of(DefaultFor.DNS, DefaultFor.GATEWAY),
                        List.of(IpRange.parse("10.0.2.10-10.0.2.11")),
                        null,
                        null)),
                false),
            new InstanceGroup(
                "none",
                0,
                List.of(),
                List.of(
                    new NetworkUse(
                        "everywhere",
                        Set.of(DefaultFor.DNS, DefaultFor.GATEWAY),
                        List.of(),
                        null,
                        null)),
                false));
  }

  @Test
  void names_static_prefixes_by_their_first_addresses() {
    Deployment deployment =
        Annotated.read(
            CLOUD_CONFIG,
            """
            name: cf
            instance_groups:
            - name: cell
              instances: 4
              azs: [z1]
              networks:
              - {name: six, nic_group: 1, default: [dns, gateway]}
              - {name: cells, nic_group: 1, static_ips: ["2001:db8:2:0:5::-2001:db8:2:0:7::", "2001:db8:2:0:9::/80"]}
            """);

    assertThat(deployment.groups().get(0).networks().get(1).staticIps())
        .extracting(IpRange::toString)
        .containsExactly(
            "2001:db8:2:0:5::", "2001:db8:2:0:6::", "2001:db8:2:0:7::", "2001:db8:2:0:9::");
  }

  @Test
  void refuses_manifests_of_the_first_version_and_what_belongs_into_the_cloud_config() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        networks: []       #! V1DeprecatedNetworks networks: networks: is of the first version of manifests, which directors don't take any more; define them in the cloud config
        jobs: []           #! V1DeprecatedJob jobs: jobs: is of the first version of manifests, which directors don't take any more; use instance_groups
        resource_pools: [] #! V1DeprecatedResourcePools resource_pools: resource_pools: is of the first version of manifests, which directors don't take any more; define them in the cloud config
        disk_pools: []     #! V1DeprecatedDiskPools disk_pools: disk_pools: is of the first version of manifests, which directors don't take any more; define them in the cloud config
        azs: []            #! DeploymentInvalidProperty azs: azs: belongs into the cloud config; move it there
        vm_types: []       #! DeploymentInvalidProperty vm_types: vm_types: belongs into the cloud config; move it there
        disk_types: []     #! DeploymentInvalidProperty disk_types: disk_types: belongs into the cloud config; move it there
        compilation: {}    #! DeploymentInvalidProperty compilation: compilation: belongs into the cloud config; move it there
        name: a/b          #! ValidationInvalidValue name: a/b: has a slash or a control character; rename it
        """);
    Annotated.check(
        CLOUD_CONFIG,
        "instance_groups: {} #! ValidationMissingField name: name: is missing; name the deployment"
            + " #! ValidationInvalidType instance_groups: a mapping: stands where a list is"
            + " expected; write each item behind a hyphen");
  }

  @Test
  void refuses_groups_that_are_incomplete_or_of_wrong_types() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - instances: 1       #! ValidationMissingField instance_groups[0].name: name: is missing; name the instance group
          networks: [{name: everywhere}]
        - name: a            #! ValidationMissingField instance_groups[1].instances: instances: is missing; say how many instances there are
          networks: [{name: everywhere}]
        - name: b
          instances: "1"     #! ValidationInvalidType instance_groups[2].instances: 1: is text to BOSH where a whole number is expected; write it in decimal without quotes
          networks: [{name: everywhere}]
        - name: c
          instances: -1      #! ValidationViolatedMin instance_groups[3].instances: -1: is no number of instances; use 0 to 1000000
          networks: []       #! JobMissingNetwork instance_groups[3].networks: networks: is an empty list; an instance group needs at least one network
        - name: d            #! ValidationMissingField instance_groups[4].networks: networks: is missing; an instance group needs at least one network
          instances: 1000001 #! ValidationViolatedMax instance_groups[4].instances: 1000001: is no number of instances; use 0 to 1000000
        - name: e
          instances: 010     #? YamlReadsDifferently instance_groups[5].instances: 010: is read as 8, as BOSH does; write 8
          env: {bosh: {ipv6: {enable: "true"}}} #! ValidationInvalidType instance_groups[5].env.bosh.ipv6.enable: true: is text to BOSH where a boolean is expected; write true or false without quotes
          networks: [everywhere] #! ValidationInvalidType instance_groups[5].networks[0]: everywhere: is text to BOSH where a mapping is expected; write its fields below it
        - just text          #! ValidationInvalidType instance_groups[6]: "just text": is text to BOSH where a mapping is expected; write its fields below it
        - name: f
          instances: 1
          env: ~             #! ValidationInvalidType instance_groups[7].env: "~": is nothing to BOSH where a mapping is expected; write its fields below it
          networks: [{nam: everywhere}] #! ValidationMissingField instance_groups[7].networks[0].name: name: is missing; name a network of the cloud config #? UnknownKey instance_groups[7].networks[0].nam: nam: is no key of a network of an instance group and has no effect; did you mean name?
        """);
  }

  @Test
  void refuses_group_names_that_dns_or_owners_cannot_have() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - {name: api_z, instances: 1, networks: [{name: everywhere}]}
        - {name: Api-Z, instances: 1, networks: [{name: everywhere}]} #! DeploymentCanonicalJobNameTaken instance_groups[1].name: Api-Z: is taken by instance_groups[0] (line 3), also if only case or underscores differ; rename one
        - {name: a/b, instances: 1, networks: [{name: everywhere}]}   #! ValidationInvalidValue instance_groups[2].name: a/b: has a slash or a control character; rename it
        - {name: "-", instances: 1, networks: [{name: everywhere}]}   #! DnsInvalidCanonicalName instance_groups[3].name: -: becomes "-" in DNS, where a label starts and ends with a letter or digit; rename it
        """);
  }

  @Test
  void refuses_networks_that_are_unknown_or_named_twice() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 1
          networks:
          - {name: everywher, default: [dns, gateway]} #! JobUnknownNetwork instance_groups[0].networks[0].name: everywher: is no network of the cloud config; did you mean everywhere?
          - {name: somewhere-else}                     #! JobUnknownNetwork instance_groups[0].networks[1].name: somewhere-else: is no network of the cloud config; define it there
          - name: everywhere
          - name: everywhere  #! JobDuplicateNetwork instance_groups[0].networks[3].name: everywhere: is a network of this group already (line 8); BOSH accepts this silently, but one of the two is lost: name it once
        """);
  }

  @Test
  void knows_a_network_that_is_broken_itself() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets: [{range: 10.0.0.0/24, gateway: 10.0.1.1}] #! NetworkInvalidGateway networks[0].subnets[0].gateway: 10.0.1.1: is outside range 10.0.0.0/24; use an address inside it
        """,
        """
        name: cf
        instance_groups:
        - {name: g, instances: 1, networks: [{name: a, static_ips: [10.0.0.9]}]}
        - {name: h, instances: 1, networks: [{name: b}]} #! JobUnknownNetwork instance_groups[1].networks[0].name: b: is no network of the cloud config; did you mean a?
        """);
  }

  @Test
  void refuses_defaults_that_are_unknown_doubled_or_missing() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gatway]} #! JobNetworkInvalidDefault instance_groups[0].networks[0].default[1]: gatway: is nothing that a network is the default for; use dns, gateway or addressable. did you mean gateway?
          - {name: six, default: [dns, gateway, addressable]} #! JobNetworkMultipleDefaults instance_groups[0].networks[1].default[0]: dns: network four is the default for it already (line 7); choose one
        - name: b
          instances: 1
          azs: [z1]
          networks: #! JobNetworkMissingDefault instance_groups[1].networks: networks: none of the 2 is the default for gateway; add default: [gateway] to one
          - {name: four, default: [dns]}
          - {name: six, default: []}
        - name: c
          instances: 1
          azs: [z1]
          networks: #! JobNetworkMissingDefault instance_groups[2].networks: networks: none of the 2 is the default for dns and gateway; add default: [dns, gateway] to one
          - {name: four}
          - {name: six, default: dns} #! ValidationInvalidType instance_groups[2].networks[1].default: dns: is text to BOSH where a list is expected; write each item behind a hyphen
        """);
  }

  @Test
  void lets_neither_a_floating_address_nor_a_delegated_prefix_be_the_default() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns], nic_group: 1}
          - {name: pool, default: [addressable]} #! NetworkReservationVipDefaultProvided instance_groups[0].networks[1].default[0]: addressable: network pool is a vip network, which can't be the default for anything; remove it
          - {name: cells, default: [gateway], nic_group: 1} #! JobNetworkInvalidDefault instance_groups[0].networks[2].default[0]: gateway: network cells hands out delegated prefixes (/80), which are for what runs on a machine and not for the machine itself; make a network with single addresses the default
        - name: b
          instances: 1
          networks: [{name: pool}] #! NetworkReservationVipDefaultProvided instance_groups[1].networks[0].name: pool: is the only network, but a vip network has neither gateway nor DNS; add a manual or dynamic one
        """);
  }

  @Test
  void refuses_zones_that_are_unknown_or_not_served() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - {name: a, instances: 1, azs: [], networks: [{name: everywhere}]} #! JobMissingAvailabilityZones instance_groups[0].azs: azs: is an empty list; name the zones, or leave it out
        - {name: b, instances: 1, azs: [1, on, z9], networks: [{name: everywhere}]} #! JobInvalidAvailabilityZone instance_groups[1].azs[0]: 1: is the number 1 where the name of a zone is expected; put it in quotes #! JobInvalidAvailabilityZone instance_groups[1].azs[1]: on: is true where the name of a zone is expected; put it in quotes #! JobUnknownAvailabilityZone instance_groups[1].azs[2]: z9: is no availability zone of the cloud config; did you mean z1?
        - {name: c, instances: 1, networks: [{name: four}]} #! JobNetworkMissingRequiredAvailabilityZone instance_groups[2].azs: azs: is missing, but network four serves only z1 and z2; name the zones of the group
        - {name: d, instances: 1, azs: [z2, z3], networks: [{name: four}]} #! JobNetworkMissingRequiredAvailabilityZone instance_groups[3].networks[0].name: four: has no subnet in z3, only in z1 and z2; add one, or remove the zone from the group
        - {name: e, instances: 1, azs: [z1], networks: [{name: everywhere}]} #! JobNetworkMissingRequiredAvailabilityZone instance_groups[4].networks[0].name: everywhere: names no zones on its subnets, but the group is in z1; name them there too
        - {name: f, instances: 1, azs: [z3], networks: [{name: dyn}]} #! JobNetworkMissingRequiredAvailabilityZone instance_groups[5].networks[0].name: dyn: has no subnet in z3, only in z1 and z2; add one, or remove the zone from the group
        """);
  }

  @Test
  void refuses_static_addresses_that_do_not_match_the_instances() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 3
          azs: [z1]
          networks: [{name: four, static_ips: [10.0.1.10-10.0.1.11]}] #! InstanceGroupNetworkInstanceIpMismatch instance_groups[0].networks[0].static_ips: static_ips: the addresses of network four are 2, but the instances are 3; name one for each instance
        - name: b
          instances: 1
          azs: [z1]
          networks: [{name: four, static_ips: []}] #! InstanceGroupNetworkInstanceIpMismatch instance_groups[1].networks[0].static_ips: static_ips: the addresses of network four are 0, but the instances are 1; name one for each instance
        - name: c
          instances: 1
          azs: [z1]
          networks: [{name: four, static_ips: ~}]
        - name: d
          instances: 1
          azs: [z1]
          networks: [{name: four, static_ips: 10.0.1.40}] #! InstanceGroupNetworkInstanceIpMismatch instance_groups[3].networks[0].static_ips: 10.0.1.40: is in the static range of no subnet of network four; add it there, or use another
        - name: e
          instances: 3
          azs: [z1]
          networks: [{name: four, static_ips: [10.0.1.28-10.0.1.30]}] #! InstanceGroupNetworkInstanceIpMismatch instance_groups[4].networks[0].static_ips[0]: 10.0.1.28-10.0.1.30: 10.0.1.30 is in the static range of no subnet of network four; add it there, or use another
        - name: f
          instances: 1
          azs: [z1]
          networks: [{name: four, static_ips: [10.0.2.20]}] #! JobStaticIpsFromInvalidAvailabilityZone instance_groups[5].networks[0].static_ips[0]: 10.0.2.20: is in subnet 10.0.2.0/24, which serves z2, and the group is in z1; use an address of its zones
        - name: g
          instances: 1
          azs: [z1]
          networks: [{name: dyn, static_ips: [10.0.2.20]}] #! JobStaticIPNotSupportedOnDynamicNetwork instance_groups[6].networks[0].static_ips: static_ips: dyn is a dynamic network, whose addresses the infrastructure chooses; remove it
        - name: h
          instances: 1
          azs: [z1]
          networks: [{name: four, static_ips: [10.0.2]}] #! NetworkInvalidIpRangeFormat instance_groups[7].networks[0].static_ips[0]: 10.0.2: ...
        - name: i
          instances: 1
          azs: [z1]
          networks: [{name: six, static_ips: ["2001:db8:1::/65"]}] #! InstanceGroupNetworkInstanceIpMismatch instance_groups[8].networks[0].static_ips[0]: 2001:db8:1::/65: 2001:db8:1:: is in the static range of no subnet of network six; add it there, or use another
        """);
  }

  @Test
  void refuses_static_addresses_that_can_not_be_spread_evenly_over_the_zones() {
    Annotated.check(
        """
        azs: [{name: z1}, {name: z2}, {name: z3}]
        networks:
        - name: a
          subnets:
          - {range: 10.0.1.0/24, gateway: 10.0.1.1, az: z1, static: [10.0.1.10-10.0.1.29]}
          - {range: 10.0.2.0/24, gateway: 10.0.2.1, az: z2, static: [10.0.2.10-10.0.2.29]}
        - name: b
          subnets:
          - {range: 10.1.1.0/24, gateway: 10.1.1.1, az: z1, static: [10.1.1.10-10.1.1.29]}
          - {range: 10.1.2.0/24, gateway: 10.1.2.1, azs: [z1, z2], static: [10.1.2.10-10.1.2.29]}
          - {range: 10.1.3.0/24, gateway: 10.1.3.1, azs: [z3, z2], static: [10.1.3.10-10.1.3.29]}
        - name: c
          subnets:
          - range: 2001:db8::/64
            gateway: 2001:db8::1
            prefix: 80
            azs: [z1, z2, z3]
            static: ["2001:db8:0:0:1::-2001:db8:0:0:9::"]
        """,
        """
        name: cf
        instance_groups:
        - name: fewer-in-one-zone
          instances: 2
          azs: [z1, z2]
          networks:
          - {name: a, default: [dns, gateway], static_ips: [10.0.1.10, 10.0.2.10]}
          - {name: b, static_ips: [10.1.1.10-10.1.1.11]} #! InstanceGroupNetworkInstanceIpMismatch instance_groups[0].networks[1].static_ips: static_ips: can't be spread evenly over the zones of the group: a has 1 in z1 and 1 in z2, b has 2 in z1; name as many addresses of each network in each zone
        - name: one-of-two-zones
          instances: 2
          azs: [z1, z2]
          networks:
          - {name: a, nic_group: 1, default: [dns, gateway], static_ips: [10.0.1.12, 10.0.2.12]}
          - {name: c, nic_group: 1, static_ips: ["2001:db8:0:0:1::-2001:db8:0:0:2::"]}
          - {name: b, static_ips: [10.1.1.12, 10.1.2.12]}
        - name: too-many-behind-overlapping-zones
          instances: 3
          azs: [z1, z2]
          networks:
          - {name: b, nic_group: 1, default: [dns, gateway], static_ips: [10.1.1.13, 10.1.2.13, 10.1.2.14]}
          - {name: c, nic_group: 1, static_ips: ["2001:db8:0:0:3::-2001:db8:0:0:5::"]}
          - name: a
            static_ips: [10.0.2.13-10.0.2.15] #! InstanceGroupNetworkInstanceIpMismatch instance_groups[2].networks[2].static_ips: static_ips: can't be spread evenly over the zones of the group: b has 1 in z1 and 2 in z1 or z2, c has 3 in z1 or z2, a has 3 in z2; name as many addresses of each network in each zone
        - name: only-zones-of-the-group-count
          instances: 2
          azs: [z2]
          networks:
          - {name: a, default: [dns, gateway], static_ips: [10.0.2.16-10.0.2.17]}
          - {name: b, static_ips: [10.1.2.16, 10.1.3.16]}
        - name: one-network
          instances: 3
          azs: [z1, z2]
          networks: [{name: a, static_ips: [10.0.1.18-10.0.1.20]}]
        """);
  }

  @Test
  void refuses_static_addresses_of_the_other_family() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], nic_group: 1, static_ips: ["2001:db8:1::9"]} #! InstanceGroupNetworkInstanceIpMismatch instance_groups[0].networks[0].static_ips[0]: 2001:db8:1::9: is in the static range of no subnet of network four; add it there, or use another
          - {name: six, nic_group: 1, static_ips: 10.0.1.10}  #! InstanceGroupNetworkInstanceIpMismatch instance_groups[0].networks[1].static_ips: 10.0.1.10: is in the static range of no subnet of network six; add it there, or use another
          - {name: cells, nic_group: 1, static_ips: 10.0.1.11} #! InstanceGroupNetworkInstanceIpMismatch instance_groups[0].networks[2].static_ips: 10.0.1.11: is in the static range of no subnet of network cells; add it there, or use another
        """);
  }

  @Test
  void refuses_one_static_address_for_two_instances_wherever_they_are() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 4
          azs: [z1]
          networks: [{name: four, static_ips: [10.0.1.10 - 10.0.1.12, 10.0.1.12]}] #! JobInvalidStaticIPs instance_groups[0].networks[0].static_ips[1]: 10.0.1.12: is static already in instance_groups[0].networks[0].static_ips[0] (line 6); give each instance addresses of its own
        - name: b
          instances: 2
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], static_ips: [10.0.1.9-10.0.1.10]} #! InstanceGroupNetworkInstanceIpMismatch instance_groups[1].networks[0].static_ips[0]: 10.0.1.9-10.0.1.10: 10.0.1.9 is in the static range of no subnet of network four; add it there, or use another #! JobInvalidStaticIPs instance_groups[1].networks[0].static_ips[0]: 10.0.1.9-10.0.1.10: is static already in instance_groups[0].networks[0].static_ips[0] (line 6); give each instance addresses of its own
          - {name: floating, static_ips: [10.0.1.20, 203.0.113.1]}
        - name: c
          instances: 1
          azs: [z1]
          networks: [{name: four, static_ips: [10.0.1.20]}] #! JobInvalidStaticIPs instance_groups[2].networks[0].static_ips[0]: 10.0.1.20: is static already in instance_groups[1].networks[1].static_ips[0] (line 12); give each instance addresses of its own
        """);
  }

  @Test
  void refuses_floating_addresses_said_twice_or_not_at_all() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 2
          networks:
          - {name: everywhere, default: [dns, gateway]}
          - {name: pool, static_ips: [203.0.113.1-203.0.113.2]} #! NetworkReservationVipMisconfigured instance_groups[0].networks[1].static_ips: static_ips: vip network pool has addresses in the cloud config, from which they are chosen; keep them there or here
          - {name: floating} #! NetworkReservationVipMisconfigured instance_groups[0].networks[2].static_ips: static_ips: is missing, and vip network floating has no addresses in the cloud config; name one for each instance
        - name: b
          instances: 2
          networks:
          - {name: everywhere, default: [dns, gateway]}
          - {name: floating, static_ips: [203.0.113.1]} #! InstanceGroupNetworkInstanceIpMismatch instance_groups[1].networks[1].static_ips: static_ips: the addresses of network floating are 1, but the instances are 2; name one for each instance
        - name: c
          instances: 0
          networks:
          - {name: everywhere, default: [dns, gateway]}
          - {name: floating}
        """);
  }

  @Test
  void refuses_static_prefixes_that_are_none() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], nic_group: 1}
          - {name: cells, nic_group: 1, static_ips: ["2001:db8:2:0:5::1"]} #! NetworkPrefixStaticIpNotBaseAddress instance_groups[0].networks[1].static_ips[0]: 2001:db8:2:0:5::1: is not the first address of a /80, of which network cells hands out; write 2001:db8:2:0:5::
        - name: b
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], nic_group: 1}
          - {name: cells, nic_group: 1, static_ips: ["2001:db8:2:0:a::"]} #! InstanceGroupNetworkInstanceIpMismatch instance_groups[1].networks[1].static_ips[0]: 2001:db8:2:0:a::: 2001:db8:2:0:a::/80 is in the static range of no subnet of network cells; add it there, or use another
        - name: c
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], nic_group: 1}
          - {name: cells, nic_group: 1, prefix: 79, static_ips: ["2001:db8:2:0:8::"]}
        - name: d
          instances: 3
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], nic_group: 1}
          - {name: cells, nic_group: 1, prefix: 79, static_ips: ["2001:db8:2:0:6::-2001:db8:2:0:8::"]} #! InstanceGroupNetworkInstanceIpMismatch instance_groups[3].networks[1].static_ips: static_ips: the addresses of network cells are 2, but the instances are 3; name one for each instance #! JobInvalidStaticIPs instance_groups[3].networks[1].static_ips[0]: 2001:db8:2:0:6::-2001:db8:2:0:8::: is static already in instance_groups[2].networks[1].static_ips[0] (line 20); give each instance addresses of its own
        """);
  }

  @Test
  void checks_the_length_that_a_group_wants_in_place_of_the_networks() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], ipv6_prefix_delegation_size: 28} #! NetworkInvalidProperty instance_groups[0].networks[0].ipv6_prefix_delegation_size: 28: ipv6_prefix_delegation_size is for IPv6, and range 10.0.1.0/24 is IPv4; use prefix for the size of IPv4 prefixes
          - {name: dyn, prefix: 32}  #! NetworkInvalidProperty instance_groups[0].networks[1].prefix: 32: dyn hands out single addresses; only manual networks delegate prefixes
          - {name: pool, prefix: 28} #! NetworkInvalidProperty instance_groups[0].networks[2].prefix: 28: pool hands out single addresses; only manual networks delegate prefixes
          - {name: six, prefix: 63}  #! NetworkPrefixSizeTooBig instance_groups[0].networks[3].prefix: 63: prefixes of this length are larger than range 2001:db8:1::/64; use 64 to 128
        - name: b
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], nic_group: 1}
          - {name: six, prefix: 80, ipv6_prefix_delegation_size: 96, nic_group: 1} #! NetworkInvalidProperty instance_groups[1].networks[1].ipv6_prefix_delegation_size: 96: differs from instance_groups[1].networks[1].prefix, which is 80 (line 16), and both mean the same; keep one of them
        """);
  }

  @Test
  void makes_single_addresses_of_a_prefix_network_and_the_reverse() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 1
          azs: [z1]
          networks:
          - {name: cells, prefix: 128}
        - name: b
          instances: 1
          azs: [z1]
          networks:
          - {name: four, prefix: 28} #! NicGroupWithoutAddress instance_groups[1].networks[0].name: four: hands out delegated prefixes, and no other network of its NIC has an address for the machine; a prefix can only be secondary: put it into the nic_group of a network with single addresses
        """);
  }

  @Test
  void refuses_nics_without_an_address_or_with_two_of_a_family() {
    Annotated.check(
        CLOUD_CONFIG,
        """
        name: cf
        instance_groups:
        - name: a
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], nic_group: 1}
          - {name: cells, nic_group: 2} #! NicGroupWithoutAddress instance_groups[0].networks[1].name: cells: hands out delegated prefixes, and no other network of its NIC has an address for the machine; a prefix can only be secondary: put it into the nic_group of a network with single addresses
          - {name: dyn, nic_group: 2} #? IgnoredKey instance_groups[0].networks[2].nic_group: 2: BOSH gives a dynamic network a NIC of its own; remove it
          - {name: pool, nic_group: 7} #? IgnoredKey instance_groups[0].networks[3].nic_group: 7: no manual network has this nic_group, so the floating address goes to the first NIC; use the group of one of them
        - name: b
          instances: 1
          networks:
          - {name: everywhere, default: [dns, gateway], nic_group: 0x10} #? YamlReadsDifferently instance_groups[1].networks[0].nic_group: 0x10: is read as 16, as BOSH does; write 16
          - {name: twin, nic_group: "16"} #! JobUnknownNetwork instance_groups[1].networks[1].name: twin: is no network of the cloud config; define it there
        - name: c
          instances: 1
          azs: [z1]
          networks:
          - {name: four, default: [dns, gateway], nic_group: one} #! ValidationInvalidType instance_groups[2].networks[0].nic_group: one: is no number of a NIC group; BOSH accepts this silently, but takes what is no number for 0; use a whole number, at most 999999999
          - {name: six, nic_group: -1} #! ValidationInvalidType instance_groups[2].networks[1].nic_group: -1: is no number of a NIC group; use a whole number, at most 999999999
          - {name: cells, nic_group: [1]} #! ValidationInvalidType instance_groups[2].networks[2].nic_group: a list: is no number of a NIC group; use a whole number, at most 999999999
        """);
    Annotated.check(
        """
        networks:
        - {name: a, subnets: [{range: 10.0.0.0/24, gateway: 10.0.0.1}]}
        - {name: b, subnets: [{range: 10.0.1.0/24, gateway: 10.0.1.1}]}
        """,
        """
        name: cf
        instance_groups:
        - name: g
          instances: 1
          networks:
          - {name: a, default: [dns, gateway], nic_group: 1}
          - {name: b, nic_group: "1"} #! NicGroupSameFamilyTwice instance_groups[0].networks[1].nic_group: 1: network a has an IPv4 address on this NIC already (line 6); BOSH accepts this silently, but the second address is lost: use another nic_group
        - name: h
          instances: 1
          networks:
          - {name: a, default: [dns, gateway], nic_group: 1}
          - {name: b, nic_group: 2}
        """);
  }
}
