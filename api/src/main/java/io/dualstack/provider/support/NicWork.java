package io.dualstack.provider.support;

import static java.util.Objects.requireNonNull;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.support.NicLedger.Intent;
import io.dualstack.provider.support.NicLedger.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one NIC from what the infrastructure has to what is asked for, and back if that fails.
 * Thread-safe.
 */
final class NicWork {
  private static final Logger LOG = LoggerFactory.getLogger(NicWork.class);

  /**
   * One NIC to be attached.
   *
   * @param blocks what is asked for; open where the provider is to choose
   * @param before the NIC as it was recorded; null if it wasn't
   * @param earlier what was begun before and not ended; null if nothing was
   */
  record Task(
      NicRequest request,
      List<NicBlock> blocks,
      @Nullable Recorded before,
      Intent intent,
      boolean isBegun,
      NicResolution resolution) {

    Task(
        NicRequest request,
        List<NicBlock> blocks,
        @Nullable Recorded before,
        @Nullable Intent earlier,
        NicResolution resolution,
        Instant now) {
      this(
          request,
          blocks,
          before,
          earlier != null && earlier.isFor(request.incarnation(), blocks)
              ? earlier
              : new Intent(
                  UUID.randomUUID().toString().replace("-", ""),
                  request.incarnation(),
                  now,
                  blocks,
                  earlier == null ? null : earlier.taken()),
          earlier != null && earlier.isFor(request.incarnation(), blocks),
          resolution);
    }

    NicIdentity identity() {
      return NicIdentity.of(request);
    }

    List<IpPrefix> chosen() {
      return blocks.stream().flatMap(block -> block.chosenBlock().stream()).toList();
    }

    NicRequest resolved() {
      return new NicRequest(
          request.owner(),
          request.incarnation(),
          request.nic(),
          request.zone(),
          blocks,
          request.cloudProperties());
    }
  }

  /**
   * What came of a task.
   *
   * @param recorded what is to be recorded; null to leave the record as it is
   * @param isGone whether there is no NIC any more
   * @param isEnded whether nothing is in doubt
   */
  record Done(
      AttachOutcome outcome, @Nullable Recorded recorded, boolean isGone, boolean isEnded) {}

  private final String provider;
  private final NicOperations operations;
  private final boolean adopt;
  private final BiConsumer<NicIdentity, Intent> taking;

  /**
   * Creates it.
   *
   * @param taking writes down that a NIC of nobody is about to be taken over
   */
  NicWork(
      String provider,
      NicOperations operations,
      boolean adopt,
      BiConsumer<NicIdentity, Intent> taking) {
    this.provider = provider;
    this.operations = operations;
    this.adopt = adopt;
    this.taking = taking;
  }

  /** Attaches a NIC. Every failure is in the outcome. */
  Done attach(Task task, @Nullable InfrastructureNic seen) {
    InfrastructureNic found = seen;
    try {
      if (found == null && task.before() != null) {
        // It was recorded, so that a listing without it may only lag behind.
        found = operations.find(task.identity()).orElse(null);
      }
      return found == null ? create(task) : change(task, found);
    } catch (ProviderException failure) {
      // What a NIC had that an earlier run began to take over must not be forgotten before it is
      // certain that it was given back.
      boolean isEnded = task.intent().taken() == null;
      return new Done(new Failed(task.request(), named(task, failure)), null, false, isEnded);
    } catch (UndoFailed failure) {
      return new Done(new Failed(task.request(), named(task, failure.why())), null, false, false);
    }
  }

  private Done create(Task task) throws UndoFailed {
    InfrastructureNic made;
    try {
      made = operations.create(task.resolved(), task.intent().token());
    } catch (ProviderException failure) {
      Recorded before = task.before();
      undo(
          task,
          failure,
          left -> {
            // What was recorded and is seen again after all is not half-made.
            if (before == null || !before.nic().id().equals(left.id())) {
              removeOrGiveBack(task, task.intent(), left);
            }
          });
      return adoptHolder(task, failure);
    }
    return recorded(task, made, null);
  }

  /** Takes over the NIC of nobody that a NIC could not be made for, if there is one. */
  private Done adoptHolder(Task task, ProviderException failure) throws UndoFailed {
    Optional<InfrastructureNic> foreign = foreignHolder(task, failure);
    if (foreign.isPresent()) {
      return adopt(task, foreign.get());
    }
    throw failure;
  }

  private Optional<InfrastructureNic> foreignHolder(Task task, ProviderException failure) {
    if (!adopt || failure.reason() != Reason.CONFLICT) {
      return Optional.empty();
    }
    return task.blocks().stream()
        .filter(block -> !block.isPrefix())
        .flatMap(block -> block.chosenBlock().stream())
        .findFirst()
        .flatMap(address -> operations.holder(task.request(), address))
        .filter(holder -> holder.owned().isEmpty());
  }

