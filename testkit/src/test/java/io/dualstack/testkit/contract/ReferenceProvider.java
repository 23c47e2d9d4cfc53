package io.dualstack.testkit.contract;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The simplest provider that holds the contract, with one fault on demand. */
class ReferenceProvider implements NetworkProvider {
  enum Fault {
    NONE,
    ATTACHES_HALF_A_NIC,
    CHANGES_ITS_CAPABILITIES,
    CHOOSES_ANEW,
    CHOOSES_TWICE_THE_SAME_BLOCK,
    DETACHES_ANY_LIFE,
    FORGETS_ATTACHMENTS,
    IGNORES_CONTAINMENT,
    IGNORES_ITS_LIMITS,
    IGNORES_THE_HOLDER,
    KEEPS_OLD_BLOCKS,
    LISTS_IN_ANY_ORDER,
    TAKES_ANY_SETTING,
    VERIFIES_NOTHING
  }

  private static final Set<PrefixChooser> EITHER = Set.of(PrefixChooser.values());

  private final Fault fault;
  private int asked;

  ReferenceProvider(Fault fault) {
    this.fault = fault;
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public Capabilities capabilities() {
    int addresses = fault == Fault.CHANGES_ITS_CAPABILITIES ? ++asked : 1;
    return new Capabilities(
        Map.of(
            IpFamily.IPV4, FamilyCapabilities.lengths(28, 28, addresses, 1, EITHER),
            IpFamily.IPV6, FamilyCapabilities.lengths(80, 80, addresses, 1, EITHER)),
        true);
  }

  @Override
  public ProviderSession open(ProviderContext context) {
    if (!context.settings().isEmpty() && fault != Fault.TAKES_ANY_SETTING) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  "providers.reference", "Unknown", context.settings().keySet() + ": unknown")));
    }
    return new Session(context);
  }

  private final class Session implements ProviderSession {
    private final ProviderContext context;
    private final Map<String, String> forgotten = new HashMap<>();
    private boolean closed;

    Session(ProviderContext context) {
      this.context = context;
    }

    @Override
    public List<ProviderPool> pools() {
      checkOpen();
      return context.networks().manual().stream()
          .map(
              network ->
                  new ProviderPool(
                      network.name(),
                      "",
                      network.subnets().stream().map(Subnet::range).toList(),
                      IpSet.empty()))
          .sorted(Comparator.comparing(ProviderPool::id))
          .toList();
    }

    @Override
    public List<Diagnostic> verify(NetworkSet networks) {
      checkOpen();
      List<Diagnostic> findings = new ArrayList<>();
      if (fault != Fault.VERIFIES_NOTHING) {
        for (Manual network : networks.manual()) {
          network.subnets().forEach(subnet -> verify(network.name(), subnet, findings));
        }
      }
      return findings;
    }

    private void verify(String name, Subnet subnet, List<Diagnostic> findings) {
      String path = "networks." + name;
      if (subnet.delegatesPrefixes()) {
        capabilities()
            .refusePrefix(subnet.family(), subnet.prefixLength())
            .ifPresent(reason -> findings.add(Diagnostic.error(path, "Length", reason)));
      }
      if (lowestFree(subnet, subnet.prefixLength(), Map.of()).isEmpty()) {
        findings.add(Diagnostic.error(path, "NoRoom", "nothing to hand out"));
      }
    }

    @Override
    public synchronized List<AttachOutcome> attach(List<NicRequest> requests) {
      checkOpen();
      Map<String, AttachedNic> nics = load();
      Map<String, String> written = new HashMap<>();
      List<AttachOutcome> outcomes =
          requests.stream().map(request -> attach(request, nics, written)).toList();
      if (fault == Fault.FORGETS_ATTACHMENTS) {
        forgotten.putAll(written);
      } else if (!written.isEmpty()) {
        context.journal().update(written, Set.of());
      }
      return outcomes;
    }

    private AttachOutcome attach(
        NicRequest request, Map<String, AttachedNic> nics, Map<String, String> written) {
      Optional<String> refusal = capabilities().refuse(request);
      if (refusal.isPresent() && fault != Fault.IGNORES_ITS_LIMITS) {
        return failed(request, Reason.NOT_SUPPORTED, refusal.get());
      }
      String key = key(request.owner(), request.nic());
      AttachedNic before = nics.get(key);
      if (before != null && !before.incarnation().equals(request.incarnation())) {
        return failed(
            request, Reason.CONFLICT, before.incarnation() + " of " + before.owner() + " has it");
      }
      Map<String, AttachedNic> others = new TreeMap<>(nics);
      others.remove(key);
      List<NicBlock> blocks = new ArrayList<>();
      for (NicBlock asked : request.blocks()) {
        NicBlock block = asked.block() == null ? choose(asked, before, others) : asked;
        Optional<AttachedNic> holder = holder(block.chosenBlock().orElseThrow(), others);
        if (holder.isPresent()) {
          if (fault == Fault.ATTACHES_HALF_A_NIC && !blocks.isEmpty()) {
            record(key, nicOf(request, blocks), nics, written);
          }
          return failed(request, Reason.CONFLICT, block + " is held by " + holder.get().owner());
        }
        blocks.add(block);
      }
      if (fault == Fault.KEEPS_OLD_BLOCKS && before != null) {
        before.blocks().stream().filter(block -> !blocks.contains(block)).forEach(blocks::add);
      }
      boolean changed = before == null || !before.blocks().equals(blocks);
      AttachedNic nic = nicOf(request, blocks);
      if (changed) {
        record(key, nic, nics, written);
      }
      return new Attached(nic, changed);
    }

    private void record(
        String key, AttachedNic nic, Map<String, AttachedNic> nics, Map<String, String> written) {
      nics.put(key, nic);
      written.put(key, text(nic));
    }

    private NicBlock choose(NicBlock asked, AttachedNic before, Map<String, AttachedNic> others) {
      if (before != null && fault != Fault.CHOOSES_ANEW) {
        for (NicBlock had : before.blocks()) {
          if (had.network().equals(asked.network())) {
            return had;
          }
        }
      }
      Map<String, AttachedNic> taken = new TreeMap<>(others);
      if (before != null) {
        taken.put("before", before);
      }
      if (fault == Fault.CHOOSES_TWICE_THE_SAME_BLOCK) {
        taken.clear();
      }
      Manual network = (Manual) context.networks().find(asked.network()).orElseThrow();
      IpPrefix block = lowestFree(network.subnets().get(0), asked.length(), taken).orElseThrow();
      return NicBlock.chosen(asked.network(), block);
    }

    private Optional<AttachedNic> holder(IpPrefix block, Map<String, AttachedNic> others) {
      if (fault == Fault.IGNORES_THE_HOLDER || fault == Fault.CHOOSES_TWICE_THE_SAME_BLOCK) {
        return Optional.empty();
      }
      return others.values().stream()
          .filter(
              nic ->
                  nic.blocks().stream()
                      .map(held -> held.chosenBlock().orElseThrow())
                      .anyMatch(
                          held ->
                              fault == Fault.IGNORES_CONTAINMENT
                                  ? held.equals(block)
                                  : held.overlaps(block)))
          .findFirst();
    }

    @Override
    public synchronized void detach(Collection<AttachedNic> nics) {
      checkOpen();
      Map<String, AttachedNic> attached = load();
      Set<String> removed = new HashSet<>();
      for (AttachedNic nic : nics) {
        String key = key(nic.owner(), nic.nic());
        AttachedNic there = attached.get(key);
        if (there != null
            && (fault == Fault.DETACHES_ANY_LIFE
                || there.incarnation().equals(nic.incarnation()))) {
          removed.add(key);
        }
      }
      forgotten.keySet().removeAll(removed);
      context.journal().update(Map.of(), removed);
    }

    @Override
    public synchronized List<AttachedNic> attached(OwnerScope scope) {
      checkOpen();
      Comparator<AttachedNic> order =
          Comparator.comparing(AttachedNic::owner).thenComparing(AttachedNic::nic);
      return load().values().stream()
          .filter(nic -> scope.contains(nic.owner()))
          .sorted(fault == Fault.LISTS_IN_ANY_ORDER ? order.reversed() : order)
          .toList();
    }

    @Override
    public void close() {
      closed = true;
    }

    private void checkOpen() {
      if (closed) {
        throw new IllegalStateException("closed");
      }
    }

    private Map<String, AttachedNic> load() {
      Map<String, AttachedNic> nics = new TreeMap<>();
      Map<String, String> texts = new HashMap<>(context.journal().list(""));
      texts.putAll(forgotten);
      texts.forEach((key, text) -> nics.put(key, nic(key, text)));
      return nics;
    }
  }

  private Failed failed(NicRequest request, Reason reason, String message) {
    return new Failed(request, new ProviderException(name(), reason, false, message, null));
  }

  private static Optional<IpPrefix> lowestFree(
      Subnet subnet, int length, Map<String, AttachedNic> taken) {
    List<IpPrefix> held =
        taken.values().stream()
            .flatMap(nic -> nic.blocks().stream())
            .map(block -> block.chosenBlock().orElseThrow())
            .toList();
    return IpSet.of(subnet.range().toRange())
        .subtract(subnet.restricted())
        .subtract(IpSet.ofPrefixes(held))
        .prefixes()
        .stream()
        .filter(free -> free.length() <= length)
        .findFirst()
        .map(free -> IpPrefix.of(free.first(), length));
  }

  private static AttachedNic nicOf(NicRequest request, List<NicBlock> blocks) {
    String id = key(request.owner(), request.nic());
    return new AttachedNic(id, request.owner(), request.incarnation(), request.nic(), null, blocks);
  }

  private static String key(Owner owner, String nic) {
    return owner + " " + nic;
  }

  private static String text(AttachedNic nic) {
    StringBuilder text = new StringBuilder(nic.incarnation());
    nic.blocks()
        .forEach(
            block ->
                text.append('\n')
                    .append(block.network())
                    .append(' ')
                    .append(block.chosenBlock().orElseThrow()));
    return text.toString();
  }

  private static AttachedNic nic(String key, String text) {
    String[] lines = text.split("\n");
    String[] names = key.split(" ");
    List<NicBlock> blocks =
        Arrays.stream(lines)
            .skip(1)
            .map(line -> line.split(" "))
            .map(parts -> NicBlock.chosen(parts[0], IpPrefix.parse(parts[1])))
            .toList();
    return new AttachedNic(key, new Owner(names[0]), lines[0], names[1], null, blocks);
  }
}
