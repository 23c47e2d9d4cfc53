package io.dualstack.impl.cell;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Measures a dual-stack ADD and DEL in process and as executable, beside Debian's bridge and
 * host-local, in one run and in namespaces of its own. Arguments: a directory with installed
 * plugins and their socket.
 */
final class AttachTimes {
  private static final int WARM_UP = 20;
  private static final int ROUNDS = 60;

  private AttachTimes() {}

  private interface Call {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Path installed = Path.of(args[0]);
    Path directory = Files.createTempDirectory("attach-times");
    try (Lab lab = Lab.open();
        Dualstack dualstack = Dualstack.builder().build()) {
      LabHost host = lab.host("cell");
      LabHost container = lab.container("c");
      LeasedNetworks networks =
          new LeasedNetworks(
              IpPrefix.parse("10.255.30.0/24"), 1450, IpPrefix.parse("2001:db8:30::/80"));
      try (Cell cell =
          dualstack.cell(
              CellConfig.of(networks, directory.resolve("a")).inNamespace(host.namespace()))) {
        // Another one, as a cell has: with the last, the rules of the host go too.
        Container other = Container.of("other", lab.container("other").namespace());
        System.identityHashCode(cell.network().attach(other));
        Container attached = Container.of("c", container.namespace());
        measure(
            "in process",
            () -> System.identityHashCode(cell.network().attach(attached)),
            () -> cell.network().detach(attached));
        cell.network().detach(other);
      }
      Path subnet = directory.resolve("subnet.env");
      Files.writeString(
          subnet,
          "FLANNEL_SUBNET=10.255.30.1/24\nFLANNEL_MTU=1450\nFLANNEL_IPV6_SUBNET=2001:db8:30::/80\n");
      String silk =
          """
          {"cniVersion":"1.0.0","name":"silk","type":"silk-cni","dataDir":"%1$s","datastore":"%1$s/store.json","subnetFile":"%2$s"}
          """
              .formatted(directory.resolve("b"), subnet);
      Path plugin = installed.resolve("silk-cni");
      Path socketFile = installed.resolve("s.sock");
      try (Namespace namespace = Namespace.open(host.namespace());
          PluginSocket socket =
              PluginSocket.serve(
                  socketFile, new HostLocalIpam(IpamDurability.DURABLE), namespace)) {
        measure(
            "executable, by the socket of " + socket.getClass().getSimpleName(),
            () -> call(host, container, plugin, "ADD", silk),
            () -> call(host, container, plugin, "DEL", silk));
      }
      measure(
          "executable, direct",
          () -> call(host, container, plugin, "ADD", silk),
          () -> call(host, container, plugin, "DEL", silk));
      String bridge =
          """
          {"cniVersion":"1.0.0","name":"br","type":"bridge","bridge":"br0","isGateway":true,"ipam":{"type":"host-local","dataDir":"%s","ranges":[[{"subnet":"10.255.40.0/24"}],[{"subnet":"2001:db8:40::/80"}]],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}}
          """
              .formatted(directory.resolve("d"));
      Path debian = Path.of("/usr/lib/cni/bridge");
      measure(
          "Debian's bridge and host-local",
          () -> call(host, container, debian, "ADD", bridge),
          () -> call(host, container, debian, "DEL", bridge));
    }
  }

  private static void measure(String what, Call add, Call del) throws Exception {
    double[] adds = new double[ROUNDS];
    double[] dels = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long start = System.nanoTime();
      add.run();
      long between = System.nanoTime();
      del.run();
      long end = System.nanoTime();
      if (round >= 0) {
        adds[round] = (between - start) / 1e6;
        dels[round] = (end - between) / 1e6;
      }
    }
    Arrays.sort(adds);
    Arrays.sort(dels);
    System.out.printf(
        "%-45s ADD %.1f ms (p95 %.1f)  DEL %.1f ms (p95 %.1f)%n",
        what, adds[ROUNDS / 2], adds[ROUNDS * 95 / 100], dels[ROUNDS / 2], dels[ROUNDS * 95 / 100]);
  }

  private static void call(
      LabHost host, LabHost container, Path plugin, String command, String config)
      throws IOException {
    InstalledPlugins.Answer answer =
        new InstalledPlugins(plugin.getParent()).call(host, container, command, plugin, config);
    if (answer.exitCode() != 0) {
      throw new IOException(answer.text());
    }
  }
}
