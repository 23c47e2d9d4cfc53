package io.dualstack.impl.cni.garden;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.cell.InstalledPlugins;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The networker as Guardian runs it: an executable, with plugins of ours and of others. */
@ExtendWith(LabExtension.class)
class GardenNetworkIT {
  private static final String HANDLE = "c0ffee-1";
  private static final String NOTHING = "{\"acquired_ports\":{}}\n";
  private static final String SILK =
      """
      {"type": "silk-cni", "dataDir": "%1$s/silk", "datastore": "%1$s/silk/store.json",
       "subnetFile": "%1$s/subnet.env"}""";
  private static final String PORTMAP =
      ", {\"type\": \"portmap\", \"capabilities\": {\"portMappings\": true}, \"snat\": true}";
  private static final String BANDWIDTH =
      """
      , {"type": "bandwidth", "ingressRate": 8000000, "ingressBurst": 8000000,
         "egressRate": 8000000, "egressBurst": 8000000}""";
  private static final String BRIDGE =
      """
      {"type": "bridge", "bridge": "garden0", "isGateway": true,
       "ipam": {"type": "host-local", "dataDir": "%1$s/ipam",
         "ranges": [[{"subnet": "10.20.0.0/24"}], [{"subnet": "2001:db8:20::/80"}]],
         "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]},
       "dns": {"nameservers": ["169.254.0.2", "2001:db8::53"]}}""";

  @TempDir static Path installed;
  @TempDir Path directory;
  private LabHost host;
  private LabHost container;
  private Process process;

