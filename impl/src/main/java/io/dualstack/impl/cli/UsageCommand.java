package io.dualstack.impl.cli;

import io.dualstack.Dualstack;
import io.dualstack.allocation.Utilization;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualstack usage}. */
@Command(
    name = "usage",
    description = "Shows how full each subnet is, and what is free in which sizes.",
    mixinStandardHelpOptions = true,
    footer = "dualstack usage --store sqlite:/var/lib/cf/ips.db")
final class UsageCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try (Dualstack dualstack = store.existing().build()) {
      List<Utilization> subnets = dualstack.allocator().utilization();
      if (output.isJson()) {
        var document = Json.object().put("store", dualstack.storeLocation());
        document.set("subnets", Json.array(subnets.stream().map(Json::of).toList()));
        output.print(document);
        return 0;
      }
      output.out().println("store: " + dualstack.storeLocation());
      output.out().println();
      if (subnets.isEmpty()) {
        output.out().println("No networks are defined. Apply a cloud config first.");
        output.out().flush();
        return 0;
      }
      Table table =
          new Table(
              "NETWORK",
              "RANGE",
              "SIZE",
              "TOTAL",
              "AVAILABLE",
              "ACTIVE",
              "OBSOLETE",
              "RESTING",
              "FREE");
      for (Utilization subnet : subnets) {
        table.row(
            subnet.network(),
            subnet.range(),
            "/" + subnet.prefixLength(),
            subnet.total(),
            subnet.available(),
            subnet.active(),
            subnet.obsolete(),
            subnet.quarantined(),
            free(subnet));
      }
      table.print(output.out());
    }
    return 0;
  }

  private static String free(Utilization subnet) {
    String sizes =
        subnet.freeByLength().entrySet().stream()
            .limit(4)
            .map(size -> size.getValue() + " x /" + size.getKey())
            .collect(Collectors.joining(", "));
    return sizes.isEmpty() ? "nothing" : subnet.freeByLength().size() > 4 ? sizes + ", …" : sizes;
  }
}
