package io.dualstack.impl.policy.agent;

import static io.dualstack.testkit.lab.Outcome.ANSWERED;
import static io.dualstack.testkit.lab.Outcome.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Meters;
import io.dualstack.cni.IpamDurability;
import io.dualstack.firewall.Service;
import io.dualstack.impl.cell.Await;
import io.dualstack.impl.cell.Programs;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import io.dualstack.impl.cni.silk.SilkPlugin;
import io.dualstack.impl.cni.wrapper.WrapperPlugin;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.http.TestAuthority.Identity;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.policy.http.InternalPolicyServer;
import io.dualstack.impl.policy.store.memory.MemoryPolicyStore;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import io.dualstack.testkit.lab.Flow;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import io.dualstack.testkit.lab.ReachabilityMatrix;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two containers of a cell, whose plugin, agent and policy server are the real ones. */
@ExtendWith(LabExtension.class)
class PolicyAgentIT {
  private static final Service WEB = Service.port(Protocol.TCP, 8080);
  private static final Service OTHER = Service.port(Protocol.TCP, 8081);
  private static final NetworkPolicy POLICY =
      new NetworkPolicy(
          "app-a", new PolicyDestination.App("app-b", Protocol.TCP, PortRange.single(8080)));

  private final PolicyStore store = new MemoryPolicyStore(2, TestClock.atNoon());
  private Path directory;
  private LabHost cell;
  private LabHost outside;
  private LabHost one;
  private LabHost two;
  private Namespace host;
  private PluginSkeleton plugin;
  private TlsServer server;
  private Programs programs;
  private Path config;
  private Process agent;

  @BeforeEach
  void a_cell_with_two_containers(Lab lab, @TempDir Path temporary) throws IOException {
    directory = temporary;
    cell = lab.host("cell");
    outside = lab.host("outside");
    one = lab.container("one");
    two = lab.container("two");
    lab.route(IpPrefix.parse("2001:db8:30::/80"), cell);
    cell.ip("link set dev lo up");
    host = Namespace.open(cell.namespace());
    programs = new Programs(Files.createDirectory(directory.resolve("programs")), cell);
    TestAuthority authority = TestAuthority.in(directory, "ca");
    Identity serving = authority.issue("server");
    Identity asking = authority.issue("cell");
    MutualTls tls =
        MutualTls.read(
            authority.certificate(),
            serving.certificate(),
            serving.key(),
            new MutualTls.Names("ca", "certificate", "key"));
    server =
        cell.call(
            () ->
                InternalPolicyServer.start(
                    new InetSocketAddress("127.0.0.1", 0), tls, store, Meters.NONE));
    config =
        Files.writeString(
            directory.resolve("agent.json"),
            """
            {"poll_interval": 1, "asg_poll_interval": 1, "enable_asg_syncing": true,
             "cni_datastore_path": "%1$s/metadata/store.json",
             "policy_server_url": "https://127.0.0.1:%2$d", "client_timeout_seconds": 60,
             "ca_cert_file": "%3$s", "client_cert_file": "%4$s", "client_key_file": "%5$s",
             "iptables_lock_file": "%1$s/iptables.lock", "underlay_ips": ["%6$s"],
             "iptables_denied_logs_per_sec": 1, "iptables_accepted_udp_logs_per_sec": 100,
             "deny_networks": {"always": ["192.0.2.0/24"]}, "vni": 1,
             "enable_ipv6": true, "ipv6_prefix": "2001:db8:30::/80"}
            """
                .formatted(
                    directory,
                    server.address().getPort(),
                    authority.certificate(),
                    asking.certificate(),
                    asking.key(),
                    cell.address(IpFamily.IPV4)));
    Files.writeString(
        directory.resolve("subnet.env"),
        "FLANNEL_SUBNET=10.255.30.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPV6_SUBNET=2001:db8:30::/80\n");
    plugin =
        new PluginSkeleton(
            new WrapperPlugin(
                host,
                Map.of(
                    "silk-cni", new SilkPlugin(new HostLocalIpam(IpamDurability.DURABLE), host))));
    startAgent();
    add(one, "app-a");
    add(two, "app-b");
  }

  @AfterEach
  void end() throws InterruptedException {
    programs.close();
    server.close();
    host.close();
  }

  private void startAgent() throws IOException {
    agent = programs.run(cell, "policies", "agent", "--config", config.toString());
    assertThat(Programs.until(agent, "policies and"))
        .isEqualTo("policies and security groups by iptables, IPv6 too, plugins ask port 8722");
  }