  @BeforeAll
  static void plugins_are_installed() throws IOException, InterruptedException {
    InstalledPlugins unused =
        InstalledPlugins.into(
            installed,
            installed.resolve("none.sock"),
            "silk-cni",
            "host-local",
            "garden-external-networker");
    for (String other : List.of("portmap", "bandwidth", "bridge")) {
      Files.copy(
          Path.of("/usr/lib/cni", other),
          installed.resolve(other),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  @BeforeEach
  void a_host_and_the_process_of_a_container(Lab lab) throws IOException {
    host = lab.host("cell1");
    container = lab.container("c1");
    process = container.call(() -> new ProcessBuilder("sleep", "infinity").start());
    Files.writeString(
        directory.resolve("subnet.env"),
        "FLANNEL_SUBNET=10.255.30.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPV6_SUBNET=2001:db8:30::/80\n");
    config("");
  }

  @AfterEach
  void nothing_is_left() throws IOException, InterruptedException {
    Answer down = call("down", "null");

    assertThat(down).isEqualTo(new Answer(0, "", ""));
    process.destroyForcibly().waitFor();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
    assertThat(files("mounts")).isEmpty();
    assertThat(files("cache/results")).isEmpty();
    assertThat(Files.readString(directory.resolve("ports.json"))).isIn("", NOTHING);
    assertThat(host.run("ip", "-br", "link")).doesNotContain("s-010").doesNotContain("bwp");
    assertThat(host.run("iptables", "-t", "nat", "-S")).doesNotContain("10.255.30.");
    assertThat(container.run("ip", "-br", "link")).doesNotContain("eth0");
  }

  private List<Path> files(String name) throws IOException {
    Path folder = directory.resolve(name);
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private void config(String more) throws IOException {
    Files.writeString(
        directory.resolve("networker.json"),
        """
        {"cni_plugin_dir": "%1$s", "cni_config_dir": "%2$s/net.d", "bind_mount_dir": "%2$s/mounts",
         "state_file": "%2$s/ports.json", "start_port": 60000, "total_ports": 3, "log_prefix": "cf",
         "iptables_lock_file": "%2$s/iptables.lock", "proxy_port": 15001, "proxy_uid": 0,
         "cni_cache_dir": "%2$s/cache"%3$s}
        """
            .formatted(installed, directory, more));
    Files.writeString(directory.resolve("ports.json"), "");
  }

  private void network(String... plugins) throws IOException {
    Files.createDirectories(directory.resolve("net.d"));
    Files.writeString(
        directory.resolve("net.d/30-net.conflist"),
        "{\"cniVersion\": \"1.0.0\", \"name\": \"garden\", \"plugins\": [%s]}"
            .formatted(String.join("", plugins).formatted(directory)));
  }

  /** What a call answered. */
  private record Answer(int exitCode, String output, String errors) {}

  private Answer call(String action, String input) throws IOException {
    return call(List.of(), action, input);
  }

  private Answer call(List<String> launcher, String action, String input) throws IOException {
    return host.call(
        () -> {
          Process call = start(launcher, action, input);
          int code = call.waitFor();
          return new Answer(
              code,
              Files.readString(directory.resolve("output")),
              Files.readString(directory.resolve("errors")));
        });
  }

  private Process start(List<String> launcher, String action, String input) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.addAll(
        List.of(
            installed.resolve("garden-external-networker").toString(),
            "--configFile",
            directory.resolve("networker.json").toString(),
            "--action",
            action,
            "--handle",
            HANDLE));
    return new ProcessBuilder(command)
        .redirectInput(Files.writeString(directory.resolve("input"), input).toFile())
        .redirectOutput(directory.resolve("output").toFile())
        .redirectError(directory.resolve("errors").toFile())
        .start();
  }

  private String up(String more) {
    return "{\"Pid\": %d%s}".formatted(process.pid(), more);
  }

  private void assertReached(String ipv4, String ipv6) {
    container.contact(host, host.address(IpFamily.IPV4)).assertReachedFrom(IpAddress.parse(ipv4));
    container.contact(host, host.address(IpFamily.IPV6)).assertReachedFrom(IpAddress.parse(ipv6));
  }

  @Test
  void a_container_is_up_in_both_families_behind_a_chain_of_plugins() throws IOException {
    network(SILK, PORTMAP, BANDWIDTH);

    Answer answer =
        call(
            "up",
            up(
                ", \"Properties\": {\"policy_group_id\": \"app\"}, \"netin\": ["
                    + "{\"host_port\": 0, \"container_port\": 8080},"
                    + " {\"host_port\": 60001, \"container_port\": 8081},"
                    + " {\"host_port\": 0, \"container_port\": 8082}]"));

    assertThat(answer)
        .isEqualTo(
            new Answer(
                0,
                "{\"properties\":{\"garden.network.container-ip\":\"10.255.30.2\","
                    + "\"garden.network.container-ipv6\":\"2001:db8:30::2\","
                    + "\"garden.network.host-ip\":\"255.255.255.255\","
                    + "\"garden.network.mapped-ports\":\"["
                    + "{\\\"HostPort\\\":60000,\\\"ContainerPort\\\":8080},"
                    + "{\\\"HostPort\\\":60001,\\\"ContainerPort\\\":8081},"
                    + "{\\\"HostPort\\\":60002,\\\"ContainerPort\\\":8082}]\","
                    + "\"garden.network.interface\":\"eth0\"}}\n",
                ""));
    assertReached("10.255.30.2", "2001:db8:30::2");
    assertThat(directory.resolve("ports.json"))
        .hasContent("{\"acquired_ports\":{\"" + HANDLE + "\":[60000,60001,60002]}}\n");
    assertThat(host.run("iptables", "-t", "nat", "-S"))
        .contains("--dport 60000 -j DNAT --to-destination 10.255.30.2:8080");
    assertThat(host.run("ip6tables", "-t", "nat", "-S")).doesNotContain("-j DNAT");
    assertThat(host.run("tc", "qdisc", "show", "dev", "s-010255030002")).contains("tbf");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("mounts"))))
        .isEqualTo("rwx------");
  }

  @Test
  void without_ipv6_the_answer_is_todays_byte_for_byte() throws IOException {
    network(SILK);
    Files.writeString(
        directory.resolve("subnet.env"), "FLANNEL_SUBNET=10.255.30.1/24\nFLANNEL_MTU=1450\n");

    assertThat(call("up", up("")))
        .isEqualTo(
            new Answer(
                0,
                "{\"properties\":{\"garden.network.container-ip\":\"10.255.30.2\","
                    + "\"garden.network.host-ip\":\"255.255.255.255\","
                    + "\"garden.network.mapped-ports\":\"[]\","
                    + "\"garden.network.interface\":\"eth0\"}}\n",
                ""));
    assertThat(container.run("ip", "-6", "address", "show", "dev", "eth0")).isEmpty();
  }

