package io.dualstack.impl.provider.local;

import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderJournal;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.support.NicIdentity;
import io.dualstack.provider.support.NicResolution;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An open {@link LocalProvider}. The journal is the truth: every call reads it, and a call that
 * attaches writes it once, however many NICs there are.
 */
final class LocalSession implements ProviderSession {
  private static final Comparator<AttachedNic> BY_OWNER_AND_NIC =
      Comparator.comparing(AttachedNic::owner).thenComparing(AttachedNic::nic);

  private final ProviderContext context;
  private final ProviderJournal journal;
  private final Object attaching;
  private final AttachmentDocuments documents = new AttachmentDocuments();
  private volatile boolean closed;

  /**
   * Opens a session.
   *
   * @param attaching held while the journal is read and written; shared by sessions on one journal
   */
  LocalSession(ProviderContext context, Object attaching) {
    this.context = context;
    this.journal = context.journal();
    this.attaching = attaching;
  }

  @Override
  public List<ProviderPool> pools() {
    checkOpen();
    Attachments attachments;
    synchronized (attaching) {
      attachments = attachments();
    }
    List<ProviderPool> pools = new ArrayList<>();
    for (Manual network : context.networks().manual()) {
      for (int i = 0; i < network.subnets().size(); i++) {
        Subnet subnet = network.subnets().get(i);
        pools.add(
            new ProviderPool(
                network.name() + "/" + i,
                String.join(",", subnet.zones()),
                List.of(subnet.range()),
                attachments.within(subnet.range())));
      }
    }
    pools.sort(Comparator.comparing(ProviderPool::id));
    return List.copyOf(pools);
  }

  @Override
  public List<Diagnostic> verify(NetworkSet networks) {
    checkOpen();
    return NetworkCheck.of(networks);
  }

  @Override
  public List<AttachOutcome> attach(List<NicRequest> requests) {
    synchronized (attaching) {
      checkOpen();
      Attachments attachments = attachments();
      PrefixPicker picker = new PrefixPicker(attachments);
      NetworkSet networks = context.networks();
      NicResolution resolution =
          new NicResolution(
              LocalProvider.NAME, LocalProvider.CAPABILITIES, networks, attachments::holder);
      Map<String, String> written = new LinkedHashMap<>();
      List<AttachOutcome> outcomes = new ArrayList<>(requests.size());
      for (NicRequest request : requests) {
        AttachOutcome outcome = attach(request, attachments, resolution, picker, networks);
        if (outcome instanceof Attached attached && attached.changed()) {
          written.put(
              AttachmentDocuments.key(request.owner(), request.nic()),
              documents.write(attached.nic()));
        }
        outcomes.add(outcome);
      }
      if (!written.isEmpty()) {
        journal.update(written, Set.of());
      }
      return List.copyOf(outcomes);
    }
  }

  private static AttachOutcome attach(
      NicRequest request,
      Attachments attachments,
      NicResolution resolution,
      PrefixPicker picker,
      NetworkSet networks) {
    try {
      @Nullable AttachedNic before = attachments.find(request.owner(), request.nic());
      List<NicBlock> blocks =
          pickOpen(request, resolution.resolve(request, before), resolution, picker, networks);
      if (before != null && new HashSet<>(before.blocks()).equals(new HashSet<>(blocks))) {
        return new Attached(before, false);
      }
      AttachedNic nic =
          new AttachedNic(
              NicIdentity.of(request).text(),
              request.owner(),
              request.incarnation(),
              request.nic(),
              before != null && before.mac() != null
                  ? before.mac()
                  : attachments.macFor(request.owner(), request.nic()),
              blocks);
      attachments.put(before, nic);
      return new Attached(nic, true);
    } catch (ProviderException failure) {
      return new Failed(request, failure);
    }
  }

  /**
   * Picks what is open, after all that is named or had before, so that it never gets in its way.
   */
  private static List<NicBlock> pickOpen(
      NicRequest request,
      List<NicBlock> resolved,
      NicResolution resolution,
      PrefixPicker picker,
      NetworkSet networks) {
    List<IpPrefix> taken = new ArrayList<>();
    resolved.forEach(block -> block.chosenBlock().ifPresent(taken::add));
    List<NicBlock> blocks = new ArrayList<>(resolved.size());
    for (NicBlock block : resolved) {
      if (block.block() == null) {
        IpPrefix picked = pick(request, block, taken, resolution, picker, networks);
        taken.add(picked);
        blocks.add(NicBlock.chosen(block.network(), picked));
      } else {
        blocks.add(block);
      }
    }
    return blocks;
  }

  private static IpPrefix pick(
      NicRequest request,
      NicBlock wanted,
      List<IpPrefix> taken,
      NicResolution resolution,
      PrefixPicker picker,
      NetworkSet networks) {
    String where = "network " + wanted.network() + ": ";
    if (!(networks.find(wanted.network()).orElse(null) instanceof Manual network)) {
      throw resolution.failure(
          request,
          Reason.NOT_SUPPORTED,
          false,
          where + "only addresses of manual networks can be picked; use one");
    }
    return network.subnets().stream()
        .filter(subnet -> subnet.serves(request.zone()) && subnet.family() == wanted.family())
        .flatMap(subnet -> picker.pick(subnet, wanted.length(), taken).stream())
        .findFirst()
        .orElseThrow(
            () ->
                resolution.failure(
                    request,
                    Reason.EXHAUSTED,
                    false,
                    where
                        + "no /%d is left in its subnets%s; enlarge it or detach what is unused"
                            .formatted(
                                wanted.length(),
                                request.zoneName().map(zone -> " of zone " + zone).orElse(""))));
  }

  @Override
  public void detach(Collection<AttachedNic> nics) {
    synchronized (attaching) {
      checkOpen();
      Attachments attachments = attachments();
      Set<String> removed = new LinkedHashSet<>();
      for (AttachedNic nic : nics) {
        AttachedNic there = attachments.find(nic.owner(), nic.nic());
        if (there != null && there.incarnation().equals(nic.incarnation())) {
          removed.add(AttachmentDocuments.key(nic.owner(), nic.nic()));
        }
      }
      if (!removed.isEmpty()) {
        journal.update(Map.of(), removed);
      }
    }
  }

  @Override
  public List<AttachedNic> attached(OwnerScope scope) {
    synchronized (attaching) {
      checkOpen();
      return documents.read(journal.list(AttachmentDocuments.ROOT + scope.path())).stream()
          .filter(nic -> scope.contains(nic.owner()))
          .sorted(BY_OWNER_AND_NIC)
          .toList();
    }
  }

  private Attachments attachments() {
    return new Attachments(documents.readAll(journal.list(AttachmentDocuments.ROOT)));
  }

  @Override
  public void close() {
    closed = true;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("local: the session is closed; open another");
    }
  }
}
