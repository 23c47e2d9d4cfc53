package io.dualstack.impl.firewall;

import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * Rules of containers with 100 rules each, compiled and put in force, all at once and one container
 * among others: {@code java -jar impl/target/benchmarks.jar FirewallApply} as root.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FirewallApplyBenchmark {
  private static final int RULES = 100;

  @Param({"nftables", "iptables"})
  String kind;

  @Param({"10", "250"})
  int containers;

  private FirewallCell cell;
  private List<ContainerFirewall> all;
  private int version;

  /** Fills the tables. */
  @Setup
  public void fill() throws IOException {
    cell =
        new FirewallCell(
            "bench-apply-" + ProcessHandle.current().pid(),
            kind,
            Files.createTempDirectory("firewall"));
    all =
        IntStream.rangeClosed(1, containers)
            .mapToObj(number -> FirewallCell.container(number, RULES, 0))
            .toList();
    cell.backend.install(all, PolicyRules.NONE);
  }

  /** Removes the namespace. */
  @TearDown
  public void close() {
    cell.close();
  }

  /** The whole cell. */
  @Benchmark
  public void install() {
    cell.backend.install(all, PolicyRules.NONE);
  }

  /** All rules of one container are others than before. */
  @Benchmark
  public void changeOne() {
    cell.backend.put(FirewallCell.container(5, RULES, ++version % 100));
  }

  /** Its security groups alone are others. */
  @Benchmark
  public void changeEgress() {
    cell.backend.egress(FirewallCell.container(5, RULES, ++version % 100));
  }
}
