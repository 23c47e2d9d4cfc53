package io.dualstack.impl.provider.local;

import static java.util.Objects.requireNonNull;

import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return new NetworkCheck(LocalProvider.CAPABILITIES).check(networks);
  }

  @Override
  public List<AttachOutcome> attach(List<NicRequest> requests) {
    synchronized (attaching) {
      checkOpen();
      Attachments attachments = attachments();
      PrefixPicker picker = new PrefixPicker(attachments);
      NetworkSet networks = context.networks();
      Map<String, String> written = new LinkedHashMap<>();
      List<AttachOutcome> outcomes = new ArrayList<>(requests.size());
      for (NicRequest request : requests) {
        AttachOutcome outcome = attach(request, attachments, picker, networks);
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
      NicRequest request, Attachments attachments, PrefixPicker picker, NetworkSet networks) {
    try {
      @Nullable AttachedNic before = attachments.find(request.owner(), request.nic());
      checkRequest(request, before);
      List<NicBlock> blocks = chooseAll(request, before, attachments, picker, networks);
      if (before != null && new HashSet<>(before.blocks()).equals(new HashSet<>(blocks))) {
        return new Attached(before, false);
      }
      AttachedNic nic =
          new AttachedNic(
              AttachmentDocuments.id(request.owner(), request.nic()),
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

  private static void checkRequest(NicRequest request, @Nullable AttachedNic before) {
    Optional<String> refusal = LocalProvider.CAPABILITIES.refuse(request);
    if (refusal.isPresent()) {
      throw failure(request, Reason.NOT_SUPPORTED, false, refusal.get());
    }
    if (before != null && !before.incarnation().equals(request.incarnation())) {
      throw failure(
          request,
          Reason.CONFLICT,
          true,
          "life \"%s\" of the machine still has the NIC; detach that one before attaching \"%s\""
              .formatted(before.incarnation(), request.incarnation()));
    }
  }

  /**
   * Chooses what is open, after all that is named or had before, so that it never gets in its way.
   */
  private static List<NicBlock> chooseAll(
      NicRequest request,
      @Nullable AttachedNic before,
      Attachments attachments,
      PrefixPicker picker,
      NetworkSet networks) {
    @Nullable NicBlock[] chosen = new @Nullable NicBlock[request.blocks().size()];
    List<IpPrefix> taken = new ArrayList<>();
    for (int i = 0; i < chosen.length; i++) {
      NicBlock wanted = request.blocks().get(i);
      NicBlock block = wanted.block() == null ? hadBefore(wanted, before, taken, networks) : wanted;
      if (block != null) {
        checkFree(request, block, taken, before, attachments, networks);
        taken.add(requireNonNull(block.block()));
        chosen[i] = block;
      }
    }
    List<NicBlock> blocks = new ArrayList<>(chosen.length);
    for (int i = 0; i < chosen.length; i++) {
      NicBlock block = chosen[i];
      if (block == null) {
        NicBlock wanted = request.blocks().get(i);
        IpPrefix picked = pick(request, wanted, taken, picker, networks);
        taken.add(picked);
        block = NicBlock.chosen(wanted.network(), picked);
      }
      blocks.add(block);
    }
    return blocks;
  }

  private static @Nullable NicBlock hadBefore(
      NicBlock wanted, @Nullable AttachedNic before, List<IpPrefix> taken, NetworkSet networks) {
    if (before != null) {
      for (NicBlock had : before.blocks()) {
        IpPrefix block = requireNonNull(had.block());
        if (had.network().equals(wanted.network())
            && had.family() == wanted.family()
            && had.length() == wanted.length()
            && !taken.contains(block)
            && isInside(networks.find(had.network()).orElse(null), block)) {
          return had;
        }
      }
    }
    return null;
  }

  private static void checkFree(
      NicRequest request,
      NicBlock named,
      List<IpPrefix> taken,
      @Nullable AttachedNic before,
      Attachments attachments,
      NetworkSet networks) {
    IpPrefix block = requireNonNull(named.block());
    String where = "network " + named.network() + ": " + block + ": ";
    if (!isInside(networks.find(named.network()).orElse(null), block)) {
      throw failure(
          request,
          Reason.REFUSED,
          false,
          where + "is outside every subnet of the network; use a block inside one");
    }
    for (IpPrefix other : taken) {
      if (other.overlaps(block)) {
        throw failure(
            request, Reason.REFUSED, false, where + "overlaps " + other + " of the same NIC");
      }
    }
    Optional<AttachedNic> holder = attachments.holder(block, before);
    if (holder.isPresent()) {
      throw failure(
          request,
          Reason.CONFLICT,
          true,
          where
              + "is attached, whole or in part, to NIC %s of %s, life \"%s\"; detach it there or use another block"
                  .formatted(holder.get().nic(), holder.get().owner(), holder.get().incarnation()));
    }
  }

  private static boolean isInside(@Nullable NetworkDefinition network, IpPrefix block) {
    if (network instanceof Manual manual) {
      return manual.subnets().stream().anyMatch(subnet -> subnet.range().contains(block));
    }
    // Floating and dynamic networks have no ranges to be inside of.
    return network != null;
  }

  private static IpPrefix pick(
      NicRequest request,
      NicBlock wanted,
      List<IpPrefix> taken,
      PrefixPicker picker,
      NetworkSet networks) {
    String where = "network " + wanted.network() + ": ";
    if (!(networks.find(wanted.network()).orElse(null) instanceof Manual network)) {
      throw failure(
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
                failure(
                    request,
                    Reason.EXHAUSTED,
                    false,
                    where
                        + "no /%d is left in its subnets%s; enlarge it or detach what is unused"
                            .formatted(
                                wanted.length(),
                                request.zoneName().map(zone -> " of zone " + zone).orElse(""))));
  }

  private static ProviderException failure(
      NicRequest request, Reason reason, boolean retryable, String message) {
    return new ProviderException(
        LocalProvider.NAME,
        reason,
        retryable,
        request.owner() + ": NIC " + request.nic() + ": " + message,
        null);
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