  private Done adopt(Task task, InfrastructureNic foreign) throws UndoFailed {
    List<IpPrefix> original = foreign.blocks();
    Intent intent = task.intent().taking(original);
    // The infrastructure shows only whose it is from now on, and not what it had before.
    taking.accept(task.identity(), intent);
    try {
      InfrastructureNic adopted = operations.adopt(foreign, task.request());
      LOG.atInfo().addKeyValue("nic", foreign.id()).log("adopted for {}", task.identity());
      return recorded(task, fit(task, adopted, original), original);
    } catch (ProviderException failure) {
      undo(task, failure, left -> removeOrGiveBack(task, intent, left));
      throw failure;
    }
  }

  private Done change(Task task, InfrastructureNic found) throws UndoFailed {
    task.resolution().checkLife(task.request(), requireNonNull(found.incarnation()));
    Recorded before = task.before();
    @Nullable List<IpPrefix> original =
        before == null ? task.intent().originalOf(found).orElse(null) : before.original();
    try {
      InfrastructureNic now = fit(task, found, original == null ? List.of() : original);
      return recorded(task, now, original);
    } catch (ProviderException failure) {
      undo(
          task,
          failure,
          left -> {
            if (before == null) {
              // Half-made by a run that was cut off: nobody was told that it is there.
              removeOrGiveBack(task, task.intent(), left);
            } else {
              restore(task, left, found.blocks());
            }
          });
      if (before == null && original == null) {
        return adoptHolder(task, failure);
      }
      throw failure;
    }
  }

  /**
   * Takes off what isn't asked for, except what an adopted NIC had, and puts on what is missing.
   */
  private InfrastructureNic fit(Task task, InfrastructureNic nic, List<IpPrefix> keep) {
    Set<IpPrefix> spare = new HashSet<>(nic.blocks());
    List<NicBlock> more = new ArrayList<>();
    for (NicBlock wanted : task.blocks()) {
      if (wanted.block() != null && !spare.remove(wanted.block())) {
        more.add(wanted);
      }
    }
    for (NicBlock wanted : task.blocks()) {
      // What was chosen by a run that was cut off serves as well as another.
      if (wanted.block() == null && takeLike(wanted, spare).isEmpty()) {
        more.add(wanted);
      }
    }
    spare.removeAll(keep);
    return spare.isEmpty() && more.isEmpty()
        ? nic
        : operations.change(nic, task.resolved(), List.copyOf(spare), more);
  }

  private static Optional<IpPrefix> takeLike(NicBlock wanted, Set<IpPrefix> spare) {
    Optional<IpPrefix> like =
        spare.stream()
            .filter(block -> block.family() == wanted.family() && block.length() == wanted.length())
            .sorted()
            .findFirst();
    like.ifPresent(spare::remove);
    return like;
  }

  private Done recorded(Task task, InfrastructureNic now, @Nullable List<IpPrefix> original) {
    Set<IpPrefix> spare = new HashSet<>(now.blocks());
    for (NicBlock wanted : task.blocks()) {
      if (wanted.block() != null && !spare.remove(wanted.block())) {
        throw missing(now, wanted);
      }
    }
    List<NicBlock> blocks = new ArrayList<>(task.blocks().size());
    for (NicBlock wanted : task.blocks()) {
      blocks.add(
          wanted.block() != null
              ? wanted
              : NicBlock.chosen(
                  wanted.network(),
                  takeLike(wanted, spare).orElseThrow(() -> missing(now, wanted))));
    }
    AttachedNic nic =
        new AttachedNic(
            now.id(),
            task.request().owner(),
            task.request().incarnation(),
            task.request().nic(),
            now.mac(),
            blocks);
    Recorded before = task.before();
    if (before != null && same(before.nic(), nic)) {
      return new Done(new Attached(before.nic(), false), null, false, true);
    }
    return new Done(new Attached(nic, true), new Recorded(nic, original), false, true);
  }

  private static boolean same(AttachedNic before, AttachedNic now) {
    return before.id().equals(now.id())
        && before.macAddress().equals(now.macAddress())
        && new HashSet<>(before.blocks()).equals(new HashSet<>(now.blocks()));
  }

  private ProviderException missing(InfrastructureNic now, NicBlock wanted) {
    return new ProviderException(
        provider,
        Reason.UNAVAILABLE,
        true,
        "network %s: the infrastructure reports %s with %s, without %s; ask again"
            .formatted(
                wanted.network(),
                now.id(),
                now.blocks(),
                wanted.block() == null ? "a /" + wanted.length() : wanted.block()),
        null);
  }