  private void add(LabHost container, String app) {
    String wrapper =
        """
        {"cniVersion": "1.0.0", "name": "cni-wrapper", "type": "cni-wrapper-plugin",
         "datastore": "%1$s/metadata/store.json", "iptables_lock_file": "%1$s/iptables.lock",
         "instance_address": "%2$s", "underlay_ips": ["%2$s"], "ingress_tag": "ffff0000",
         "vtep_name": "silk-vtep", "iptables_denied_logs_per_sec": 1,
         "iptables_accepted_udp_logs_per_sec": 100,
         "policy_agent_force_poll_address": "127.0.0.1:8722",
         "outbound_connections": {"burst": 100, "rate_per_sec": 10},
         "ipv6_prefix": "2001:db8:30::/80",
         "metadata": {"policy_group_id": "%3$s", "space_id": "space", "ports": "8080",
                      "container_workload": "app"},
         "delegate": {"type": "silk-cni", "dataDir": "%1$s/silk", "datastore": "%1$s/silk/store.json",
                      "subnetFile": "%1$s/subnet.env"}}
        """
            .formatted(directory, cell.address(IpFamily.IPV4), app);
    PluginSkeleton.Answer answer =
        plugin.serve(
            Map.of(
                "CNI_COMMAND", "ADD",
                "CNI_CONTAINERID", container.name(),
                "CNI_NETNS", container.namespace().toString(),
                "CNI_IFNAME", "eth0",
                "CNI_PATH", "/nowhere"),
            new ByteArrayInputStream(wrapper.getBytes(StandardCharsets.UTF_8)));
    assertThat(answer.exitCode()).as(answer.stdout()).isZero();
  }

  private IpAddress inside(LabHost container, IpFamily family) {
    int last = container == one ? 2 : 3;
    return IpAddress.parse((family == IpFamily.IPV4 ? "10.255.30." : "2001:db8:30::") + last);
  }

  private void group(String destination) {
    store.replaceSecurityGroups(
        List.of(
            AgentWorld.group(
                "web",
                true,
                AgentWorld.rule("tcp", "10.0.0.1-123", "8080"),
                AgentWorld.rule("tcp", destination, "8080"))));
  }

  private String everywhere() {
    return outside.address(IpFamily.IPV4) + "," + outside.address(IpFamily.IPV6);
  }

  private void force() {
    assertThat(Programs.get(cell, 8722, "/force-policy-poll-cycle")).isEmpty();
    for (LabHost container : List.of(one, two)) {
      assertThat(Programs.get(cell, 8722, "/force-asgs-for-container?container=" + container))
          .isEmpty();
    }
  }

