package io.dualstack.impl.host.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.host.AgentHints;
import io.dualstack.host.AgentSettings;
import io.dualstack.host.NetworkType;
import io.dualstack.host.VmNetwork;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentSettingsFormatTest {

  @Test
  void keeps_what_it_does_not_know_at_every_level() throws JsonProcessingException {
    String json =
        """
        {
          "vm": {"name": "vm-1", "zone": {"id": 7}},
          "agent_id": "a",
          "networks": {
            "n": {
              "type": "manual", "ip": "10.0.0.4", "prefix": "32", "netmask": "255.255.255.0",
              "cloud_properties": {"nested": [1, 2.50, null, true, {"x": 12345678901234567890}]},
              "routes": [{"Destination": "10.1.0.0", "Gateway": "10.0.0.1",
                          "Netmask": "255.255.0.0", "Metric": 5}],
              "vlan": {"tag": 12}
            }
          },
          "disks": {"ephemeral": "/dev/sdb", "persistent": {}},
          "env": {"bosh": {"password": "x", "ipv6": {"enable": true, "more": 1}}, "other": null},
          "a/b~c": [[]]
        }
        """;

    String written = AgentSettingsFormat.format(AgentSettingsFormat.parse(json));

    assertThat(tree(written)).isEqualTo(tree(json));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"networks\": {}}",
        "{\"networks\": {}, \"vm\": {}}",
        "{\"networks\": {}, \"vm\": {\"other\": 1}}",
        "{\"networks\": {}, \"env\": {}}",
        "{\"networks\": {}, \"env\": {\"bosh\": {\"ipv6\": {}}}}",
        "{\"networks\": {}, \"env\": {\"bosh\": {\"ipv6\": {\"enable\": false}}}}",
        "{\"networks\": {}, \"env\": {\"bosh\": {\"ipv6\": {\"enable\": true}}}}",
        "{\"networks\": {}, \"env\": {\"bosh\": null}}",
      })
  void leaves_vm_and_env_as_they_are(String json) throws JsonProcessingException {
    String written = AgentSettingsFormat.format(AgentSettingsFormat.parse(json));

    assertThat(tree(written)).isEqualTo(tree(json));
  }

  @Test
  void writes_its_own_keys_first_and_the_rest_in_its_order() {
    String json =
        "{\"z\":1,\"env\":{},\"a\":2,\"networks\":{},\"agent_id\":\"x\",\"vm\":{\"name\":\"v\"}}";

    String written = AgentSettingsFormat.format(AgentSettingsFormat.parse(json));

    assertThat(written)
        .isEqualTo(
            """
            {
              "vm": {
                "name": "v"
              },
              "agent_id": "x",
              "networks": {},
              "z": 1,
              "env": {},
              "a": 2
            }
            """);
  }

  @Test
  void the_flag_for_ipv6_decides_over_the_rest() {
    Map<String, Object> others =
        Map.of("env", Map.of("bosh", Map.of("ipv6", Map.of("enable", false))));

    String written = AgentSettingsFormat.format(new AgentSettings("", "", List.of(), true, others));

    assertThat(AgentSettingsFormat.parse(written).enableIpv6()).isTrue();
  }

  @Test
  void reads_a_document_as_the_agent_itself_stores_it() {
    String json =
        """
        {"agent_id":"a","networks":{"n":{"type":"","ip":"10.0.0.4","netmask":"255.255.255.0",
         "gateway":"","prefix":"","resolved":false,"use_dhcp":false,"default":null,"dns":null,
         "mac":"","preconfigured":false}},"ntp":null,"vm":{"name":""}}
        """;

    AgentSettings settings = AgentSettingsFormat.parse(json);

    assertThat(settings.networks())
        .containsExactly(
            network("n", NetworkType.MANUAL, "10.0.0.4/32", "10.0.0.0/24", AgentHints.NONE));
  }

  @Test
  void takes_keys_in_any_case_as_the_agent_does() {
    String json =
        """
        {"Agent_ID":"a","networks":{"n":{"IP":"10.0.0.4","Netmask":"255.255.255.0",
         "routes":[{"destination":"10.1.2.3","gateway":"10.0.0.1","netmask":"255.255.0.0"}]}}}
        """;

    AgentSettings settings = AgentSettingsFormat.parse(json);

    assertThat(settings.agentId()).isEqualTo("a");
    assertThat(settings.networks().get(0).hints().routes())
        .singleElement()
        .satisfies(route -> assertThat(route.destination()).hasToString("10.1.2.3/16"));
  }

  @Test
  void a_network_without_an_address_is_one_for_dhcp() {
    AgentSettings settings =
        AgentSettingsFormat.parse(
            "{\"networks\":{\"n\":{\"type\":\"dynamic\",\"prefix\":\"32\"}}}");

    assertThat(settings.networks())
        .containsExactly(network("n", NetworkType.DYNAMIC, null, null, AgentHints.NONE));
  }

  @ParameterizedTest
  @CsvSource({
    "2001:0DB8:0000:0000:0000:0000:0000:0005, 2001:db8::5",
    "::a:b, ::a:b",
    "::0.10.0.11, ::a:b",
  })
  void reads_every_notation_of_ipv6_and_writes_one(String text, String canonical) {
    String json =
        "{\"networks\":{\"n\":{\"ip\":\"%s\",\"netmask\":\"ffff:ffff:ffff:ffff::\"}}}"
            .formatted(text);

    String written = AgentSettingsFormat.format(AgentSettingsFormat.parse(json));

    assertThat(written)
        .contains("\"ip\": \"" + canonical + "\"")
        .contains("\"netmask\": \"ffff:ffff:ffff:ffff:0000:0000:0000:0000\"");
  }

  @Test
  void the_length_that_directors_give_every_vip_stands_for_one_address() {
    String json =
        "{\"networks\":{\"n\":{\"type\":\"vip\",\"ip\":\"2001:db8::5\",\"prefix\":\"32\"}}}";

    AgentSettings settings = AgentSettingsFormat.parse(json);

    assertThat(settings.networks().get(0).block()).isEqualTo(IpPrefix.parse("2001:db8::5/128"));
    assertThat(AgentSettingsFormat.format(settings)).contains("\"prefix\": \"128\"");
  }

  @Test
  void the_hardware_address_is_written_as_the_kernel_writes_it() {
    String json = "{\"networks\":{\"n\":{\"type\":\"dynamic\",\"mac\":\"02-AB-00-00-00-01\"}}}";

    assertThat(AgentSettingsFormat.parse(json).networks().get(0).mac())
        .isEqualTo(MacAddress.parse("02:ab:00:00:00:01"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"ip":"10.0.0.4","prefix":32}                                  | /networks/n/prefix    | 32: is a number; write the text "32"
          {"ip":"10.0.0.4","prefix":"33"}                                | /networks/n/prefix    | "33": is no length of an IPv4 prefix; write "0" to "32"
          {"ip":"2001:db8::","prefix":"080"}                             | /networks/n/prefix    | "080": is no length of an IPv6 prefix; write "0" to "128"
          {"ip":"2001:db8::1","prefix":"80"}                             | /networks/n/prefix    | host bits are set; did you mean 2001:db8::/80
          {"prefix":"80"}                                                | /networks/n/prefix    | "80": has no ip beside it; give both or none
          {"netmask":"255.255.255.0"}                                    | /networks/n/netmask   | 255.255.255.0: has no ip beside it; give both or none
          {"ip":"10.0.0.4","netmask":"255.0.255.0"}                      | /networks/n/netmask   | 255.0.255.0: is no netmask
          {"ip":"10.0.0.4","netmask":"ffff::"}                           | /networks/n/netmask   | ffff::: is an IPv6 netmask beside an IPv4 address
          {"ip":"10.0.0.4/24"}                                           | /networks/n/ip        | 10.0.0.4/24
          {"ip":"010.0.0.4"}                                             | /networks/n/ip        | 010.0.0.4
          {"ip":"fe80::1%eth0"}                                          | /networks/n/ip        | fe80::1%eth0
          {"ip":"::ffff:10.0.0.1"}                                       | /networks/n/ip        | write 10.0.0.1 if IPv4 is meant
          {"ip":["10.0.0.4"]}                                            | /networks/n/ip        | is an array; write a text
          {"ip":"10.0.0.4","gateway":"2001:db8::1"}                      | /networks/n           | gateway 2001:db8::1 is not of the family
          {"ip":"2001:db8::","prefix":"48","netmask":"ffff:ffff:ffff:ffff::"} | /networks/n      | 2001:db8::/48 is outside range 2001:db8::/64
          {"dns":["10.0.0.2","ns1"]}                                     | /networks/n/dns/1     | ns1
          {"dns":"10.0.0.2"}                                             | /networks/n/dns       | "10.0.0.2": is a string; write a list
          {"default":["gatway"]}                                         | /networks/n/default/0 | "gatway": is not known here; write addressable or dns or gateway
          {"type":"static"}                                              | /networks/n/type      | "static": is not known here; write manual or dynamic or vip
          {"type":"vip"}                                                 | /networks/n           | a vip network has an address; give one
          {"nic_group":"one"}                                            | /networks/n/nic_group | "one": is a string; write a whole number as a text, such as "1"
          {"mac":"02:00:00:00:00"}                                       | /networks/n/mac       | 02:00:00:00:00
          {"use_dhcp":"yes"}                                             | /networks/n/use_dhcp  | "yes": is a string; write true or false
          {"cloud_properties":[]}                                        | /networks/n/cloud_properties | is an array; write an object
          {"routes":[{"Destination":"10.0.0.0","Netmask":"255.0.0.0"}]}  | /networks/n/routes/0/Gateway | is missing; write such as "10.0.16.1"
          {"routes":[{"Destination":"10.0.0.0","Gateway":"2001:db8::1","Netmask":"255.0.0.0"}]} | /networks/n/routes/0 | crosses the families
          {"routes":[5]}                                                 | /networks/n/routes/0  | 5: is a number; write an object
          {"routes":[{"Destination":"10.0.0.0","Gateway":"10.0.0.1","netmask":"8"}]} | /networks/n/routes/0/netmask | 8
          """)
  void names_the_place_the_value_and_what_would_be_right(
      String network, String pointer, String message) {
    Diagnostic diagnostic = onlyDiagnostic("{\"networks\":{\"n\":" + network + "}}");

    assertThat(diagnostic.path()).isEqualTo(pointer);
    assertThat(diagnostic.message()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"agent_id":5}                                | /agent_id             | 5: is a number; write the text "5"
          {"networks":[]}                               | /networks             | is an array; write an object
          {"networks":{"a/b~":null}}                    | /networks/a~1b~0      | null: is null; write an object
          {"vm":"x"}                                    | /vm                   | "x": is a string; write an object
          {"env":{"bosh":{"ipv6":{"enable":"true"}}}}   | /env/bosh/ipv6/enable | "true": is a string; write true or false
          """)
  void names_the_place_outside_of_networks(String json, String pointer, String message) {
    Diagnostic diagnostic = onlyDiagnostic(json);

    assertThat(diagnostic.path()).isEqualTo(pointer);
    assertThat(diagnostic.message()).isEqualTo(message);
  }

  @Test
  void reports_all_findings_together() {
    String json =
        "{\"agent_id\":1,\"networks\":{\"a\":{\"ip\":\"x\",\"mac\":\"y\"},\"b\":{\"type\":\"z\"}}}";

    assertThat(refusal(json).diagnostics())
        .extracting(Diagnostic::path)
        .containsExactly("/agent_id", "/networks/a/ip", "/networks/a/mac", "/networks/b/type");
  }

  @Test
  void does_not_show_what_may_be_a_secret() {
    assertThat(refusal("{\"networks\":[\"s3cret\"],\"vm\":[\"s3cret\"]}"))
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "null", "{} {}", "{\"networks\":{\"n\":{},\"n\":{}}}", "{'a':1}"})
  void refuses_what_is_not_one_json_object(String json) {
    assertThat(refusal(json).diagnostics())
        .singleElement()
        .satisfies(diagnostic -> assertThat(diagnostic.code()).isEqualTo("JsonSyntax"))
        .satisfies(diagnostic -> assertThat(diagnostic.message()).contains("one JSON object"));
  }

  @Test
  void says_where_the_syntax_is_broken() {
    Diagnostic diagnostic = onlyDiagnostic("{\n  \"networks\": }");

    assertThat(diagnostic.line()).isEqualTo(2);
    assertThat(diagnostic.column()).isEqualTo(15);
  }

  @Test
  void refuses_to_write_what_is_no_json() {
    Map<String, Object> others = Map.of("when", Map.of("at", Set.of(1)));

    assertThatThrownBy(
            () -> AgentSettingsFormat.format(new AgentSettings("", "", List.of(), false, others)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("settings/when/at: [1]:");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void refuses_to_write_a_number_that_json_lacks(double number) {
    Map<String, Object> others = Map.of("x", number);

    assertThatThrownBy(
            () -> AgentSettingsFormat.format(new AgentSettings("", "", List.of(), false, others)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"networks", "agent_id", "Networks"})
  void refuses_a_key_of_its_own_among_the_others(String key) {
    assertThatThrownBy(
            () ->
                AgentSettingsFormat.format(
                    new AgentSettings("", "", List.of(), false, Map.of(key, "x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + key + "\"");
  }

  @Test
  void refuses_a_key_of_a_network_among_its_others() {
    AgentHints hints = new AgentHints("", false, false, List.of(), Map.of("Mac", "x"));
    VmNetwork network = network("n", NetworkType.DYNAMIC, null, null, hints);

    assertThatThrownBy(
            () ->
                AgentSettingsFormat.format(
                    new AgentSettings("", "", List.of(network), false, Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("n: \"Mac\" among the other keys");
  }

  @Test
  void takes_the_numbers_of_yaml_readers() throws JsonProcessingException {
    Map<String, Object> others = new HashMap<>();
    others.put("x", List.of(1.5, 2.5f, 3L, (short) 4, (byte) 5));
    others.put("y", null);

    String written =
        AgentSettingsFormat.format(new AgentSettings("", "", List.of(), false, others));

    assertThat(tree(written)).isEqualTo(tree("{\"networks\":{},\"x\":[1.5,2.5,3,4,5],\"y\":null}"));
  }

  private static VmNetwork network(
      String name, NetworkType type, String block, String range, AgentHints hints) {
    return new VmNetwork(
        name,
        type,
        block == null ? null : IpPrefix.parse(block),
        range == null ? null : IpPrefix.parse(range),
        null,
        List.<IpAddress>of(),
        Set.of(),
        null,
        null,
        false,
        Map.of(),
        hints);
  }

  private static InvalidConfigurationException refusal(String json) {
    InvalidConfigurationException refusal =
        catchThrowableOfType(
            InvalidConfigurationException.class, () -> AgentSettingsFormat.parse(json));
    assertThat(refusal).as(json).isNotNull();
    return refusal;
  }

  private static Diagnostic onlyDiagnostic(String json) {
    List<Diagnostic> diagnostics = refusal(json).diagnostics();
    assertThat(diagnostics).hasSize(1);
    return diagnostics.get(0);
  }

  private static JsonNode tree(String json) throws JsonProcessingException {
    return new ObjectMapper().readTree(json);
  }
}
