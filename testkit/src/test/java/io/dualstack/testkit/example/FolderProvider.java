package io.dualstack.testkit.example;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.support.InfrastructureNic;
import io.dualstack.provider.support.NicIdentity;
import io.dualstack.provider.support.NicOperations;
import io.dualstack.provider.support.ReconcilingOptions;
import io.dualstack.provider.support.ReconcilingSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A NIC is a file in a folder, for a DHCP server that reads it: whose it is, then its blocks. */
public final class FolderProvider implements NetworkProvider {
  private static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4, FamilyCapabilities.addresses(8),
              IpFamily.IPV6,
                  FamilyCapabilities.lengths(64, 96, 8, 1, Set.of(PrefixChooser.DIRECTOR))),
          true);

  @Override
  public String name() {
    return "folder";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public ProviderSession open(ProviderContext context) {
    @Nullable String folder = context.settings().get("folder");
    if (folder == null || context.settings().size() > 1) {
      String message = context.settings().keySet() + ": give the setting folder and no other";
      throw new InvalidConfigurationException(
          List.of(Diagnostic.error("folder", "Folder", message)));
    }
    return new ReconcilingSession(
        name(), CAPABILITIES, context, new Nics(Path.of(folder)), ReconcilingOptions.DEFAULT);
  }

  private record Nics(Path folder) implements NicOperations {
    @Override
    public List<ProviderPool> pools() {
      // It has no subnets of its own: whatever is defined is fine.
      return List.of(new ProviderPool(folder.toString(), "", RANGES, IpSet.empty()));
    }

    private static final List<IpPrefix> RANGES =
        List.of(IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("::/0"));

    @Override
    public List<InfrastructureNic> all() {
      try (Stream<Path> files = io(() -> Files.list(folder))) {
        return files.filter(each -> each.toString().endsWith(".nic")).map(Nics::read).toList();
      }
    }

    private static InfrastructureNic read(Path file) {
      List<String> lines = io(() -> Files.readAllLines(file));
      List<IpPrefix> blocks = lines.stream().skip(2).map(IpPrefix::parse).toList();
      NicIdentity identity = NicIdentity.parse(lines.get(0));
      String id = file.getFileName().toString();
      return new InfrastructureNic(id, identity, lines.get(1), null, blocks);
    }

    private Path file(NicIdentity identity) {
      return folder.resolve(identity.text().replace("%", "%25").replace("/", "%2F") + ".nic");
    }

    @Override
    public InfrastructureNic create(NicRequest request, String token) {
      return write(request, List.of(), request.blocks());
    }

    @Override
    public InfrastructureNic change(
        InfrastructureNic nic, NicRequest request, List<IpPrefix> gone, List<NicBlock> more) {
      List<IpPrefix> kept = new ArrayList<>(nic.blocks());
      kept.removeAll(gone);
      return write(request, kept, more);
    }

    private InfrastructureNic write(NicRequest request, List<IpPrefix> kept, List<NicBlock> more) {
      NicIdentity identity = NicIdentity.of(request);
      List<IpPrefix> blocks = new ArrayList<>(kept);
      // NICs are worked on side by side, and the folder refuses nothing by itself.
      synchronized (FolderProvider.class) {
        for (NicBlock wanted : more) {
          IpPrefix block = wanted.chosenBlock().orElseThrow();
          Optional<InfrastructureNic> holder =
              holder(request, block).filter(nic -> !nic.owned().equals(Optional.of(identity)));
          if (holder.isPresent()) {
            throw new ProviderException(
                "folder", Reason.CONFLICT, false, block + " is taken", null);
          }
          blocks.add(block);
        }
        List<String> lines = new ArrayList<>(List.of(identity.text(), request.incarnation()));
        blocks.stream().distinct().map(IpPrefix::toString).forEach(lines::add);
        Path whole = io(() -> Files.write(folder.resolve("writing"), lines));
        return read(io(() -> Files.move(whole, file(identity), StandardCopyOption.ATOMIC_MOVE)));
      }
    }

    @Override
    public void delete(InfrastructureNic nic) {
      io(() -> Files.deleteIfExists(folder.resolve(nic.id())));
    }

    private interface Io<T> {
      T done() throws IOException;
    }

    private static <T> T io(Io<T> work) {
      try {
        return work.done();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
