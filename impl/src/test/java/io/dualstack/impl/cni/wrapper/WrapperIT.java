package io.dualstack.impl.cni.wrapper;

import static io.dualstack.testkit.lab.Outcome.ANSWERED;
import static io.dualstack.testkit.lab.Outcome.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.cni.IpamDurability;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.Service;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import io.dualstack.impl.cni.silk.SilkPlugin;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import io.dualstack.testkit.lab.ReachabilityMatrix;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The plugin around a real one, with real rules and real packets. */
@ExtendWith(LabExtension.class)
class WrapperIT {
  private static final Service WEB = Service.port(Protocol.TCP, 8080);
  private static final Service OTHER = Service.port(Protocol.TCP, 8081);
  private static final Service DNS = Service.port(Protocol.UDP, 53);

  /** What the agent was asked. */
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private LabHost cell;
  private LabHost outside;
  private LabHost container;
  private Namespace host;
  private PluginSkeleton plugin;
  private Path directory;
  private HttpServer agent;
  private volatile int agentAnswer = 405;

  @BeforeEach
  void a_cell(Lab lab, @TempDir Path temporary) throws IOException {
    directory = temporary;
    cell = lab.host("cell");
    outside = lab.host("outside");
    container = lab.container("c1");
    lab.route(IpPrefix.parse("2001:db8:30::/80"), cell);
    host = Namespace.open(cell.namespace());
    plugin =
        new PluginSkeleton(
            new WrapperPlugin(
                host,
                Map.of(
                    "silk-cni", new SilkPlugin(new HostLocalIpam(IpamDurability.DURABLE), host))));
    Files.writeString(
        directory.resolve("subnet.env"),
        "FLANNEL_SUBNET=10.255.30.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPV6_SUBNET=2001:db8:30::/80\n");
    agent =
        cell.call(
            () ->
                HttpServer.create(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 8722), 0));
    agent.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          boolean poll = exchange.getRequestURI().getPath().equals("/force-policy-poll-cycle");
          exchange.sendResponseHeaders(poll ? 200 : agentAnswer, -1);
          exchange.close();
        });
    agent.start();
    cell.ip("link set dev lo up");
  }

  @AfterEach
  void end() {
    agent.stop(0);
    host.close();
  }

  private String config(String more) {
    return """
        {"cniVersion": "1.0.0", "name": "cni-wrapper", "type": "cni-wrapper-plugin",
         "datastore": "%1$s/metadata/store.json", "iptables_lock_file": "%1$s/iptables.lock",
         "instance_address": "%2$s", "underlay_ips": ["%2$s"], "ingress_tag": "ffff0000",
         "vtep_name": "silk-vtep", "iptables_denied_logs_per_sec": 1,
         "iptables_accepted_udp_logs_per_sec": 100, "dns_servers": ["169.254.0.2", "192.0.2.53"],
         "host_tcp_services": ["169.254.0.2:8080"], "policy_agent_force_poll_address": "127.0.0.1:8722",
         "host_tcp_services_ipv6": ["[fd00::53]:8080"],
         "outbound_connections": {"burst": 100, "rate_per_sec": 10},
         "deny_networks": {"always": ["192.0.2.7/24"]},
         "metadata": {"policy_group_id": "app", "space_id": "space", "ports": "8080",
                      "container_workload": "app"},
         "runtimeConfig": {"netOutRules": [
           {"protocol": 1, "networks": [{"start": "172.31.0.0", "end": "172.31.0.255"},
                                        {"start": "2001:db8:ff::", "end": "2001:db8:ff::ffff"}],
            "ports": [{"start": 8080, "end": 8080}]}]},
         "delegate": {"type": "silk-cni", "dataDir": "%1$s/silk", "datastore": "%1$s/silk/store.json",
                      "subnetFile": "%1$s/subnet.env"}%3$s}
        """
        .formatted(directory, cell.address(IpFamily.IPV4), more);
  }

  private static final String IPV6 = ", \"ipv6_prefix\": \"2001:db8:30::/80\"";

  private PluginSkeleton.Answer call(String command, String config) {
    return plugin.serve(
        Map.of(
            "CNI_COMMAND", command,
            "CNI_CONTAINERID", "c1",
            "CNI_NETNS", container.namespace().toString(),
            "CNI_IFNAME", "eth0",
            "CNI_PATH", "/nowhere"),
        new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
  }

  private String done(String command, String config) {
    PluginSkeleton.Answer answer = call(command, config);
    assertThat(answer.exitCode()).as(answer.stdout()).isZero();
    return answer.stdout();
  }

  private static IpAddress inside(IpFamily family) {
    return IpAddress.parse(family == IpFamily.IPV4 ? "10.255.30.2" : "2001:db8:30::2");
  }

  @Test
  void a_container_reaches_what_it_may_and_nothing_reaches_it(Lab lab) throws InterruptedException {
    cell.ip("address add 169.254.0.2/32 dev lo", "address add fd00::53/128 dev lo nodad");
    String before = cell.run("ip", "-br", "link");

    String result = done("ADD", config(IPV6));

    assertThat(result).contains("10.255.30.2/32", "2001:db8:30::2/128", "192.0.2.53");
    outside.ip("route add 10.255.30.0/24 via " + cell.address(IpFamily.IPV4));
    ReachabilityMatrix matrix =
        ReachabilityMatrix.empty()
            .expecting(container, cell, IpAddress.parse("169.254.0.2"), DNS, ANSWERED)
            .expecting(container, cell, IpAddress.parse("169.254.0.2"), WEB, ANSWERED)
            .expecting(container, cell, IpAddress.parse("169.254.0.2"), OTHER, REFUSED)
            .expecting(container, cell, IpAddress.parse("fd00::53"), WEB, ANSWERED)
            .expecting(container, cell, IpAddress.parse("fd00::53"), OTHER, REFUSED);
    for (IpFamily family : IpFamily.values()) {
      IpAddress target = outside.address(family);
      matrix =
          matrix
              .expecting(container, outside, target, WEB, ANSWERED)
              .expecting(container, outside, target, OTHER, REFUSED)
              .expecting(container, outside, target, Service.ping(family), REFUSED)
              .expecting(container, cell, cell.address(family), WEB, REFUSED)
              .expecting(outside, container, inside(family), WEB, REFUSED)
              .expecting(outside, container, inside(family), Service.ping(family), REFUSED)
              .expecting(cell, container, inside(family), WEB, ANSWERED);
    }
    matrix.assertHolds();
    assertThat(asked)
        .containsExactly("/force-policy-poll-cycle", "/force-asgs-for-container?container=c1");

    done("DEL", config(IPV6));
    done("DEL", config(IPV6));

    assertThat(asked).contains("/force-orphaned-asgs-cleanup?container=c1");
    assertThat(cell.run("iptables-save")).doesNotContain("c1", "10.255.30.2");
    assertThat(cell.run("ip6tables-save")).doesNotContain("c1", "2001:db8:30::2");
    assertThat(cell.run("ip", "-br", "link")).isEqualTo(before);
  }

  @Test
  void where_the_agent_does_groups_the_runtimes_rules_are_not_applied() throws IOException {
    agentAnswer = 200;

    done("ADD", config(IPV6));

    assertThat(container.attempt(outside.address(IpFamily.IPV6), WEB).outcome()).isEqualTo(REFUSED);
    assertThat(Files.readString(directory.resolve("metadata/store.json")))
        .contains("\"c1\":{\"handle\":\"c1\",\"ip\":\"10.255.30.2\",\"ipv6\":\"2001:db8:30::2\"")
        .contains("\"policy_group_id\":\"app\"");
    assertThat(directory.resolve("metadata/store.json_version")).hasContent("1");
  }

  @Test
  void a_failing_agent_fails_the_attachment_and_nothing_is_left() throws IOException {
    agentAnswer = 500;
    String before = cell.run("ip", "-br", "link");

    PluginSkeleton.Answer answer = call("ADD", config(IPV6));

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.stdout()).contains("have security groups put in force", "answered 500");
    assertThat(cell.run("ip", "-br", "link")).isEqualTo(before);
    assertThat(cell.run("iptables-save")).doesNotContain("--c1");
    assertThat(cell.run("ip6tables-save")).doesNotContain("--c1");
    assertThat(Files.readString(directory.resolve("metadata/store.json"))).isEqualTo("{}\n");
    assertThat(directory.resolve("silk/ipam/cni-wrapper/10.255.30.2")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void before_a_container_is_reachable_its_address_is_shut(BackendKind backend)
      throws InterruptedException {
    String config =
        config(IPV6 + ", \"firewall_backend\": \"%s\"".formatted(backend.label()))
            .replace("\"type\": \"silk-cni\"", "\"type\": \"absent\"");

    PluginSkeleton.Answer answer = call("ADD", config);

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.stdout()).contains("run delegate", "absent");
    container.ip("link set dev lo up");
    cell.ip(
        "link add name inside type veth peer name eth0 netns " + container.namespace(),
        "link set dev inside up",
        "route add %s dev inside".formatted(inside(IpFamily.IPV6)));
    container.ip(
        "address add %s/128 dev eth0 nodad".formatted(inside(IpFamily.IPV6)),
        "link set dev eth0 up");
    ReachabilityMatrix.empty()
        .expecting(outside, container, inside(IpFamily.IPV6), WEB, REFUSED)
        .assertHolds();
  }

  @Test
  void an_ipv6_address_without_an_ipv6_firewall_is_refused() {
    PluginSkeleton.Answer answer = call("ADD", config(""));

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.stdout()).contains("ipv6_prefix: is missing", "2001:db8:30::2");
    assertThat(cell.run("ip", "-br", "link")).doesNotContain("s-010255030002");
  }

  @Test
  void without_ipv6_no_rule_of_it_is_written() throws IOException {
    Files.writeString(
        directory.resolve("subnet.env"), "FLANNEL_SUBNET=10.255.30.1/24\nFLANNEL_MTU=1450\n");
    String before = cell.run("nft", "list", "tables", "ip6");

    done("ADD", config(""));

    assertThat(cell.run("nft", "list", "tables", "ip6")).isEqualTo(before);
    assertThat(container.attempt(outside.address(IpFamily.IPV4), WEB).outcome())
        .as("nobody listens there, but the way is open")
        .isEqualTo(REFUSED);
  }
}
