package io.dualstack.impl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The files of one cell, and the commands that take them. */
final class CellFiles {
  static final String WEB = "aaaaaaaa-1111-4222-8333-444444444444";
  static final String TASK = "bbbbbbbb-1111-4222-8333-444444444444";

  private final Path folder;
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  CellFiles(Path folder) throws IOException {
    this.folder = folder;
    write(
        "config.json",
        """
        {"instance_address": "10.0.0.1", "underlay_ips": ["10.0.0.1"],
         "temporary_underlay_interface_names": ["eth0"], "vtep_name": "silk-vtep",
         "ingress_tag": "ffff0000", "iptables_lock_file": "%s",
         "iptables_denied_logs_per_sec": 2, "iptables_accepted_udp_logs_per_sec": 100,
         "outbound_connections": {"limit": false, "burst": 900, "rate_per_sec": 100},
         "dns_servers": ["169.254.0.2"], "host_tcp_services": ["169.254.0.3:8080"],
         "deny_networks": {"always": ["192.0.2.0/28"]},
         "ipv6_prefix": "2001:db8:c:1::/80", "platform_networks_ipv6": ["2001:db8:ff::/64"],
         "delegate": {"type": "silk-cni"}}
        """
            .formatted(folder.resolve("lock")));
    containers(true, WEB, TASK);
    write(
        "groups.json",
        """
        {"resources": [
          {"guid": "g-web", "name": "web",
           "rules": [{"protocol": "tcp", "destination": "198.51.100.0/24", "ports": "443"}],
           "relationships": {"running_spaces": {"data": [{"guid": "space-a"}]},
                             "staging_spaces": {"data": []}}},
          {"guid": "g-dns", "name": "dns", "globally_enabled": {"running": true, "staging": false},
           "rules": [{"protocol": "udp", "destination": "9.9.9.9", "ports": "53", "log": true}]},
          {"guid": "g-build", "name": "build",
           "globally_enabled": {"running": false, "staging": true},
           "rules": [{"protocol": "all", "destination": "203.0.113.0/24"}]}]}
        """);
    write(
        "groups-ipv6.json",
        """
        [{"guid": "g-six", "name": "six", "globally_enabled": {"running": true},
          "rules": [{"protocol": "tcp", "destination": "2001:db8:5::/48", "ports": "443"}]}]
        """);
    write(
        "policies.json",
        """
        {"total_policies": 1, "policies": [
          {"source": {"id": "app-b", "tag": "002B"},
           "destination": {"id": "app-a", "tag": "002A", "protocol": "tcp",
                           "ports": {"start": 8080, "end": 8081}}}]}
        """);
  }

  void write(String name, String text) throws IOException {
    Path unused = Files.writeString(folder.resolve(name), text);
    assert unused != null;
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Writes containers, which have IPv6 addresses or not. */
  void containers(boolean ipv6, String... handles) throws IOException {
    write(
        "containers.json",
        Stream.of(handles)
            .map(handle -> container(handle, ipv6))
            .collect(Collectors.joining(",\n ", "{", "}\n")));
  }

  private static String container(String handle, boolean ipv6) {
    boolean web = handle.equals(WEB);
    return """
    "%s": {"handle": "%1$s", "ip": "10.255.1.%d", %s
      "metadata": {"policy_group_id": "%s", "space_id": "%s", "org_id": "org",
                   "container_workload": "%s", "ports": "8080"}%s}"""
        .formatted(
            handle,
            web ? 2 : 3,
            ipv6 ? "\"ipv6\": \"2001:db8:c:1::%d\",".formatted(web ? 2 : 3) : "",
            web ? "app-a" : "app-b",
            web ? "space-a" : "space-b",
            web ? "app" : "staging",
            web ? ", \"port_mappings\": [{\"host_port\": 61001, \"container_port\": 8080}]" : "");
  }

  /** Returns a command on these files. */
  List<String> command(String verb, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "firewall",
                verb,
                "--config",
                file("config.json").toString(),
                "--containers",
                file("containers.json").toString(),
                "--policies",
                file("policies.json").toString()));
    command.addAll(List.of(more));
    command.add("--groups");
    command.add(file("groups.json").toString());
    if (command.contains("--ipv6")) {
      command.add(file("groups-ipv6.json").toString());
    }
    return command;
  }

  /** Runs a command in this process, where the thread is. */
  int run(List<String> command) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(command.toArray(String[]::new));
  }
}