  @Test
  void the_plugin_of_others_delegates_addresses_to_ours() throws IOException {
    network(BRIDGE);
    config(", \"search_domains\": [\"apps.internal\", \"a&b\"]");

    Answer answer = call("up", up(""));

    assertThat(answer.errors()).isEmpty();
    assertThat(answer.output())
        .isEqualTo(
            "{\"properties\":{\"garden.network.container-ip\":\"10.20.0.2\","
                + "\"garden.network.container-ipv6\":\"2001:db8:20::2\","
                + "\"garden.network.host-ip\":\"255.255.255.255\","
                + "\"garden.network.mapped-ports\":\"[]\","
                + "\"garden.network.interface\":\"eth0\"},"
                + "\"dns_servers\":[\"169.254.0.2\",\"2001:db8::53\"],"
                + "\"search_domains\":[\"apps.internal\",\"a\\u0026b\"]}\n");
    assertThat(directory.resolve("ipam/garden/10.20.0.2")).exists();
    container
        .contact(host, IpAddress.parse("10.20.0.1"))
        .assertReachedFrom(IpAddress.parse("10.20.0.2"));

    assertThat(call("down", "null")).isEqualTo(new Answer(0, "", ""));
    assertThat(directory.resolve("ipam/garden/10.20.0.2")).doesNotExist();
    assertThat(directory.resolve("ipam/garden/2001:db8:20::2")).doesNotExist();
  }

  @Test
  void a_failed_up_leaves_nothing_and_tells_why() throws IOException {
    script(
        "broken", "[ $CNI_COMMAND = DEL ] || { echo '{\"code\": 7, \"msg\": \"no\"}'; exit 1; }");
    network(SILK, PORTMAP, ", {\"type\": \"broken\"}");

    Answer answer = call("up", up(", \"netin\": [{\"host_port\": 0, \"container_port\": 8080}]"));

    assertThat(answer).isEqualTo(new Answer(1, "", "cf: ADD of plugin broken: no\n"));
    assertThat(files("mounts")).isEmpty();
    assertThat(directory.resolve("ports.json")).hasContent(NOTHING);
    assertThat(directory.resolve("silk/store.json")).hasContent("{}\n");
    assertThat(host.run("ip", "-br", "link")).doesNotContain("s-010");
    assertThat(host.run("iptables", "-t", "nat", "-S")).doesNotContain("10.255.30.2");
  }

