package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Dualstack;
import io.dualstack.net.IpFamily;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.DiscoveredProvider;
import io.dualstack.provider.FamilyCapabilities;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualstack providers}. */
@Command(
    name = "providers",
    description = "Shows the network providers that are there, and what each can do.",
    mixinStandardHelpOptions = true,
    footer = "dualstack providers --plugins spi-aws/target/plugins")
final class ProvidersCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    // Providers have nothing to do with the store, so none is opened or created for this.
    try (Dualstack dualstack = store.builder().store("memory:").build()) {
      List<DiscoveredProvider> found = dualstack.providers().discovered();
      if (output.isJson()) {
        printJson(found);
      } else {
        printTable(found);
      }
    }
    return 0;
  }

  private void printTable(List<DiscoveredProvider> found) {
    Table table = new Table("PROVIDER", "IPV4 PREFIXES", "IPV6 PREFIXES", "DUAL-STACK NIC", "FROM");
    for (DiscoveredProvider provider : found) {
      if (provider instanceof DiscoveredProvider.Usable usable) {
        Capabilities can = usable.provider().capabilities();
        table.row(
            usable.provider().name(),
            prefixes(can, IpFamily.IPV4),
            prefixes(can, IpFamily.IPV6),
            can.dualStackNic() ? "yes" : "no",
            usable.origin());
      }
    }
    table.print(output.out());
    for (DiscoveredProvider provider : found) {
      if (provider instanceof DiscoveredProvider.Broken broken) {
        output
            .out()
            .println("broken: " + broken.name() + ": " + broken.origin() + " " + broken.reason());
      }
    }
    output.out().flush();
  }

  private static String prefixes(Capabilities can, IpFamily family) {
    return can.of(family)
        .map(FamilyCapabilities::prefixLengths)
        .filter(lengths -> !lengths.isEmpty())
        .map(ProvidersCommand::range)
        .orElse("none");
  }

  private static String range(SortedSet<Integer> lengths) {
    return lengths.size() == 1
        ? "/" + lengths.first()
        : lengths.size() == lengths.last() - lengths.first() + 1
            ? "/" + lengths.first() + " to /" + lengths.last()
            : lengths.toString();
  }

  private void printJson(List<DiscoveredProvider> found) {
    ObjectNode document = Json.object();
    ArrayNode providers = document.putArray("providers");
    for (DiscoveredProvider provider : found) {
      if (provider instanceof DiscoveredProvider.Usable usable) {
        ObjectNode node =
            providers
                .addObject()
                .put("name", usable.provider().name())
                .put("from", usable.origin())
                .put("dual_stack_nic", usable.provider().capabilities().dualStackNic());
        ObjectNode families = node.putObject("families");
        usable
            .provider()
            .capabilities()
            .families()
            .forEach((family, can) -> families.set(Json.word(family), family(can)));
      } else if (provider instanceof DiscoveredProvider.Broken broken) {
        providers
            .addObject()
            .put("name", broken.name())
            .put("from", broken.origin())
            .put("broken", broken.reason());
      }
    }
    output.print(document);
  }

  private static ObjectNode family(FamilyCapabilities can) {
    ObjectNode node = Json.object();
    ArrayNode lengths = node.putArray("prefix_lengths");
    can.prefixLengths().forEach(lengths::add);
    ArrayNode choosers = node.putArray("choosers");
    can.choosers().forEach(chooser -> choosers.add(Json.word(chooser)));
    return node.put("addresses_per_nic", can.addressesPerNic())
        .put("prefixes_per_nic", can.prefixesPerNic());
  }
}
