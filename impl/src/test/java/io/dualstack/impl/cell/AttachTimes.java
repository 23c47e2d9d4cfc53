package io.dualstack.impl.cell;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.cell.FirewallConfig;
import io.dualstack.cni.IpamDurability;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.link.LinkPlan;
import io.dualstack.impl.cni.link.VethLink;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Measures a dual-stack ADD and DEL in process, without a firewall and with either back end, and as
 * executable, beside Debian's plugins, in one run and in namespaces of its own. Arguments: a
 * directory with installed plugins and their socket; the milliseconds between two calls, 0 if not
 * given. The kernel and what a call started are still busy for a while after it, which the next one
 * feels.
 */
final class AttachTimes {
  private static final int WARM_UP = 20;
  private static final int ROUNDS = 60;

  private final long pause;

  private AttachTimes(long pause) {
    this.pause = pause;
  }

  private interface Call {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    new AttachTimes(args.length < 2 ? 0 : Long.parseLong(args[1])).run(Path.of(args[0]));
  }

  private void run(Path installed) throws Exception {
    Path directory = Files.createTempDirectory("attach-times");
    try (Lab lab = Lab.open();
        Dualstack dualstack = Dualstack.builder().build()) {
      LabHost host = lab.host("cell");
      LabHost container = lab.container("c");
      kernelAlone(host, container);
      LeasedNetworks networks =
          new LeasedNetworks(
              IpPrefix.parse("10.255.30.0/24"), 1450, IpPrefix.parse("2001:db8:30::/80"));
      CellConfig plain =
          CellConfig.of(networks, directory.resolve("a")).inNamespace(host.namespace());
      inProcess("in process, no firewall", dualstack, plain, lab.container("other"), container);
      for (BackendKind kind : BackendKind.values()) {
        FirewallConfig guard =
            new FirewallConfig(
                CellFirewall.of(IpAddress.parse("172.31.0.1"), "eth0", "silk-vtep")
                    .withIpv6(
                        new Ipv6Firewall(
                            IpPrefix.parse("2001:db8:30::/80"), IpSet.empty(), IpSet.empty())),
                kind,
                directory.resolve("lock"));
        inProcess(
            "in process, " + kind,
            dualstack,
            CellConfig.of(networks, directory.resolve("a" + kind))
                .inNamespace(host.namespace())
                .guardedBy(guard),
            lab.container("other" + kind.ordinal()),
            container);
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
                  socketFile,
                  new HostLocalIpam(IpamDurability.DURABLE),
                  namespace,
                  new CellInstances(
                      IpAddress.parse("172.31.0.1"), directory.resolve("b/store.json"), null))) {
        measure(
            "executable, by the socket of " + socket.getClass().getSimpleName(),
            () -> System.identityHashCode(call(host, container, plugin, "ADD", silk)),
            () -> System.identityHashCode(call(host, container, plugin, "DEL", silk)));
      }
      measure(
          "executable, direct",
          () -> System.identityHashCode(call(host, container, plugin, "ADD", silk)),
          () -> System.identityHashCode(call(host, container, plugin, "DEL", silk)));
      String bridge =
          """
          {"cniVersion":"1.0.0","name":"br","type":"bridge","bridge":"br0","isGateway":true,"ipam":{"type":"host-local","dataDir":"%s","ranges":[[{"subnet":"10.255.40.0/24"}],[{"subnet":"2001:db8:40::/80"}]],"routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}}
          """
              .formatted(directory.resolve("d"));
      Path debian = Path.of("/usr/lib/cni/bridge");
      measure(
          "Debian's bridge and host-local",
          () -> System.identityHashCode(call(host, container, debian, "ADD", bridge)),
          () -> System.identityHashCode(call(host, container, debian, "DEL", bridge)));
      Path firewall = debian.resolveSibling("firewall");
      String[] rules = {""};
      measure(
          "Debian's bridge, host-local and firewall",
          () -> {
            String result = call(host, container, debian, "ADD", bridge);
            rules[0] =
                """
                {"cniVersion":"1.0.0","name":"br","type":"firewall","backend":"iptables","prevResult":%s}
                """
                    .formatted(result);
            String added = call(host, container, firewall, "ADD", rules[0]);
            assert !added.isEmpty();
          },
          () -> {
            String gone =
                call(host, container, firewall, "DEL", rules[0])
                    + call(host, container, debian, "DEL", bridge);
            assert gone.isEmpty();
          });
    }
  }

  /** What nobody can be quicker than. */
  private void kernelAlone(LabHost host, LabHost container) throws Exception {
    try (Namespace here = Namespace.open(host.namespace());
        Namespace there = Namespace.open(container.namespace())) {
      LinkPlan plan =
          new LinkPlan(
              IpAddress.parse("10.255.30.9"), IpAddress.parse("2001:db8:30::9"), 1450, "eth0");
      VethLink link = new VethLink(here, "");
      measure(
          "the link alone",
          () -> link.create(there, plan),
          () -> link.removeContainerEnd(there, "eth0"));
    }
  }

  private void inProcess(
      String what, Dualstack dualstack, CellConfig config, LabHost beside, LabHost container)
      throws Exception {
    try (Cell cell = dualstack.cell(config)) {
      // Another one, as a cell has: with the last, the rules of the host go too.
      Container other = Container.of(beside.name(), beside.namespace());
      System.identityHashCode(cell.network().attach(other));
      Container attached = Container.of("c", container.namespace());
      measure(
          what,
          () -> System.identityHashCode(cell.network().attach(attached)),
          () -> cell.network().detach(attached));
      cell.network().detach(other);
    }
  }

  private void measure(String what, Call add, Call del) throws Exception {
    double[] adds = new double[ROUNDS];
    double[] dels = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      double added = time(add);
      double deleted = time(del);
      if (round >= 0) {
        adds[round] = added;
        dels[round] = deleted;
      }
    }
    Arrays.sort(adds);
    Arrays.sort(dels);
    System.out.printf(
        "%-45s ADD %.1f ms (p95 %.1f)  DEL %.1f ms (p95 %.1f)%n",
        what, adds[ROUNDS / 2], adds[ROUNDS * 95 / 100], dels[ROUNDS / 2], dels[ROUNDS * 95 / 100]);
  }

  private double time(Call call) throws Exception {
    Thread.sleep(pause);
    long start = System.nanoTime();
    call.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static String call(
      LabHost host, LabHost container, Path plugin, String command, String config)
      throws IOException {
    InstalledPlugins.Answer answer =
        new InstalledPlugins(plugin.getParent()).call(host, container, command, plugin, config);
    if (answer.exitCode() != 0) {
      throw new IOException(answer.text());
    }
    return answer.text();
  }
}
