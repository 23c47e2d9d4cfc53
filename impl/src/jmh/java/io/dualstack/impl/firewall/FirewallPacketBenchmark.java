package io.dualstack.impl.firewall;

import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.kernel.Namespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Datagrams from a container through its cell to a host beyond, by one thread: {@code java -jar
 * impl/target/benchmarks.jar FirewallPacket} as root. The kernel takes a datagram all the way
 * before the call that sends it returns, so a call costs what the way costs. Nothing answers, so
 * every packet is looked up in the rules; the rule that lets it pass is the first that was written,
 * which is the last that iptables asks. A run in which a packet does not arrive fails.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FirewallPacketBenchmark {
  @Param({"nftables", "iptables"})
  String kind;

  /** Of both families, half of them by IPv4; 0 for no firewall at all. */
  @Param({"0", "20", "20000"})
  int rules;

  private final ByteBuffer content = ByteBuffer.allocateDirect(64);
  private FirewallCell cell;
  private Namespace container;
  private Namespace world;
  private DatagramChannel channel;
  private String id;
  private long sent;

  /** Lays the way. */
  @Setup
  public void open() throws IOException {
    id = String.valueOf(ProcessHandle.current().pid());
    cell = new FirewallCell("bench-cell-" + id, kind, Files.createTempDirectory("firewall"));
    container = FirewallCell.made("bench-in-" + id);
    world = FirewallCell.made("bench-out-" + id);
    for (String command :
        List.of(
            "ip link add s-1 type veth peer name eth0 netns bench-in-" + id,
            "ip link add eth0 type veth peer name eth0 address 02:00:00:00:00:02 netns bench-out-"
                + id,
            "ip address add 169.254.0.1/32 dev s-1",
            "ip link set s-1 up",
            "ip link set eth0 up",
            "ip address add 172.31.0.1/24 dev eth0",
            "ip route add 10.255.1.1/32 dev s-1",
            "ip route add default via 172.31.0.2",
            "ip neigh replace 172.31.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent",
            "sysctl -q -w net.ipv4.ip_forward=1")) {
      FirewallCell.run(cell.namespace, command);
    }
    for (String command :
        List.of(
            "ip link set eth0 up",
            "ip address add 10.255.1.1/32 dev eth0",
            "ip route add 169.254.0.1 dev eth0",
            "ip route add default via 169.254.0.1")) {
      FirewallCell.run(container, command);
    }
    // It has no address: what comes in is counted and thrown away.
    FirewallCell.run(world, "ip link set eth0 up");
    if (rules > 0) {
      cell.backend.install(List.of(FirewallCell.container(1, rules, 0)), PolicyRules.NONE);
    }
    channel =
        container.call(
            () -> {
              try {
                return DatagramChannel.open(java.net.StandardProtocolFamily.INET)
                    .connect(new InetSocketAddress("11.0.0.17", 1500));
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    sent = -arrived();
  }

  private long arrived() {
    String path = "cat /sys/class/net/eth0/statistics/rx_packets";
    return Long.parseLong(
        FirewallCell.run(Namespace.own(), "ip netns exec bench-out-" + id + " " + path).strip());
  }

  /** Fails if packets are missing, but for the few that may be on their way. */
  @TearDown
  public void close() throws IOException {
    channel.close();
    long arrived = arrived();
    container.close();
    world.close();
    cell.close();
    FirewallCell.run(Namespace.own(), "ip netns delete bench-in-" + id);
    FirewallCell.run(Namespace.own(), "ip netns delete bench-out-" + id);
    if (arrived < sent * 0.99) {
      throw new IllegalStateException(
          "of %d packets %d arrived: nothing was measured".formatted(sent, arrived));
    }
  }

  /** One datagram. */
  @Benchmark
  public int send() throws IOException {
    content.clear();
    sent++;
    return channel.write(content);
  }
}
