package io.dualstack.impl.cni.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.DenyNetworks;
import io.dualstack.firewall.FirewallLogging;
import io.dualstack.firewall.HostService;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.cni.protocol.CniCall;
import io.dualstack.impl.cni.protocol.CniConfig;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrapperConfigTest {
  private static final JsonMapper JSON = new JsonMapper();

  private ObjectNode tree;

  @BeforeEach
  void a_complete_configuration() throws IOException {
    tree =
        (ObjectNode)
            JSON.readTree(
                """
                {"cniVersion": "1.0.0", "name": "net", "type": "cni-wrapper-plugin",
                 "datastore": "/d/store.json", "iptables_lock_file": "/d/lock",
                 "instance_address": "10.0.0.1", "underlay_ips": ["10.0.0.1", "2001:db8::1"],
                 "ingress_tag": "ffff0000", "vtep_name": "silk-vtep",
                 "no_masquerade_cidr_range": "10.255.0.0/16",
                 "dns_servers": ["169.254.0.2", "8.8.8.8", "fe80::1"],
                 "host_tcp_services": ["169.254.0.2:9001"],
                 "host_udp_services": ["169.254.0.2:9002"],
                 "host_tcp_services_ipv6": ["[fd00::1]:9003"],
                 "deny_networks": {"always": ["10.0.0.5/8"], "staging": ["192.0.2.0/24"]},
                 "deny_networks_ipv6": {"running": ["2001:db8:9::1/48"]},
                 "iptables_asg_logging": true, "iptables_denied_logs_per_sec": 2,
                 "iptables_accepted_udp_logs_per_sec": 3,
                 "outbound_connections": {"limit": true, "logging": true, "burst": 900,
                                          "rate_per_sec": 100},
                 "ipv6_prefix": "2001:db8:30::/80", "platform_networks_ipv6": ["2001:db8:1::/64"],
                 "container_networks_ipv6": ["2001:db8:30::/64"],
                 "policy_agent_force_poll_address": "127.0.0.1:8722",
                 "metadata": {"space_id": "s"},
                 "runtimeConfig": {
                   "portMappings": [{"host_port": 61001, "container_port": 8080}],
                   "netOutRules": []},
                 "delegate": {"type": "silk-cni", "mtu": 1450}}
                """);
  }

  private WrapperConfig read() {
    return WrapperConfig.read(
        new CniCall("ADD", "c", "/n", "eth0", "", "/p", new CniConfig(tree), Map.of()),
        fields -> List.of("eth0", "eth1"));
  }

  @Test
  void everything_is_read() {
    WrapperConfig config = read();

    assertThat(config.cell())
        .isEqualTo(
            new CellFirewall(
                IpAddress.parse("10.0.0.1"),
                List.of("eth0", "eth1"),
                "silk-vtep",
                0xffff0000L,
                List.of(
                    IpAddress.parse("169.254.0.2"),
                    IpAddress.parse("8.8.8.8"),
                    IpAddress.parse("fe80::1")),
                List.of(
                    service(Protocol.TCP, "169.254.0.2:9001"),
                    service(Protocol.TCP, "[fd00::1]:9003"),
                    service(Protocol.UDP, "169.254.0.2:9002")),
                new DenyNetworks(
                    List.of(IpPrefix.parse("10.0.0.0/8")),
                    List.of(IpPrefix.parse("2001:db8:9::/48")),
                    List.of(IpPrefix.parse("192.0.2.0/24"))),
                new ConnectionLimit(100, 900, ConnectionLimit.Effect.LOGGED_AND_REJECTED),
                IpPrefix.parse("10.255.0.0/16"),
                new FirewallLogging(true, false, 2, 3),
                new Ipv6Firewall(
                    IpPrefix.parse("2001:db8:30::/80"),
                    IpSet.of(IpRange.of(IpPrefix.parse("2001:db8:30::/64"))),
                    IpSet.of(IpRange.of(IpPrefix.parse("2001:db8:1::/64"))))));
    assertThat(config.mappings()).containsExactly(new PortMapping(61001, 8080));
    assertThat(config.delegate().toString())
        .isEqualTo(
            "{\"type\":\"silk-cni\",\"mtu\":1450,\"cniVersion\":\"1.0.0\",\"name\":\"net\"}");
    assertThat(config.dnsServers()).containsExactly("169.254.0.2", "8.8.8.8", "fe80::1");
    assertThat(config.egress().rules()).isEmpty();
  }

  private static HostService service(Protocol transport, String endpoint) {
    return new HostService(transport, IpEndpoint.parse(endpoint));
  }

  @Test
  void without_a_prefix_there_is_no_ipv6_and_without_limits_none() throws IOException {
    tree.remove("ipv6_prefix");
    tree.set("outbound_connections", JSON.readTree("{\"burst\": 1, \"rate_per_sec\": 1}"));

    assertThat(read().cell().ipv6()).isNull();
    assertThat(read().cell().limit()).isNull();

    tree.withObject("outbound_connections").put("dry_run", true);
    assertThat(read().cell().limit())
        .isEqualTo(new ConnectionLimit(1, 1, ConnectionLimit.Effect.LOGGED));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          datastore                       |        | datastore: is missing
          iptables_lock_file              |        | iptables_lock_file: is missing
          instance_address                |        | instance_address: is missing
          instance_address                | "fe80::1" | instance_address: fe80::1
          underlay_ips                    |        | underlay_ips: is missing
          ingress_tag                     |        | ingress_tag: is missing
          ingress_tag                     | "xyz"  | ingress_tag:
          ingress_tag                     | "1"    | ingress_tag: 1
          vtep_name                       |        | vtep_name: is missing
          iptables_denied_logs_per_sec    |        | iptables_denied_logs_per_sec: 0
          iptables_accepted_udp_logs_per_sec | -1  | iptables_accepted_udp_logs_per_sec: -1
          outbound_connections            |        | outbound_connections: is missing
          outbound_connections            | {"burst": 1} | outbound_connections.rate_per_sec: 0
          dns_servers                     | ["10.0.0.1", "localhost"] | dns_servers[1]: "localhost": is not an IP address
          host_tcp_services               | ["10.0.0.1"] | host_tcp_services[0]: "10.0.0.1": has no port
          host_udp_services_ipv6          | ["2001:db8::1:80"] | host_udp_services_ipv6[0]: "2001:db8::1:80"
          deny_networks                   | {"always": ["10.0.0.1"]} | deny_networks.always[0]: "10.0.0.1"
          ipv6_prefix                     | "10.0.0.0/8" | 10.0.0.0/8
          firewall_backend                | "pf"   | firewall_backend: "pf": is no back end; use
          runtimeConfig                   | {"portMappings": [{"host_port": 0, "container_port": 80}]} | runtimeConfig.portMappings[0].host_port: 0
          delegate                        | {}     | delegate.type: is missing
          """)
  void what_is_missing_or_wrong_is_named(String key, String value, String message)
      throws IOException {
    if (value == null) {
      tree.remove(key);
    } else {
      JsonNode node = JSON.readTree(value);
      tree.set(key, node);
    }

    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            CniException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(CniErrorCode.INVALID_CONFIGURATION);
              assertThat(failure.message()).contains(message);
            });
  }

  private List<SecurityGroupRule> egress(String rules) throws IOException {
    tree.withObject("runtimeConfig").set("netOutRules", JSON.readTree(rules));
    return read().egress().rules();
  }

  @Test
  void gardens_rules_become_those_of_a_group() throws IOException {
    IpSet one = IpSet.of(IpRange.single(IpAddress.parse("192.0.2.1")));
    IpSet both =
        IpSet.of(
            List.of(
                new IpRange(IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.9")),
                IpRange.single(IpAddress.parse("2001:db8::1"))));
    String networks =
        "\"networks\": [{\"start\": \"192.0.2.1\", \"end\": \"192.0.2.9\"},"
            + " {\"start\": \"2001:db8::1\"}]";

    assertThat(
            egress(
                "[{\"protocol\": 1, %s, \"ports\": [{\"start\": 80, \"end\": 90}], \"log\": true}]"
                    .formatted(networks)))
        .containsExactly(
            new SecurityGroupRule(
                new Traffic.Ports(Protocol.TCP, List.of(new PortRange(80, 90))), both, true, ""));
    assertThat(egress("[{\"protocol\": 0, \"networks\": [{\"start\": \"192.0.2.1\"}]}]"))
        .containsExactly(new SecurityGroupRule(new Traffic.All(), one, false, ""));
    assertThat(
            egress(
                "[{\"protocol\": 3, %s, \"icmps\": {\"type\": 8, \"code\": 0}}]"
                    .formatted(networks)))
        .containsExactly(
            new SecurityGroupRule(
                new Traffic.Icmp(IpFamily.IPV4, 8, 0), both.only(IpFamily.IPV4), false, ""));
    assertThat(
            egress(
                "[{\"protocol\": 4, %s, \"icmps\": {\"type\": 128, \"code\": 0}}]"
                    .formatted(networks)))
        .containsExactly(
            new SecurityGroupRule(
                new Traffic.Icmp(IpFamily.IPV6, 128, 0), both.only(IpFamily.IPV6), false, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{"protocol": 1, "ports": [{"start": 80, "end": 80}]}]
          [{"protocol": 1, "networks": [{"start": "192.0.2.1"}]}]
          [{"protocol": 0, "networks": [{"start": "192.0.2.1"}], "ports": [{"start": 80, "end": 80}]}]
          [{"protocol": 3, "networks": [{"start": "192.0.2.1"}], "icmps": {"type": 8}}]
          [{"protocol": 3, "networks": [{"start": "2001:db8::1"}], "icmps": {"type": 8, "code": 0}}]
          [{"protocol": 9, "networks": [{"start": "192.0.2.1"}]}]
          """)
  void a_rule_that_says_nothing_usable_means_nothing(String rules) throws IOException {
    assertThat(egress(rules)).isEmpty();
  }

  @Test
  void a_range_that_is_none_is_refused_with_its_place() {
    for (String network :
        List.of(
            "{\"start\": \"192.0.2.9\", \"end\": \"192.0.2.1\"}",
            "{\"start\": \"192.0.2.9\", \"end\": \"2001:db8::1\"}",
            "{\"end\": \"192.0.2.1\"}")) {
      assertThatThrownBy(() -> egress("[{\"protocol\": 0, \"networks\": [%s]}]".formatted(network)))
          .isInstanceOf(CniException.class)
          .hasMessageContaining("runtimeConfig.netOutRules[0].networks[0].");
    }
  }
}
