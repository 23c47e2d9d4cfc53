package io.dualstack.impl.cli;

import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.hostlocal.HostLocalPlugin;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import io.dualstack.impl.cni.silk.SilkPlugin;
import io.dualstack.impl.kernel.Namespace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is run while the class-data archive of the plugins is made: calls that touch the classes of
 * real ones, in a directory of their own, and without a device being made.
 */
final class ArchiveRun {
  private ArchiveRun() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory("dualstack-archive");
    try {
      HostLocalIpam ipam = new HostLocalIpam(IpamDurability.DURABLE);
      PluginSkeleton hostLocal = new PluginSkeleton(new HostLocalPlugin(ipam));
      PluginSkeleton silk = new PluginSkeleton(new SilkPlugin(ipam, Namespace.own()));
      String subnetFile = directory.resolve("subnet.env").toString();
      Files.writeString(Path.of(subnetFile), "FLANNEL_SUBNET=192.0.2.1/24\nFLANNEL_MTU=1450\n");
      String ranges =
          "\"ipam\":{\"type\":\"host-local\",\"dataDir\":\"%s\",\"ranges\":[[{\"subnet\":\"192.0.2.0/24\"}],[{\"subnet\":\"2001:db8::/80\"}]]}"
              .formatted(directory);
      for (String command : List.of("VERSION", "ADD", "DEL")) {
        call(hostLocal, command, "/proc/self/none", ranges);
        // The namespace is refused as no such thing, which is after all that can be done without
        // it.
        call(
            silk,
            command,
            subnetFile,
            "\"dataDir\":\"%1$s\",\"datastore\":\"%1$s/store.json\",\"subnetFile\":\"%2$s\""
                .formatted(directory, subnetFile));
      }
      network(directory);
    } finally {
      remove(directory);
    }
  }

  private static void call(PluginSkeleton plugin, String command, String netns, String rest) {
    Map<String, String> environment =
        Map.of(
            "CNI_COMMAND", command,
            "CNI_CONTAINERID", "archive",
            "CNI_NETNS", netns,
            "CNI_IFNAME", "eth0",
            "CNI_PATH", "/");
    String config = "{\"cniVersion\":\"1.0.0\",\"name\":\"archive\",\"type\":\"x\"," + rest + "}";
    PluginSkeleton.Answer answer =
        plugin.serve(
            environment, new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)));
    if (answer.exitCode() > 1) {
      throw new IllegalStateException(answer.stdout());
    }
  }

  /**
   * Garden's networker: an {@code up} without a process, a {@code down} by a plugin that does
   * nothing.
   */
  private static void network(Path directory) throws IOException {
    Files.writeString(
        directory.resolve("archive.conflist"),
        "{\"cniVersion\":\"1.0.0\",\"name\":\"archive\",\"plugins\":[{\"type\":\"true\"}]}");
    Path config =
        Files.writeString(
            directory.resolve("networker.json"),
            """
            {"cni_plugin_dir": "/bin", "cni_config_dir": "%1$s", "bind_mount_dir": "%1$s/mounts",
             "state_file": "%1$s/ports.json", "start_port": 60000, "total_ports": 1,
             "log_prefix": "archive", "iptables_lock_file": "%1$s/lock", "proxy_port": 15001,
             "proxy_uid": 0, "cni_cache_dir": "%1$s"}
            """
                .formatted(directory));
    for (String action : List.of("up", "down")) {
      PluginSkeleton.Answer answer =
          GardenCall.serve(
              List.of("--action", action, "--handle", "archive", "--configFile", config.toString()),
              new ByteArrayInputStream(
                  "{\"Pid\":2147483647,\"netin\":[{}]}".getBytes(StandardCharsets.UTF_8)));
      if (answer.exitCode() != (action.equals("up") ? 1 : 0)) {
        throw new IllegalStateException(answer.stderr());
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
