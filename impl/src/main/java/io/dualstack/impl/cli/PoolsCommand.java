package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Dualstack;
import io.dualstack.DualstackException;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.provider.DiscoveredProvider;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack pools}. */
@Command(
    name = "pools",
    description = {
      "Shows the subnets that infrastructures have, with their ranges and what is used of them.",
      "Exit code 1 if one of them can't be asked."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack pools --provider aws --plugins spi-aws/target/plugins")
final class PoolsCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description = "A provider; may be repeated. Default: all that are there.")
  private List<String> names = List.of();

  @Override
  public Integer call() {
    Map<String, List<ProviderPool>> pools = new LinkedHashMap<>();
    Map<String, String> refused = new LinkedHashMap<>();
    try (Progress progress = Progress.of("asking");
        Dualstack dualstack = store.builder().build()) {
      for (String name : names.isEmpty() ? all(dualstack) : names) {
        try (ProviderSession session = dualstack.openProvider(name)) {
          pools.put(name, session.pools());
        } catch (DualstackException failure) {
          refused.put(name, String.valueOf(failure.getMessage()));
        }
      }
      progress.close();
      if (output.isJson()) {
        printJson(pools, refused);
      } else {
        printTable(pools, refused);
      }
    }
    return refused.isEmpty() ? 0 : 1;
  }

  private static List<String> all(Dualstack dualstack) {
    List<String> usable = new ArrayList<>();
    for (DiscoveredProvider provider : dualstack.providers().discovered()) {
      if (provider instanceof DiscoveredProvider.Usable found) {
        usable.add(found.provider().name());
      }
    }
    return usable;
  }

  private void printTable(Map<String, List<ProviderPool>> pools, Map<String, String> refused) {
    Table table = new Table("PROVIDER", "POOL", "ZONE", "RANGES", "IN USE");
    pools.forEach(
        (provider, of) -> {
          for (ProviderPool pool : of) {
            table.row(
                provider,
                pool.id(),
                pool.zone(),
                pool.ranges().stream().map(IpPrefix::toString).collect(Collectors.joining(" ")),
                pool.used().prefixes().size() + " blocks");
          }
        });
    table.print(output.out());
    refused.forEach((provider, why) -> output.out().println("can't be asked: " + why));
    output.out().flush();
  }

  private void printJson(Map<String, List<ProviderPool>> pools, Map<String, String> refused) {
    ObjectNode document = Json.object();
    ArrayNode all = document.putArray("pools");
    pools.forEach((provider, of) -> of.forEach(pool -> all.add(of(provider, pool))));
    ArrayNode failures = document.putArray("refused");
    refused.forEach(
        (provider, why) -> failures.addObject().put("provider", provider).put("reason", why));
    output.print(document);
  }

  private static ObjectNode of(String provider, ProviderPool pool) {
    ObjectNode node =
        Json.object().put("provider", provider).put("pool", pool.id()).put("az", pool.zone());
    ArrayNode ranges = node.putArray("ranges");
    pool.ranges().forEach(range -> ranges.add(range.toString()));
    ArrayNode used = node.putArray("used");
    for (IpRange range : pool.used()) {
      used.add(range.toString());
    }
    return node;
  }
}