  @Test
  void a_result_without_ipv4_is_refused_and_undone() throws IOException {
    script(
        "only6",
        "[ $CNI_COMMAND = DEL ] || echo '{\"cniVersion\": \"1.0.0\", \"ips\": [{\"address\":"
            + " \"2001:db8::2/128\"}]}'");
    network("{\"type\": \"only6\"}");

    Answer answer = call("up", up(""));

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.errors()).contains("no IPv4 address").doesNotContain("Exception");
    assertThat(files("mounts")).isEmpty();
    assertThat(files("cache/results")).isEmpty();
  }

  @Test
  void what_a_killed_up_left_goes_down() throws IOException, InterruptedException {
    Path fifo = directory.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    script("slow", "[ $CNI_COMMAND = DEL ] || { echo $$ > " + fifo + "; exec sleep infinity; }");
    network(SILK, PORTMAP, ", {\"type\": \"slow\"}");

    Process up =
        host.call(
            () ->
                start(
                    List.of(),
                    "up",
                    up(", \"netin\": [{\"host_port\": 0, \"container_port\": 8080}]")));
    long slow = Long.parseLong(Files.readString(fifo).strip());
    up.destroyForcibly().waitFor();
    assertThat(ProcessHandle.of(slow).orElseThrow().destroyForcibly()).isTrue();

    assertThat(host.run("ip", "-br", "link")).contains("s-010255030002");
    assertThat(directory.resolve("ports.json")).content().contains("60000");
    assertThat(call("up", up("")).errors()).contains("run down first");
    assertThat(call("down", "null")).isEqualTo(new Answer(0, "", ""));
    assertThat(directory.resolve("silk/store.json")).hasContent("{}\n");
    assertThat(directory.resolve("ports.json")).hasContent(NOTHING);
  }

  @Test
  void a_second_up_is_refused_and_harms_nothing() throws IOException {
    network(SILK);
    assertThat(call("up", up("")).exitCode()).isZero();

    Answer second = call("up", up(""));

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.errors()).startsWith("cf: " + HANDLE + ": is up");
    assertReached("10.255.30.2", "2001:db8:30::2");
  }

  @Test
  void the_namespace_may_be_handed_over_as_an_open_file() throws IOException {
    network(SILK);

    Answer answer =
        call(
            List.of("sh", "-c", "exec \"$@\" 3< " + container.namespace(), "sh"),
            "up",
            "{\"pid\": 0}");

    assertThat(answer.errors()).isEmpty();
    assertReached("10.255.30.2", "2001:db8:30::2");
  }

  @Test
  void what_is_no_containers_namespace_is_refused() throws IOException {
    network(SILK);

    Answer none = call("up", "{\"Pid\": 2147483647}");
    Answer nothingOpen = call(List.of("sh", "-c", "exec \"$@\" 3< /dev/null", "sh"), "up", "{}");
    Process onTheHost = host.call(() -> new ProcessBuilder("sleep", "infinity").start());
    Answer hosts = call("up", "{\"Pid\": " + onTheHost.pid() + "}");
    onTheHost.destroyForcibly();

    assertThat(none.errors())
        .isEqualTo(
            "cf: Pid: there is no /proc/2147483647/ns/net; name a process that runs, or hand over its namespace as descriptor 3\n");
    assertThat(nothingOpen.errors()).contains("/proc/self/fd/3").doesNotContain("Exception");
    assertThat(hosts.errors()).contains("is the host's own network namespace");
    assertThat(List.of(none.exitCode(), nothingOpen.exitCode(), hosts.exitCode())).containsOnly(1);
    assertThat(files("mounts")).isEmpty();
  }

  @Test
  void a_device_of_others_in_the_container_is_spared() throws IOException {
    network(SILK);
    container.ip("link add name eth0 type bridge");

    Answer answer = call("up", up(""));

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.errors()).contains("has a device eth0 already");
    container.ip("link delete dev eth0");
  }

  @Test
  void connections_of_both_families_go_to_the_proxy() throws IOException {
    network(SILK);
    config(
        ", \"enable_ingress_proxy_redirect\": true, \"proxy_redirect_cidr\": \"10.255.0.0/16\","
            + " \"proxy_redirect_cidr_ipv6\": \"2001:db8:30::/48\"");
    assertThat(call("up", up("")).errors()).isEmpty();
    container.ip("link set dev lo up");

    try (ServerSocket proxy =
        container.call(() -> new ServerSocket(15001, 5, InetAddress.getByName("::")))) {
      for (String address : List.of("10.255.30.2", "2001:db8:30::2")) {
        assertThat(redirected(host, address, proxy)).isTrue();
      }
      for (String address : List.of("10.255.99.9", "2001:db8:30:9::9")) {
        assertThat(redirected(container, address, proxy)).isTrue();
      }
    }
  }

  @Test
  void a_redirect_that_fails_in_one_family_is_undone_in_the_other() throws IOException {
    network(SILK);
    config(", \"enable_ingress_proxy_redirect\": true");
    Path broken = Files.createDirectories(directory.resolve("broken"));
    executable(broken.resolve("ip6tables-restore"), "echo no such table >&2; exit 1");

    Answer answer =
        call(List.of("env", "PATH=" + broken + ":" + System.getenv("PATH")), "up", up(""));

    assertThat(answer)
        .isEqualTo(new Answer(1, "", "cf: ip6tables-restore --noflush --wait 5: no such table\n"));
    assertThat(container.run("iptables", "-t", "nat", "-S")).doesNotContain("REDIRECT");
    assertThat(files("mounts")).isEmpty();
    assertThat(host.run("ip", "-br", "link")).doesNotContain("s-010");
  }

  private static boolean redirected(LabHost from, String address, ServerSocket proxy)
      throws IOException {
    try (Socket socket = from.call(() -> new Socket(address, 8080));
        Socket accepted = proxy.accept()) {
      return accepted.getPort() == socket.getLocalPort();
    }
  }

  @Test
  void a_mount_that_a_restart_took_away_is_no_obstacle() throws IOException {
    network(SILK);
    Files.createDirectories(directory.resolve("mounts"));
    Files.writeString(directory.resolve("mounts").resolve(HANDLE), "");

    assertThat(call("down", "null")).isEqualTo(new Answer(0, "", ""));
    Files.writeString(directory.resolve("mounts").resolve(HANDLE), "");
    assertThat(call("up", up("")).errors()).isEmpty();
  }

  /** A plugin. */
  private static void script(String name, String body) throws IOException {
    executable(installed.resolve(name), "cat > /dev/null\n" + body);
  }

  private static void executable(Path file, String body) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
