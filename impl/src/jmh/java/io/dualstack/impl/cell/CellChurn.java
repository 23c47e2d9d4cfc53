package io.dualstack.impl.cell;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.cell.FirewallConfig;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many dual-stack containers a second come up on a cell and go down again, durably and behind a
 * firewall, beside Debian's plugins bridge, host-local and firewall, in one run, in namespaces of
 * its own. Arguments: how many containers (60 if not given), how many at once (2).
 *
 * <p>{@code java -cp impl/target/benchmarks.jar io.dualstack.impl.cell.CellChurn}, as root.
 */
final class CellChurn {
  /** Rounds that are not counted: the virtual machine learns. */
  private static final int WARM_UP = 3;

  private static final int ROUNDS = 5;
  private static final Path DEBIAN = InstalledPlugins.OTHERS;

  private final List<LabHost> containers = new ArrayList<>();
  private final ExecutorService callers;
  private final LabHost host;
  private final Path directory;

  /** What a way to attach does for one container. */
  private interface Call {
    void run(LabHost container) throws Exception;
  }

  private CellChurn(Lab lab, int containers, int callers) throws IOException {
    this.host = lab.host("cell");
    for (int i = 0; i < containers; i++) {
      this.containers.add(lab.container("c" + i));
    }
    this.callers = Executors.newFixedThreadPool(callers);
    this.directory = Files.createTempDirectory("cell-churn");
  }

  public static void main(String[] args) throws Exception {
    int containers = args.length < 1 ? 60 : Integer.parseInt(args[0]);
    int callers = args.length < 2 ? 2 : Integer.parseInt(args[1]);
    try (Lab lab = Lab.open()) {
      System.out.printf(
          "%d containers, %d at a time, medians of %d rounds, containers a second%n",
          containers, callers, ROUNDS);
      System.out.printf("%-45s %8s %8s%n", "", "up", "down");
      CellChurn churn = new CellChurn(lab, containers, callers);
      try {
        for (BackendKind kind : List.of(BackendKind.NFTABLES, BackendKind.IPTABLES)) {
          churn.inProcess(kind);
        }
        churn.debian(false);
        churn.debian(true);
      } finally {
        churn.callers.shutdown();
      }
    }
  }

  private void inProcess(BackendKind kind) throws Exception {
    IpPrefix prefix = IpPrefix.parse("2001:db8:30::/80");
    LeasedNetworks networks = new LeasedNetworks(IpPrefix.parse("10.255.30.0/24"), 1450, prefix);
    CellFirewall rules =
        CellFirewall.of(host.addresses().get(0), "eth0", "silk-vtep")
            .withIpv6(new Ipv6Firewall(prefix, IpSet.empty(), IpSet.empty()));
    CellConfig config =
        CellConfig.of(networks, directory.resolve(kind.name()))
            .inNamespace(host.namespace())
            .guardedBy(new FirewallConfig(rules, kind, directory.resolve("lock")));
    try (Dualstack dualstack = Dualstack.builder().build();
        Cell cell = dualstack.cell(config)) {
      measure(
          "in process, firewall by " + kind,
          each -> System.identityHashCode(cell.network().attach(container(each))),
          each -> cell.network().detach(container(each)));
    }
  }

  private static Container container(LabHost host) {
    return Container.of(host.name(), host.namespace());
  }

  private void debian(boolean guarded) throws Exception {
    String bridge =
        """
        {"cniVersion":"1.0.0","name":"br","type":"bridge","bridge":"br0","isGateway":true,
         "ipam":{"type":"host-local","dataDir":"%s","ranges":[[{"subnet":"10.255.40.0/24"}],[{"subnet":"2001:db8:40::/80"}]],
         "routes":[{"dst":"0.0.0.0/0"},{"dst":"::/0"}]}}
        """
            .formatted(directory.resolve("debian"));
    Map<String, String> rules = new ConcurrentHashMap<>();
    measure(
        "Debian's bridge, host-local" + (guarded ? " and firewall" : ""),
        each -> {
          String result = call(each, "bridge", "ADD", bridge);
          if (guarded) {
            String firewall =
                "{\"cniVersion\":\"1.0.0\",\"name\":\"br\",\"type\":\"firewall\",\"prevResult\":%s}"
                    .formatted(result);
            rules.put(each.name(), firewall);
            if (call(each, "firewall", "ADD", firewall).isBlank()) {
              throw new IOException("firewall ADD: no result");
            }
          }
        },
        each -> {
          if (guarded) {
            check(call(each, "firewall", "DEL", rules.get(each.name())));
          }
          check(call(each, "bridge", "DEL", bridge));
        });
  }

  private static void check(String nothing) throws IOException {
    if (!nothing.isBlank()) {
      throw new IOException(nothing);
    }
  }

  private String call(LabHost container, String plugin, String command, String config)
      throws IOException {
    InstalledPlugins.Answer answer =
        new InstalledPlugins(DEBIAN).call(host, container, command, DEBIAN.resolve(plugin), config);
    if (answer.exitCode() != 0) {
      throw new IOException(plugin + " " + command + ": " + answer.text());
    }
    return answer.text();
  }

  private void measure(String what, Call up, Call down) throws Exception {
    double[] ups = new double[ROUNDS];
    double[] downs = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      double came = rate(up);
      double went = rate(down);
      if (round >= 0) {
        ups[round] = came;
        downs[round] = went;
      }
    }
    Arrays.sort(ups);
    Arrays.sort(downs);
    System.out.printf("%-45s %8.0f %8.0f%n", what, ups[ROUNDS / 2], downs[ROUNDS / 2]);
  }

  /** Does it for all containers, and returns how many a second. */
  private double rate(Call call) throws Exception {
    List<Future<?>> calls = new ArrayList<>();
    long start = System.nanoTime();
    // By itself, as Debian's firewall plugin makes its chains when it is first called, and fails if
    // it is called twice at once then.
    call.run(containers.get(0));
    for (LabHost each : containers.subList(1, containers.size())) {
      calls.add(
          callers.submit(
              () -> {
                call.run(each);
                return null;
              }));
    }
    for (Future<?> each : calls) {
      each.get();
    }
    return containers.size() / ((System.nanoTime() - start) / 1e9);
  }
}