  /** The undo of a failed NIC failed too, so that the infrastructure has something half-made. */
  private static final class UndoFailed extends Exception {
    private static final long serialVersionUID = 1L;
    private final ProviderException why;

    UndoFailed(ProviderException why) {
      super(why);
      this.why = why;
    }

    ProviderException why() {
      return why;
    }
  }

  /** Undoes what was done to a NIC, if there is one. */
  private void undo(Task task, ProviderException failure, Consumer<InfrastructureNic> how)
      throws UndoFailed {
    try {
      operations.find(task.identity()).ifPresent(how);
    } catch (ProviderException undoing) {
      LOG.atWarn()
          .addKeyValue("nic", task.identity())
          .addKeyValue("failure", undoing.getMessage())
          .log("is half-made; the next run that asks for it finishes it");
      failure.addSuppressed(undoing);
      throw new UndoFailed(failure);
    }
  }

  /** Removes a NIC, or gives it back if it was taken over. */
  private void removeOrGiveBack(Task task, Intent intent, InfrastructureNic left) {
    Optional<List<IpPrefix>> original = intent.originalOf(left);
    if (original.isPresent()) {
      giveBack(task.request(), left, original.get());
    } else {
      operations.delete(left);
    }
  }

  /** Brings a NIC back to the blocks it had. */
  private void restore(Task task, InfrastructureNic left, List<IpPrefix> had) {
    List<IpPrefix> gone = new ArrayList<>(left.blocks());
    gone.removeAll(had);
    List<NicBlock> more =
        had.stream()
            .filter(block -> !left.blocks().contains(block))
            .map(block -> NicBlock.chosen("", block))
            .toList();
    if (!gone.isEmpty() || !more.isEmpty()) {
      operations.change(left, task.request(), gone, more);
    }
  }

  /** The failure with the machine's name in it, and with the holder's if that is known. */
  private ProviderException named(Task task, ProviderException failure) {
    String message = String.valueOf(failure.getMessage());
    String start = provider + ": ";
    String text = message.startsWith(start) ? message.substring(start.length()) : message;
    if (text.startsWith(task.identity().toString())) {
      return failure;
    }
    if (failure.reason() == Reason.CONFLICT) {
      text += holderOf(task).map(holder -> "; " + holder).orElse("");
    }
    ProviderException named =
        new ProviderException(
            provider,
            failure.reason(),
            failure.retryable(),
            task.identity() + ": " + text,
            failure.getCause());
    for (Throwable suppressed : failure.getSuppressed()) {
      named.addSuppressed(suppressed);
    }
    return named;
  }

  private Optional<String> holderOf(Task task) {
    try {
      for (IpPrefix block : task.chosen()) {
        Optional<InfrastructureNic> holder =
            operations
                .holder(task.request(), block)
                .filter(nic -> !task.identity().equals(nic.identity()));
        if (holder.isPresent()) {
          String whose = holder.get().owned().map(id -> " of " + id.owner()).orElse("");
          return Optional.of("%s is held by %s%s".formatted(block, holder.get().id(), whose));
        }
      }
    } catch (ProviderException unknown) {
      LOG.atDebug().setCause(unknown).log("the holder of a block can't be found");
    }
    return Optional.empty();
  }

  /** Detaches a NIC, unless another life of its machine has it by now. */
  Optional<ProviderException> detach(
      AttachedNic nic,
      @Nullable Recorded recorded,
      @Nullable Intent begun,
      @Nullable InfrastructureNic seen) {
    try {
      InfrastructureNic found = seen;
      if (found == null && recorded != null) {
        found = operations.find(NicIdentity.of(nic)).orElse(null);
      }
      if (found == null || !nic.incarnation().equals(found.incarnation())) {
        return Optional.empty();
      }
      @Nullable List<IpPrefix> original =
          recorded != null
              ? recorded.original()
              : begun == null ? null : begun.originalOf(found).orElse(null);
      if (original == null) {
        operations.delete(found);
      } else {
        NicRequest bare =
            new NicRequest(nic.owner(), nic.incarnation(), nic.nic(), null, nic.blocks(), Map.of());
        giveBack(bare, found, original);
      }
      return Optional.empty();
    } catch (ProviderException failure) {
      return Optional.of(failure);
    }
  }

  /** Takes off what an adopted NIC didn't have before, and makes it nobody's again. */
  private void giveBack(NicRequest request, InfrastructureNic found, List<IpPrefix> original) {
    List<IpPrefix> ours = new ArrayList<>(found.blocks());
    ours.removeAll(original);
    operations.disown(ours.isEmpty() ? found : operations.change(found, request, ours, List.of()));
  }
}
