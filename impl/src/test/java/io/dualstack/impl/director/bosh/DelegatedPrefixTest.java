package io.dualstack.impl.director.bosh;

import static io.dualstack.impl.director.bosh.ManualNetworkTest.subnet;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.PrefixChooser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long delegated prefixes are, who chooses them, and which are static. */
class DelegatedPrefixTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prefix: 80",
        "prefix: '80'",
        "ipv6_prefix_delegation_size: 80",
        "ipv6_prefix_delegation_size: '80'",
        "cloud_properties: {ipv6_prefix_delegation_size: 80}",
        "cloud_properties: {ipv6_prefix_delegation_size: '80'}",
        "prefix: 80\n    ipv6_prefix_delegation_size: '80'",
        "prefix: ~\n    ipv6_prefix_delegation_size: 80",
      })
  void is_read_in_every_spelling(String spelling) {
    assertThat(subnet(six(spelling), 0).prefixLength()).isEqualTo(80);
  }

  @Test
  void is_that_of_single_addresses_unless_it_is_said() {
    assertThat(subnet(six("cloud_properties: {prefix: 80}"), 0).prefixLength()).isEqualTo(128);
    assertThat(subnet(four(""), 0).prefixLength()).isEqualTo(32);
    assertThat(subnet(four("prefix: 28"), 0).prefixLength()).isEqualTo(28);
  }

  @ParameterizedTest
  @CsvSource({"0120,80", "0x50,80", "1_2_0,120", "1:20,4800"})
  void that_is_written_as_only_machines_count_is_read_as_bosh_reads_it(String text, int read) {
    var findings = Annotated.findings(six("prefix: " + text), null);

    assertThat(findings.get(0).code()).isEqualTo("YamlReadsDifferently");
    assertThat(findings.get(0).message())
        .isEqualTo("%s: is read as %d, as BOSH does; write %d".formatted(text, read, read));
    if (read <= 128) {
      assertThat(subnet(six("prefix: " + text), 0).prefixLength()).isEqualTo(read);
    } else {
      assertThat(findings.get(1).code()).isEqualTo("NetworkInvalidProperty");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "080,080: is text to BOSH",
    "'''080''',080: is text to BOSH",
    "/80,/80: is text to BOSH",
    "80.0,80.0: is a number to BOSH",
    "yes,yes: is true to BOSH",
    "[80],a list: stands",
  })
  void that_is_no_number_is_refused(String text, String start) {
    assertThat(Annotated.findings(six("prefix: " + text), null))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.code()).isEqualTo("ValidationInvalidType");
              assertThat(found.path()).isEqualTo("networks[0].subnets[0].prefix");
              assertThat(found.message())
                  .isEqualTo(
                      start
                          + " where a prefix length is expected; write a decimal number without"
                          + " leading zeros");
            });
  }

  @Test
  void has_to_fit_its_range_and_family() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 10.0.0.0/24
            gateway: 10.0.0.1
            prefix: "23" #! NetworkPrefixSizeTooBig networks[0].subnets[0].prefix: 23: prefixes of this length are larger than range 10.0.0.0/24; use 24 to 32
          - range: 10.0.1.0/24
            gateway: 10.0.1.1
            prefix: 33   #! NetworkInvalidProperty networks[0].subnets[1].prefix: 33: is no length of an IPv4 prefix, which BOSH accepts silently until it fails; use 24 to 32
          - range: 10.0.2.0/24
            gateway: 10.0.2.1
            prefix: -1   #! NetworkInvalidProperty networks[0].subnets[2].prefix: -1: is no length of an IPv4 prefix; use 24 to 32
          - range: 10.0.3.0/24
            gateway: 10.0.3.1
            ipv6_prefix_delegation_size: 28 #! NetworkInvalidProperty networks[0].subnets[3].ipv6_prefix_delegation_size: 28: ipv6_prefix_delegation_size is for IPv6, and range 10.0.3.0/24 is IPv4; use prefix for the size of IPv4 prefixes
          - range: 10.0.4.0/24
            gateway: 10.0.4.1
            cloud_properties:
              ipv6_prefix_delegation_size: 80 #! NetworkInvalidProperty networks[0].subnets[4].cloud_properties.ipv6_prefix_delegation_size: 80: ipv6_prefix_delegation_size is for IPv6, and range 10.0.4.0/24 is IPv4; use prefix for the size of IPv4 prefixes
        - name: b
          subnets:
          - range: 2001:db8::/64
            gateway: 2001:db8::1
            prefix: 129  #! NetworkInvalidProperty networks[1].subnets[0].prefix: 129: is no length of an IPv6 prefix, which BOSH accepts silently until it fails; use 64 to 128
          - range: 2001:db8:0:1::/64
            gateway: 2001:db8:0:1::1
            prefix: 99999999999 #! NetworkInvalidProperty networks[1].subnets[1].prefix: 2147483647: is no length of an IPv6 prefix, which BOSH accepts silently until it fails; use 64 to 128
        """);
  }

  @Test
  void of_the_whole_range_leaves_nothing_and_is_accepted_with_a_warning() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 2001:db8::/64
            gateway: 2001:db8::1
            prefix: 64 #? NetworkPrefixLeavesNoBlocks networks[0].subnets[0].prefix: 64: is the length of the range 2001:db8::/64 itself, whose first and last address are never handed out, so there is nothing to hand out; use a larger number
        """);
  }

  @Test
  void may_not_differ_between_two_spellings() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 2001:db8::/64
            gateway: 2001:db8::1
            prefix: 80
            ipv6_prefix_delegation_size: 96 #! NetworkInvalidProperty networks[0].subnets[0].ipv6_prefix_delegation_size: 96: differs from networks[0].subnets[0].prefix, which is 80 (line 6), and both mean the same; keep one of them
          - range: 2001:db8:0:1::/64
            gateway: 2001:db8:0:1::1
            ipv6_prefix_delegation_size: 80
            cloud_properties:
              ipv6_prefix_delegation_size: 96 #! NetworkInvalidProperty networks[0].subnets[1].cloud_properties.ipv6_prefix_delegation_size: 96: differs from networks[0].subnets[1].ipv6_prefix_delegation_size, which is 80 (line 10), and both mean the same; keep one of them
        """);
  }

  @Test
  void is_chosen_by_the_director_unless_the_provider_is_named() {
    assertThat(subnet(six("prefix: 80"), 0).chooser()).isEqualTo(PrefixChooser.DIRECTOR);
    assertThat(subnet(six("prefix_chosen_by: director"), 0).chooser())
        .isEqualTo(PrefixChooser.DIRECTOR);
    assertThat(subnet(six("prefix_chosen_by: provider"), 0).chooser())
        .isEqualTo(PrefixChooser.PROVIDER);
    assertThat(subnet(six("cloud_properties: {prefix_chosen_by: provider}"), 0).chooser())
        .isEqualTo(PrefixChooser.PROVIDER);
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 2001:db8::/64
            gateway: 2001:db8::1
            prefix_chosen_by: me #! NetworkInvalidProperty networks[0].subnets[0].prefix_chosen_by: me: nobody of that name chooses prefixes; use director or provider
          - range: 2001:db8:0:1::/64
            gateway: 2001:db8:0:1::1
            prefix_chosen_by: director
            cloud_properties:
              prefix_chosen_by: provider #! NetworkInvalidProperty networks[0].subnets[1].cloud_properties.prefix_chosen_by: provider: the subnet says director and its cloud_properties say provider; keep one of them
        """);
  }

  @Test
  void is_static_as_a_whole_where_its_first_address_is() {
    assertThat(subnet(four("prefix: 26\n    static: [10.0.0.64, 10.0.0.128]"), 0).statics())
        .hasToString("{10.0.0.64-10.0.0.191}");
    assertThat(
            subnet(four("prefix: 27\n    static: [10.0.0.30-10.0.0.40, 10.0.0.96/26]"), 0)
                .statics())
        .hasToString("{10.0.0.32-10.0.0.127}");
    assertThat(subnet(six("prefix: 80\n    static: '2001:db8:0:0:5::'"), 0).statics().prefixes())
        .hasToString("[2001:db8:0:0:5::/80]");
  }

  @Test
  void is_never_counted_one_by_one() {
    String config =
        """
        networks:
        - name: a
          subnets:
          - {range: "2001:db8::/32", gateway: "2001:db8::1", static: ["2001:db8:8000::/33"], reserved: ["2001:db8:4000::/34"], prefix: 64}
        """
            .replace("2001:db8:8000::/33", "2001:db8:8000:: - 2001:db8:ffff:fffe::");

    assertThat(subnet(config, 0).statics())
        .hasToString("{2001:db8:8000::-2001:db8:ffff:fffe:ffff:ffff:ffff:ffff}");
  }

  @Test
  void is_refused_as_static_if_misaligned_or_in_part_not_free() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 10.0.0.0/24
            gateway: 10.0.0.70
            prefix: 27
            reserved: [10.0.0.130]
            static:
            - 10.0.0.191 #! NetworkPrefixStaticIpNotBaseAddress networks[0].subnets[0].static[0]: 10.0.0.191: is not the first address of a /27; BOSH accepts this silently, but leaves it out: write 10.0.0.160
            - 10.0.0.30-10.0.0.40 #? NetworkPrefixStaticIpNotBaseAddress networks[0].subnets[0].static[1]: 10.0.0.30-10.0.0.40: starts inside a /27, which is left out as by BOSH; start at 10.0.0.32
            - 10.0.0.128 #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[2]: 10.0.0.128: the static block 10.0.0.128/27 covers 10.0.0.130, which is reserved (line 7); BOSH accepts this silently, but looks at the first address of a block only; use others for static addresses
            - 10.0.0.64  #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[3]: 10.0.0.64: the static block 10.0.0.64/27 covers 10.0.0.70, which is the gateway; BOSH accepts this silently, but looks at the first address of a block only; use others for static addresses
            - 10.0.0.224 #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[4]: 10.0.0.224: the static block 10.0.0.224/27 covers 10.0.0.255, which is the last address of range 10.0.0.0/24; BOSH accepts this silently, but looks at the first address of a block only; use others for static addresses
            - 10.0.0.0   #! NetworkStaticIpOutOfRange networks[0].subnets[0].static[5]: 10.0.0.0: the static block 10.0.0.0/27 covers 10.0.0.0, which is the first address of range 10.0.0.0/24; use others for static addresses
            - 10.0.0.255 #! NetworkPrefixStaticIpNotBaseAddress networks[0].subnets[0].static[6]: 10.0.0.255: is not the first address of a /27; BOSH accepts this silently, but leaves it out: write 10.0.0.224
        - name: top
          subnets:
          - range: ffff:ffff:ffff:ffff::/64
            gateway: ffff:ffff:ffff:ffff::1
            prefix: 80
            static: ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe #! NetworkPrefixStaticIpNotBaseAddress networks[1].subnets[0].static: ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe: is not the first address of a /80; BOSH accepts this silently, but leaves it out: write ffff:ffff:ffff:ffff:ffff::
        """);
  }

  private static String six(String line) {
    return """
        networks:
        - name: a
          subnets:
          - range: 2001:db8::/64
            gateway: 2001:db8::1
            %s
        """
        .formatted(line);
  }

  private static String four(String line) {
    return """
        networks:
        - name: a
          subnets:
          - range: 10.0.0.0/24
            gateway: 10.0.0.1
            %s
        """
        .formatted(line);
  }
}
