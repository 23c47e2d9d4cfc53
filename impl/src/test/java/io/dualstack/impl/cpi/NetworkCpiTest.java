package io.dualstack.impl.cpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.impl.provider.local.LocalProvider;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkCpiTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The network of the RFC beside single addresses of both families, all on one NIC. */
  private static final String NETWORKS =
      """
      {
        "cells_v4": {"type": "manual", "ip": "10.0.16.4", "prefix": "32",
          "netmask": "255.255.240.0", "gateway": "10.0.16.1", "dns": ["10.0.0.2"],
          "default": ["dns", "gateway"], "nic_group": "1",
          "cloud_properties": {"subnet": "subnet-12345", "security_groups": ["sg-abcd"]}},
        "cells_v6": {"type": "manual", "ip": "2001:db8:4e04:d139::1000", "prefix": "128",
          "netmask": "ffff:ffff:ffff:ffff:0000:0000:0000:0000",
          "gateway": "2001:db8:4e04:d139::1", "nic_group": "1",
          "cloud_properties": {"subnet": "subnet-12345"}},
        "diego_cells_ipv6": {"type": "manual", "ip": "2001:db8:4e04:d139:1::", "prefix": "80",
          "netmask": "ffff:ffff:ffff:ffff:0000:0000:0000:0000",
          "gateway": "2001:db8:4e04:d139::1", "nic_group": "1", "made_up": {"kept": true},
          "cloud_properties": {"subnet": "subnet-12345"}},
        "floating": {"type": "vip", "ip": "192.0.2.7", "prefix": "32", "cloud_properties": {}}
      }
      """;

  private final InMemoryProviderContext context = new InMemoryProviderContext();
  private final LocalProvider provider = new LocalProvider();

  private JsonNode call(String request) throws IOException {
    NetworkCpi cpi = new NetworkCpi(networks -> provider.open(context.define(networks)));
    JsonNode answer = JSON.readTree(cpi.serve(request));
    assertThat(answer.fieldNames()).toIterable().containsExactly("result", "error", "log");
    assertThat(answer.get("log").isTextual()).isTrue();
    return answer;
  }

  private static String createVm(String agent, String networks, String more) {
    return """
        {"method": "create_vm", "context": {"director_uuid": "d"},
         "arguments": ["%s", "stemcell", {"security_groups": ["sg-vm"]}, %s, [], {}]%s}
        """
        .formatted(agent, networks, more);
  }

  private static String of(String method, String arguments) {
    return "{\"method\": \"" + method + "\", \"arguments\": " + arguments + ", \"context\": {}}";
  }

  @Test
  void info_says_which_version_is_spoken() throws IOException {
    JsonNode answer = call(of("info", "[]"));

    assertThat(answer.get("result"))
        .isEqualTo(JSON.readTree("{\"stemcell_formats\": [], \"api_version\": 2}"));
    assertThat(answer.get("error").isNull()).isTrue();
  }

  @Test
  void create_vm_attaches_and_completes_the_networks() throws IOException {
    JsonNode answer = call(createVm("agent-1", NETWORKS, ", \"api_version\": 2"));

    assertThat(answer.get("error").isNull()).as("%s", answer).isTrue();
    assertThat(answer.at("/result/0").asText()).isEqualTo("agent-1");
    JsonNode networks = answer.at("/result/1");
    List<String> macs = new ArrayList<>();
    for (String name : List.of("cells_v4", "cells_v6", "diego_cells_ipv6")) {
      macs.add(networks.at("/" + name + "/mac").asText());
      assertThat(networks.at("/" + name + "/nic_id").asText()).isEqualTo("cpi/agent-1/1");
    }
    assertThat(macs).doesNotContain("").hasSize(3);
    assertThat(macs.stream().distinct()).hasSize(1);
    assertThat(networks.at("/diego_cells_ipv6/made_up/kept").asBoolean()).isTrue();
    assertThat(networks.get("floating")).isEqualTo(JSON.readTree(NETWORKS).get("floating"));
    assertThat(answer.get("log").asText())
        .isEqualTo(
            "attached NIC 1 (cpi/agent-1/1) with [10.0.16.4/32, 2001:db8:4e04:d139::1000/128,"
                + " 2001:db8:4e04:d139:1::/80]");
  }

  @Test
  void in_version_1_the_answer_is_the_identifier_alone() throws IOException {
    assertThat(call(createVm("agent-1", NETWORKS, "")).get("result").asText()).isEqualTo("agent-1");
  }

  @Test
  void another_version_is_refused() throws IOException {
    for (String version : List.of("0", "3")) {
      JsonNode answer = call(createVm("agent-1", NETWORKS, ", \"api_version\": " + version));
      assertThat(answer.at("/error/type").asText()).isEqualTo("Bosh::Clouds::NotSupported");
      assertThat(answer.at("/error/message").asText())
          .isEqualTo("/api_version: " + version + ": is unsupported; use 1 or 2");
    }
    assertThat(call(of("has_vm", "[\"agent-1\"]")).get("result").asBoolean(true)).isFalse();
  }

  @Test
  void asking_again_changes_nothing() throws IOException {
    JsonNode first = call(createVm("agent-1", NETWORKS, ", \"api_version\": 2"));

    JsonNode again = call(createVm("agent-1", NETWORKS, ", \"api_version\": 2"));

    assertThat(again.get("result")).isEqualTo(first.get("result"));
    assertThat(again.get("log").asText()).startsWith("found NIC 1");
  }

  @Test
  void a_machine_is_there_until_it_is_deleted() throws IOException {
    assertThat(call(of("has_vm", "[\"agent-1\"]")).get("result").asBoolean(true)).isFalse();
    call(createVm("agent-1", NETWORKS, ""));
    assertThat(call(of("has_vm", "[\"agent-1\"]")).get("result").asBoolean()).isTrue();

    assertThat(call(of("delete_vm", "[\"agent-1\"]")).get("result").isNull()).isTrue();
    assertThat(call(of("delete_vm", "[\"agent-1\"]")).get("error").isNull()).isTrue();

    assertThat(call(of("has_vm", "[\"agent-1\"]")).get("result").asBoolean(true)).isFalse();
  }

  @Test
  void a_conflict_may_be_tried_again_and_leaves_nothing_behind() throws IOException {
    call(createVm("agent-1", NETWORKS, ""));
    String two =
        """
        {"other": {"type": "manual", "ip": "10.0.16.9", "netmask": "255.255.240.0",
           "prefix": "32", "cloud_properties": {}},
         "taken": {"type": "manual", "ip": "10.0.16.4", "netmask": "255.255.240.0",
           "prefix": "32", "cloud_properties": {}}}
        """;

    JsonNode answer = call(createVm("agent-2", two, ""));

    assertThat(answer.get("result").isNull()).isTrue();
    assertThat(answer.at("/error/type").asText()).isEqualTo("Bosh::Clouds::VMCreationFailed");
    assertThat(answer.at("/error/ok_to_retry").asBoolean()).isTrue();
    assertThat(answer.at("/error/message").asText()).contains("10.0.16.4", "cpi/agent-1");
    assertThat(call(of("has_vm", "[\"agent-2\"]")).get("result").asBoolean(true)).isFalse();
  }

  @Test
  void a_failed_change_leaves_the_nics_of_a_running_machine() throws IOException {
    call(createVm("agent-1", NETWORKS, ""));
    String own =
        """
        {"a": {"type": "manual", "ip": "10.0.16.9", "netmask": "255.255.240.0", "prefix": "32",
           "cloud_properties": {}}}
        """;
    call(createVm("agent-2", own, ""));

    call(createVm("agent-2", own.replace("10.0.16.9", "10.0.16.4"), ""));

    assertThat(call(of("has_vm", "[\"agent-2\"]")).get("result").asBoolean()).isTrue();
  }

  @Test
  void a_prefix_of_a_size_is_picked_by_the_infrastructure_and_told() throws IOException {
    String open =
        """
        {"v6": {"type": "manual", "ip": "2001:db8::5", "prefix": "128",
           "netmask": "ffff:ffff:ffff:ffff:0000:0000:0000:0000",
           "cloud_properties": {"ipv6_prefix_delegation_size": 80}}}
        """;

    JsonNode answer = call(createVm("agent-1", open, ", \"api_version\": 2"));

    assertThat(answer.at("/result/1/v6/ipv6_prefix").asText()).isEqualTo("2001:db8:0:0:1::/80");
    JsonNode again = call(createVm("agent-1", open, ", \"api_version\": 2"));
    assertThat(again.get("result")).isEqualTo(answer.get("result"));
    String wrong = open.replace(": 80", ": \"big\"");
    assertThat(call(createVm("agent-1", wrong, "")).at("/error/message").asText())
        .isEqualTo(
            "networks.v6.cloud_properties.ipv6_prefix_delegation_size: big: is no prefix length;"
                + " use 1 to 127");
  }

  @Test
  void what_is_compute_is_not_implemented_and_what_nobody_knows_is_no_method() throws IOException {
    assertThat(call(of("create_stemcell", "[\"/image\", {}]")).at("/error/type").asText())
        .isEqualTo("Bosh::Clouds::NotImplemented");
    JsonNode unknown = call(of("make_coffee", "[]"));
    assertThat(unknown.at("/error/type").asText()).isEqualTo("InvalidCall");
    assertThat(unknown.at("/error/message").asText())
        .isEqualTo("Method is not known, got 'make_coffee'");
  }

  @Test
  void a_wrong_request_is_answered_with_what_is_wrong() throws IOException {
    assertThat(call("{").at("/error/message").asText()).startsWith("the request is no JSON");
    assertThat(call("[]").at("/error/message").asText()).contains("is no JSON object");
    assertThat(call("{}").at("/error/message").asText()).startsWith("/method");
    assertThat(call("{\"method\": \"info\"}").at("/error/message").asText())
        .startsWith("/arguments");
    assertThat(call(of("has_vm", "[]")).at("/error/message").asText())
        .isEqualTo("/arguments/0: is missing: the machine's identifier of has_vm must be a string");
    assertThat(call(of("has_vm", "[\"a/b\"]")).at("/error/message").asText()).contains("\"a/b\"");
    assertThat(
            call(createVm("a", "{\"v4\": {\"type\": \"manual\", \"ip\": \"10.0.0.300\"}}", ""))
                .at("/error/message")
                .asText())
        .contains("10.0.0.300");
    assertThat(
            call(createVm("a", "{\"v4\": {\"type\": \"manual\", \"ip\": \"10.0.0.3\"}}", ""))
                .at("/error/message")
                .asText())
        .contains("networks.v4.netmask");
  }

  @Test
  void a_network_is_found_by_its_range_and_never_made() throws IOException {
    JsonNode missing =
        call(of("create_network", "[{\"type\": \"manual\", \"range\": \"10.9.0.0/24\"}]"));
    assertThat(missing.at("/error/type").asText()).isEqualTo("Bosh::Clouds::NetworkNotFound");
    JsonNode bits = call(of("create_network", "[{\"type\": \"manual\", \"netmask_bits\": 24}]"));
    assertThat(bits.at("/error/type").asText()).isEqualTo("Bosh::Clouds::NotSupported");

    assertThat(call(of("delete_network", "[\"subnet-1\"]")).get("log").asText())
        .contains("subnet-1 was not made here");
  }
}
