package io.dualstack.impl.cli;

import static java.util.Objects.requireNonNull;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.StandardDualstackFactory;
import io.dualstack.impl.allocation.imports.BlockImport;
import io.dualstack.impl.allocation.imports.ImportedBlock;
import io.dualstack.impl.cni.hostlocal.HostLocalReservations;
import io.dualstack.impl.cni.hostlocal.HostLocalReservations.Reserved;
import io.dualstack.impl.director.dump.DirectorDump;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualstack store import}. */
@Command(
    name = "import",
    description = {
      "Takes over what another system has handed out, all of it or nothing. What is in the store",
      "already stays as it is, so that the same import again changes nothing."
    },
    mixinStandardHelpOptions = true,
    footer = "dualstack store import --bosh-dump director.sql")
final class StoreImportCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  /** Where to take it from. */
  static final class Source {
    @Option(
        names = "--bosh-dump",
        paramLabel = "FILE",
        description = {
          "A dump of a BOSH director's PostgreSQL, made by pg_dump --data-only with the tables",
          "ip_addresses, instances, deployments and vms. An address becomes one of",
          "DEPLOYMENT/GROUP/INDEX, that of an orphaned VM one of " + DirectorDump.ORPHANS + "/ID."
        })
    private @Nullable Path boshDump;

    @Option(
        names = "--host-local",
        paramLabel = "DIR",
        description = {
          "The directory of a network of CNI's host-local plugin. An address becomes one of",
          "NETWORK/CONTAINER/INTERFACE in network NETWORK, by IPv6 in NETWORK-ipv6, where NETWORK",
          "is the directory's name."
        })
    private @Nullable Path hostLocal;
  }

  @Override
  public Integer call() throws IOException {
    List<ImportedBlock> blocks = read();
    try (Progress progress = Progress.of("importing");
        AllocationStore target = StandardDualstackFactory.openStore(store.location())) {
      int imported = BlockImport.run(target, AddressSpace.DEFAULT, blocks);
      progress.close();
      print(target.location(), imported, blocks.size() - imported);
      return 0;
    }
  }

  private List<ImportedBlock> read() throws IOException {
    Instant now = Instant.now();
    if (source.boshDump != null) {
      return DirectorDump.read(source.boshDump, now);
    }
    Path directory = requireNonNull(source.hostLocal);
    HostLocalReservations found = HostLocalReservations.read(directory);
    for (Diagnostic foreign : found.findings()) {
      output.err().println(foreign);
    }
    output.err().flush();
    String network = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
    return found.reserved().stream().map(each -> imported(network, each, now)).toList();
  }

  private static ImportedBlock imported(String network, Reserved reserved, Instant now) {
    String owner = network + "/" + reserved.containerId();
    return new ImportedBlock(
        reserved.file().toString(),
        AllocatedBlock.active(
            IpPrefix.single(reserved.address()),
            new Owner(reserved.ifName().isEmpty() ? owner : owner + "/" + reserved.ifName()),
            "",
            reserved.address().family() == IpFamily.IPV6 ? network + "-ipv6" : network,
            null,
            AllocationKind.DYNAMIC,
            now));
  }

  private void print(String location, int imported, int there) {
    if (output.isJson()) {
      output.print(
          Json.object().put("store", location).put("imported", imported).put("kept", there));
      return;
    }
    output.out().println("store: " + location);
    output.out().println();
    output.out().printf("Blocks imported: %d, there already: %d.%n", imported, there);
    output.out().flush();
  }
}
