package io.dualstack.impl.allocation.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs {@link PoolBenchmark} for each rival at the sizes it can do and prints one table, with heap
 * per block beside it; about six minutes:
 *
 * <pre>
 * mvn -q -Dquick -Pbenchmark -pl impl -am package -DskipTests
 * java -cp impl/target/benchmarks.jar io.dualstack.impl.allocation.pool.PoolComparison
 * </pre>
 *
 * <p>Left out: the director's scan at a million blocks and wherever filling the pool by allocation
 * would take its cost per block, and java-ipv6's pool where it would have to be brought into a
 * fragmented state of more than 1024 blocks (it copies its set of free ranges on each change) or
 * handle more than one length (it can't).
 */
public final class PoolComparison {
  private final Map<String, Map<Rival, String>> table = new TreeMap<>();

  private PoolComparison() {}

  /** Runs the comparison. */
  public static void main(String[] args) throws RunnerException {
    HeapPerBlock.print();
    PoolComparison comparison = new PoolComparison();
    for (Rival rival : List.of(Rival.OURS, Rival.OURS_WITH_OWNERS, Rival.TREE_MAP_GAPS)) {
      comparison.run(rival, ".*");
    }
    Rival director = Rival.DIRECTOR_SCAN;
    comparison.run(director, "allocateThenRelease", "blocks", "1024", "131072");
    comparison.run(
        director, "releaseRandomThenAllocate(Fragmented|Scattered)", "live", "1000", "100000");
    comparison.run(director, "releaseRandomThenAllocate(Mixed)?", "live", "1000");
    Rival javaIpv6 = Rival.JAVA_IPV6_POOL;
    comparison.run(javaIpv6, "allocateThenRelease", "blocks", "1024");
    comparison.run(javaIpv6, "releaseRandomThenAllocate", "live", "1000", "100000", "1000000");
    comparison.run(javaIpv6, "releaseRandomThenAllocateFragmented", "live", "1000");
    comparison.print();
  }

  private void run(Rival rival, String benchmarks, String... values) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("PoolBenchmark\\." + benchmarks + "$")
            .param("rival", rival.name())
            .warmupIterations(3)
            .warmupTime(TimeValue.milliseconds(300))
            .measurementIterations(4)
            .measurementTime(TimeValue.milliseconds(300))
            .shouldFailOnError(true);
    if (values.length > 0) {
      options.param(values[0], List.of(values).subList(1, values.length).toArray(String[]::new));
    }
    add(rival, new Runner(options.build()).run());
  }

  private void add(Rival rival, Collection<RunResult> results) {
    for (RunResult result : results) {
      String name = result.getParams().getBenchmark();
      StringBuilder row =
          new StringBuilder("%-38s".formatted(name.substring(name.lastIndexOf('.') + 1)));
      for (String key : new TreeSet<>(result.getParams().getParamsKeys())) {
        if (!key.equals("rival")) {
          row.append(' ').append(key).append(" %8s".formatted(result.getParams().getParam(key)));
        }
      }
      double nanos = result.getPrimaryResult().getScore();
      double error = result.getPrimaryResult().getScoreError();
      table
          .computeIfAbsent(row.toString(), ignored -> new TreeMap<>())
          .put(rival, String.format(Locale.ROOT, "%,.0f ±%,.0f", nanos, error));
    }
  }

  private void print() {
    System.out.printf("%nNanoseconds for a block freed and one allocated, ± 99.9 %% error%n");
    List<String> head = new ArrayList<>();
    for (Rival rival : Rival.values()) {
      head.add("%22s".formatted(rival));
    }
    System.out.printf("%-72s%s%n", "", String.join("", head));
    table.forEach(
        (row, cells) ->
            System.out.printf(
                "%-72s%s%n",
                row,
                List.of(Rival.values()).stream()
                    .map(rival -> "%22s".formatted(cells.getOrDefault(rival, "-")))
                    .collect(Collectors.joining())));
  }
}
