package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.net.IpSet;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What YAML itself does to a file: syntax, aliases, merge keys, and scalars that are no text. */
class YamlTrapsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "networks: [             | 1 | 12 | is not YAML: ",
        "networks:\\n\\t- name: a | 2 | 1  | is not YAML: ",
        "a: b: c                 | 1 | 5  | is not YAML: mapping values are not allowed here; quote",
        "a: *b                   | 1 | 4  | is not YAML: found undefined alias b",
        "a: <7>b                 | 1 | 4  | the character U+0007 is not allowed in YAML; remove it",
        "x: 1\\na: 'b<0>'         | 2 | 6  | the character U+0000 is not allowed in YAML; remove it",
        "%YAML 3.0\\n---\\na: 1  | 0 | 0  | is not YAML: ",
      })
  void points_to_the_place_of_a_syntax_error(String text, int line, int column, String start) {
    Diagnostic found = only(text.translateEscapes().replace("<7>", "\7").replace("<0>", "\0"));

    assertThat(found.code()).isEqualTo("YamlSyntax");
    assertThat(found.message()).startsWith(start);
    assertThat(found.line()).isEqualTo(line);
    assertThat(found.column()).isEqualTo(column);
    assertThat(found.source()).isEqualTo("cloud-config");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# nothing\n", "---\n", "~", "\ufeff"})
  void refuses_an_empty_file(String text) {
    assertThat(only(text).code()).isEqualTo("YamlEmpty");
    assertThat(only(text).message())
        .isEqualTo("the file is empty; check that it is the right file");
  }

  @Test
  void refuses_a_file_that_holds_something_else_than_a_mapping() {
    assertThat(only("- a\n").message())
        .isEqualTo(
            "the file holds a list where a mapping is expected; check that it is the right file");
    assertThat(only("just text").message()).startsWith("the file holds one text where");
  }

  @Test
  void refuses_a_second_document_and_names_its_line() {
    Diagnostic found = only("networks: []\n---\nname: b\n");

    assertThat(found.code()).isEqualTo("YamlMultipleDocuments");
    assertThat(found.line()).isEqualTo(3);
  }

  @Test
  void takes_a_byte_order_mark_and_a_document_start_for_what_they_are() {
    Annotated.check("\ufeff---\nnetworks: [{name: d, type: dynamic}]\n...\n");
  }

  @Test
  void refuses_lists_nested_too_deep_for_any_reader() {
    Diagnostic found = only("networks: " + "[".repeat(5_000) + "]".repeat(5_000));

    assertThat(found.code()).isEqualTo("YamlTooLarge");
    assertThat(found.message()).startsWith("lists and mappings are nested more than 200 deep");
    assertThat(found.line()).isEqualTo(1);
  }

  @Test
  void names_both_lines_of_a_key_that_is_there_twice() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 10.0.1.0/24
            gateway: 10.0.0.1
            range: 10.0.0.0/24 #! YamlDuplicateKey networks[0].subnets[0].range: range: is here in line 6 and already in line 4; BOSH silently takes the last: keep one
            cloud_properties: {a: 1, b: {c: 1, c: 2}} #! YamlDuplicateKey networks[0].subnets[0].cloud_properties.b.c: c: is here in line 7 and already in line 7; BOSH silently takes the last: keep one
        azs: []
        azs: [] #! YamlDuplicateKey azs: azs: is here in line 9 and already in line 8; BOSH silently takes the last: keep one
        """);
  }

  @Test
  void follows_aliases_and_names_the_line_of_the_value_behind_them() {
    Annotated.check(
        """
        subnet: &subnet
          range: 10.0.0.0/24
          gateway: 10.0.9.1 #! NetworkInvalidGateway networks[0].subnets[0].gateway: 10.0.9.1: is outside range 10.0.0.0/24; use an address inside it #! NetworkInvalidGateway networks[1].subnets[0].gateway: 10.0.9.1: is outside range 10.0.0.0/24; use an address inside it
        networks:
        - name: a
          subnets: [*subnet]
        - name: b
          subnets:
          - <<: *subnet
            cloud_properties: {}
        """);
  }

  @Test
  void merges_mappings_as_psych_does() {
    Manual network =
        Annotated.read(
                """
                first: &first {range: 10.0.0.0/24, gateway: 10.0.0.1, prefix: 28}
                second: &second {prefix: 29, reserved: [10.0.0.9], dns: [10.0.0.2]}
                third: &third {<<: *second, dns: [10.0.0.3]}
                networks:
                - name: a
                  subnets:
                  - <<: [*first, *third]
                    reserved: [10.0.0.8]
                """,
                null)
            .networks()
            .manual()
            .get(0);

    // The first of several wins, and what stands behind the merge.
    assertThat(network.prefixLength()).isEqualTo(28);
    assertThat(network.subnets().get(0).dns()).hasToString("[10.0.0.3]");
    assertThat(network.subnets().get(0).reserved()).hasToString("{10.0.0.8}");
  }

  @Test
  void lets_a_merge_replace_what_stands_before_it_as_psych_does_and_warns() {
    String config =
        """
        common: &common {range: 10.0.0.0/24, gateway: 10.0.0.1}
        networks:
        - name: a
          subnets:
          - gateway: 10.0.0.9 #? YamlMergeOverrides networks[0].subnets[0].gateway: gateway: is replaced by what << merges behind it, since BOSH reads from top to bottom; put << first if this value is meant
            <<: *common
        """;

    Annotated.check(config);
    assertThat(ManualNetworkTest.subnet(config, 0).gateway()).hasToString("10.0.0.1");
  }

  @Test
  void refuses_mappings_and_lists_that_hold_themselves() {
    Annotated.check(
        """
        networks:
        - &n
          <<: *n #! YamlRecursion networks[0].<<: <<: merges a mapping into itself, or more than 100 into one another; merge fewer
          name: a
          type: vip
        - name: b
          type: vip
          subnets:
          - static: &s [*s, 203.0.113.1] #! YamlRecursion networks[1].subnets[0].static%s: a list holds itself, or 20 lists one another; write one list
        - name: c
          type: vip
          cloud_properties: &c {d: *c} #! YamlRecursion networks[2].cloud_properties%s: holds itself, or more than 100 values in one another; write it without aliases
        """
            .formatted("[0]".repeat(21), ".d".repeat(102)));
  }

  @Test
  void refuses_aliases_that_stand_for_endless_values() {
    String inProperties =
        bombOf("x") + "networks: [{name: n, type: dynamic, cloud_properties: {x: *a11}}]\n";
    String inAddresses =
        "networks: [{name: n, subnets: [{range: 10.0.0.0/24, gateway: 10.0.0.1, reserved: *a11}]}]";

    assertThat(Annotated.findings(inProperties, null))
        .extracting(Diagnostic::code)
        .containsExactly("YamlTooLarge");
    assertThat(Annotated.findings(bombOf("10.0.0.9") + inAddresses, null))
        .extracting(Diagnostic::code)
        .containsExactly("YamlTooLarge");
    assertThat(Annotated.findings("networks: [{name: d, type: vip}]", inProperties))
        .extracting(Diagnostic::code)
        .containsExactly("ValidationMissingField", "V1DeprecatedNetworks");
    List<Diagnostic> allWrong = Annotated.findings(bombOf("x") + inAddresses, null);
    assertThat(allWrong).hasSize(10_001);
    assertThat(allWrong.get(10_000).code()).isEqualTo("TooManyFindings");
  }

  private static String bombOf(String value) {
    StringBuilder bomb = new StringBuilder("a0: &a0 [" + (value + ", ").repeat(10) + "]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d, ".formatted(i - 1).repeat(10)).append("]\n");
    }
    return bomb.toString();
  }

  @Test
  void takes_chains_of_merges_as_long_as_they_end() {
    StringBuilder chain = new StringBuilder("m0: &m0 {range: 10.0.0.0/24, gateway: 10.0.0.1}\n");
    for (int i = 1; i < 2_000; i++) {
      chain.append("m%d: &m%d {<<: *m%d}\n".formatted(i, i, i - 1));
    }
    String tooLong = chain + "networks: [{name: n, subnets: [*m1999]}]\n";
    String fine = chain + "networks: [{name: n, subnets: [*m90]}]\n";

    Annotated.check(fine);
    assertThat(Annotated.findings(tooLong, null))
        .extracting(Diagnostic::code)
        .contains("YamlRecursion");
  }

  @Test
  void takes_addresses_without_quotes_for_text_and_warns_where_bosh_does_not() {
    String config =
        """
        networks:
        - name: a
          subnets:
          - range: ::/64      #? YamlReadsDifferently networks[0].subnets[0].range: ::/64: is a symbol to BOSH and not an address; put it in quotes
            gateway: ::1      #? YamlReadsDifferently networks[0].subnets[0].gateway: ::1: is a symbol to BOSH and not an address; put it in quotes
            dns: [1::2, 20:1:2:3:4:5:6:7]
            reserved:
            - 10:20           #? YamlReadsDifferently networks[0].subnets[0].reserved[0]: 10:20: is the number 37200 to BOSH and not an address; put it in quotes #! NetworkInvalidIpRangeFormat networks[0].subnets[0].reserved[0]: 10:20: ...
        """;

    Annotated.check(config);
    assertThat(ManualNetworkTest.subnet(config.replace("- 10:20", "- 0::9"), 0).reserved())
        .hasToString("{::9}");
  }

  @Test
  void knows_what_becomes_of_an_address_that_ends_in_colons() {
    Annotated.check(
        """
        networks:
        - name: a
          subnets:
          - range: 2001:db8::/64
            gateway: 2001:db8::1
            reserved:
            - 2001:db8:: #! ValidationInvalidType networks[0].subnets[0].reserved[0]: a mapping: stands where an address, a range or a prefix is expected; put an IPv6 address that ends in :: in quotes, or the last colon makes it a key
        """);
    assertThat(only("a: 2001:db8::\n").message())
        .contains("quote values with a colon at their end, such as an IPv6 address that ends in");
  }

  @Test
  void refuses_variables_that_are_not_filled_in() {
    String remedy =
        "has a variable that is not filled in; interpolate the file first, such as with bosh"
            + " interpolate FILE --vars-file VARS, and give the result";
    Annotated.check(
        """
        azs: [{name: z1}]
        networks:
        - name: ((network_name)) #! UnresolvedVariable networks[0].name: "((network_name))": REMEDY
          type: vip
        - name: b
          subnets: ((subnets))   #! UnresolvedVariable networks[1].subnets: "((subnets))": REMEDY
        - name: c
          subnets:
          - range: ((range))     #! UnresolvedVariable networks[2].subnets[0].range: "((range))": REMEDY
            gateway: 10.((n)).0.1 #! UnresolvedVariable networks[2].subnets[0].gateway: "10.((n)).0.1": REMEDY
            dns: ["<%= dns %>"]  #! UnresolvedVariable networks[2].subnets[0].dns[0]: "<%= dns %>": REMEDY
            prefix: ((size))     #! UnresolvedVariable networks[2].subnets[0].prefix: "((size))": REMEDY
            azs: [((zone))]      #! UnresolvedVariable networks[2].subnets[0].azs[0]: "((zone))": REMEDY
            reserved: [((from)) - ((to))] #! UnresolvedVariable networks[2].subnets[0].reserved[0]: "((from)) - ((to))": REMEDY
            cloud_properties: {subnet: ((id))} #? UnresolvedVariable networks[2].subnets[0].cloud_properties.subnet: "((id))": has a variable that is not filled in and is passed on as it is; interpolate the file first
        """
            .replace("REMEDY", remedy),
        """
        name: ((deployment))     #! UnresolvedVariable name: "((deployment))": REMEDY
        instance_groups:
        - name: g
          instances: ((n))       #! UnresolvedVariable instance_groups[0].instances: "((n))": REMEDY
          env: {bosh: {ipv6: {enable: ((six))}}} #! UnresolvedVariable instance_groups[0].env.bosh.ipv6.enable: "((six))": REMEDY
          networks:
          - name: b
            default: [((d))]     #! UnresolvedVariable instance_groups[0].networks[0].default[0]: "((d))": REMEDY
            nic_group: ((g))     #! UnresolvedVariable instance_groups[0].networks[0].nic_group: "((g))": REMEDY
            static_ips: ((ips))  #! UnresolvedVariable instance_groups[0].networks[0].static_ips: "((ips))": REMEDY
        """
            .replace("REMEDY", remedy));
  }

  @Test
  void refuses_keys_that_are_no_text() {
    Annotated.check(
        """
        networks:
        - name: a
          type: vip
          {{ template }}: 1 #! YamlKey networks[0].?: a list or mapping stands where a key is expected; quote it if it is text, such as {{ }} of a template
        """);
  }

  @Test
  void reports_both_files_together_in_their_order_with_columns() {
    DeploymentFiles files =
        new DeploymentFiles(
            "networks:\n- name: a\n  subnets:\n  - {range: 10.0.0.0/24, gateway: 10.0.1.1}\n",
            "cc.yml",
            "instance_groups:\n- {name: g, instances: -1, networks: [{name: b}]}\n",
            "cf.yml");

    Assertions.assertThatThrownBy(() -> new BoshReader().read(files, IpSet.empty()))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            e ->
                assertThat(e.diagnostics())
                    .extracting(Diagnostic::toString)
                    .containsExactly(
                        "cc.yml:4:35: error: networks[0].subnets[0].gateway: 10.0.1.1: is outside"
                            + " range 10.0.0.0/24; use an address inside it"
                            + " [NetworkInvalidGateway]",
                        "cf.yml:1:1: error: name: name: is missing; name the deployment"
                            + " [ValidationMissingField]",
                        "cf.yml:2:13: error: instance_groups[0].instances: -1: is no number of"
                            + " instances; use 0 to 1000000 [ValidationViolatedMin]",
                        "cf.yml:2:40: error: instance_groups[0].networks[0].name: b: is no network"
                            + " of the cloud config; did you mean a? [JobUnknownNetwork]"));
  }

  @Test
  void reads_the_manifest_also_if_the_cloud_config_is_no_yaml() {
    List<Diagnostic> found =
        Annotated.findings(
            "networks: [", "name: a/b\ninstance_groups: [{name: g, instances: x, networks: []}]");

    assertThat(found)
        .extracting(Diagnostic::code)
        .containsExactly(
            "YamlSyntax", "ValidationInvalidValue", "ValidationInvalidType", "JobMissingNetwork");
    assertThat(found).allMatch(each -> each.severity() == Severity.ERROR);
  }

  private static Diagnostic only(String cloudConfig) {
    List<Diagnostic> found = Annotated.findings(cloudConfig, null);
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