  private int status(int port, String method, String path, String body) {
    return cell.call(
        () -> {
          HttpURLConnection connection =
              (HttpURLConnection)
                  new URL("http", "127.0.0.1", port, path).openConnection(Proxy.NO_PROXY);
          connection.setRequestProperty("Connection", "close");
          connection.setRequestMethod(method);
          if (!body.isEmpty()) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
          }
          return connection.getResponseCode();
        });
  }

  private void assertEffect(boolean allowed) throws InterruptedException {
    var outcome = allowed ? ANSWERED : REFUSED;
    ReachabilityMatrix matrix =
        ReachabilityMatrix.empty()
            .expecting(one, two, inside(two, IpFamily.IPV4), WEB, outcome)
            .expecting(one, two, inside(two, IpFamily.IPV4), OTHER, REFUSED)
            .expecting(two, one, inside(one, IpFamily.IPV4), WEB, REFUSED)
            .expecting(one, two, inside(two, IpFamily.IPV6), WEB, REFUSED);
    for (IpFamily family : IpFamily.values()) {
      matrix =
          matrix
              .expecting(one, outside, outside.address(family), WEB, outcome)
              .expecting(two, outside, outside.address(family), WEB, outcome)
              .expecting(one, outside, outside.address(family), OTHER, REFUSED);
    }
    matrix.assertHolds();
  }

  @Test
  void policies_and_groups_take_effect_in_both_families_and_are_taken_back()
      throws InterruptedException {
    assertEffect(false);

    store.create(List.of(POLICY), 9);
    group(everywhere());
    force();
    assertEffect(true);
    assertThat(Programs.get(cell, 8721, "/metrics"))
        .contains("vxlan_policy_agent_policy_rules 2.0", "iptables_enforce_time_seconds_count");

    store.delete(List.of(POLICY));
    store.replaceSecurityGroups(List.of());
    force();
    assertEffect(false);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void what_somebody_flushes_is_enforced_again_with_the_next_round() throws Exception {
    store.create(List.of(POLICY), 9);
    group(everywhere());
    force();

    cell.run("iptables", "-F");
    assertThat(restored("policies")).contains("one", "two");
    cell.run("ip6tables", "-F");
    assertThat(restored("what no container has rules for")).contains("one", "two");

    assertEffect(true);
  }

  private String restored(String part) throws IOException {
    return Programs.until(
        agent, part, line -> line.contains("are in force again") && line.contains(part));
  }

  @Test
  void what_is_in_force_stays_while_the_server_is_away() throws InterruptedException {
    store.create(List.of(POLICY), 9);
    group(everywhere());
    force();

    server.close();

    assertThat(status(8722, "GET", "/force-policy-poll-cycle", "")).isEqualTo(500);
    assertThat(status(8722, "POST", "/force-asgs-for-container?container=one", "")).isEqualTo(500);
    assertEffect(true);
  }

  @Test
  void operators_are_told_the_groups_that_the_server_told_last_and_how_old_they_are()
      throws Exception {
    group(everywhere());
    Await.until("the groups", () -> told().contains(everywhere()));

    String shown = shown("list");
    assertThat(shown.lines().toList().get(0)).matches("As of \\d+ s ago\\.");
    assertThat(shown).contains("web", "10.0.0.1-123", everywhere(), "running");
    assertThat(shown("show")).contains("name: web", "\"destination\": \"" + everywhere() + "\"");

    server.close();
    Await.until("a poll that fails", () -> told().contains("\"failure\""));
    assertThat(shown("list")).contains("Since then the policy server told nothing: ", everywhere());
  }

  private String told() {
    return Programs.get(cell, 8721, "/security-groups");
  }

  private String shown(String verb) throws IOException, InterruptedException {
    return programs.runToEnd(cell, "security-group", verb, "--cell", "http://127.0.0.1:8721");
  }

  @Test
  void questions_are_answered_as_plugins_expect() {
    assertThat(status(8722, "GET", "/force-asgs-for-container", "")).isEqualTo(400);
    assertThat(status(8722, "GET", "/force-asgs-for-container?container=nobody", ""))
        .isEqualTo(500);
    assertThat(status(8722, "PUT", "/force-orphaned-asgs-cleanup?container=nobody", ""))
        .isEqualTo(200);
    assertThat(status(8722, "GET", "/elsewhere", "")).isEqualTo(404);
    assertThat(status(8721, "PUT", "/iptables-c2c-logging", "{\"enabled\": true}")).isEqualTo(200);
    assertThat(Programs.get(cell, 8721, "/iptables-c2c-logging")).isEqualTo("{\"enabled\":true}");
    assertThat(status(8721, "PUT", "/iptables-c2c-logging", "{}")).isEqualTo(400);
  }

  @Test
  void an_agent_that_is_killed_and_started_again_takes_over_without_a_gap() throws Exception {
    store.create(List.of(POLICY), 9);
    group(everywhere());
    force();
    IpAddress web4 = outside.address(IpFamily.IPV4);
    IpAddress web6 = outside.address(IpFamily.IPV6);
    try (var first = two.listen(inside(two, IpFamily.IPV4), WEB);
        var second = outside.listen(web6, WEB);
        var third = outside.listen(web4, OTHER);
        var fourth = two.listen(inside(two, IpFamily.IPV6), WEB);
        Flow policy = one.flow(inside(two, IpFamily.IPV4), WEB);
        Flow group = two.flow(web6, WEB);
        Flow denied = one.flow(web4, OTHER);
        Flow deniedBetween = one.flow(inside(two, IpFamily.IPV6), WEB)) {
      List<Flow> flows = List.of(policy, group, denied, deniedBetween);
      for (int round = 0; round < 2; round++) {
        for (Flow flow : flows) {
          flow.await(5);
        }
        agent.destroyForcibly().waitFor();
        startAgent();
        force();
      }
      for (Flow flow : flows) {
        flow.await(5);
        flow.close();
      }
      policy.assertAll(ANSWERED);
      group.assertAll(ANSWERED);
      denied.assertAll(REFUSED);
      deniedBetween.assertAll(REFUSED);
      assertThat(first.port() + second.port() + third.port() + fourth.port()).isPositive();
    }
    assertThat(cell.run("iptables", "-S", "FORWARD").lines())
        .filteredOn(line -> line.contains("vpa--"))
        .hasSize(1);
  }
}
