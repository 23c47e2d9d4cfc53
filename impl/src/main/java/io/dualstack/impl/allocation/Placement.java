package io.dualstack.impl.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.BlockRequest;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.allocation.PlannedBlock;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.spi.Change;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one owner after the other: what it keeps, what it newly gets, what it gives up. Marks
 * what it hands out in the pools at once, so that later decisions see it, and can undo the marks.
 * One use, by one thread.
 */
final class Placement {

  private final NetworkPools pools;
  private final AllocatorOptions options;
  private final Instant now;
  private final Conflicts conflicts;
  private final List<Change> retired = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<PlannedBlock> lines = new ArrayList<>();
  private final List<IpPrefix> marked = new ArrayList<>();

  /** Where round robin stood in the pools that blocks were taken from. */
  private final Map<AddressPool, Optional<IpAddress>> cursors = new IdentityHashMap<>();

  Placement(NetworkPools pools, AllocatorOptions options, Instant now, Conflicts conflicts) {
    this.pools = pools;
    this.options = options;
    this.now = now;
    this.conflicts = conflicts;
  }

  /** The steps to commit: blocks are given up first, so that their slots are free. */
  List<Change> changes() {
    List<Change> all = new ArrayList<>(retired.size() + changes.size());
    all.addAll(retired);
    all.addAll(changes);
    return all;
  }

  List<PlannedBlock> lines() {
    return lines;
  }

  /** Takes the marks back. */
  void undo() {
    marked.forEach(pools::release);
    marked.clear();
    cursors.forEach(AddressPool::resumeBehind);
    cursors.clear();
  }

  /**
   * Decides for one owner.
   *
   * @param held all it holds, in whatever state
   * @param complete whether it gives up what it doesn't ask for
   * @return what it holds afterwards, in the order of the request; without what the provider
   *     chooses
   */
  List<AllocatedBlock> place(
      AllocationRequest request, List<AllocatedBlock> held, boolean complete) {
    List<AllocatedBlock> unclaimed = new ArrayList<>(held);
    unclaimed.sort(Comparator.comparing(AllocatedBlock::state).thenComparing(b -> b));
    @Nullable AllocatedBlock[] kept = new AllocatedBlock[request.blocks().size()];
    if (options.sticky()) {
      keep(request, unclaimed, kept, true);
      keep(request, unclaimed, kept, false);
    }
    List<AllocatedBlock> result = new ArrayList<>(kept.length);
    for (int i = 0; i < kept.length; i++) {
      BlockRequest wish = request.blocks().get(i);
      AllocatedBlock before = kept[i];
      if (before != null) {
        // One that doesn't fit may still stand in the slot that the fitting one takes.
        AllocatedBlock inTheWay = takeSlot(wish.network(), unclaimed);
        if (inTheWay != null) {
          giveUp(inTheWay, misfit(request, wish, inTheWay).orElse("another one fits better"));
        }
        result.add(relabel(request, wish, before));
      } else {
        fresh(request, wish, takeSlot(wish.network(), unclaimed)).ifPresent(result::add);
      }
    }
    if (complete) {
      unclaimed.stream()
          .filter(block -> block.state() == BlockState.ACTIVE)
          .forEach(block -> giveUp(block, "not asked for any more"));
    }
    return result;
  }

  /** Gives up all that an owner holds who asks for nothing any more. */
  void giveUpAll(List<AllocatedBlock> held) {
    held.stream()
        .filter(block -> block.state() == BlockState.ACTIVE)
        .forEach(block -> giveUp(block, "its owner is not asked for any more"));
  }

  /**
   * Finds for each wish a block that the owner already has: of the same network, then of others.
   */
  private void keep(
      AllocationRequest request,
      List<AllocatedBlock> unclaimed,
      @Nullable AllocatedBlock[] kept,
      boolean sameNetwork) {
    for (int i = 0; i < kept.length; i++) {
      if (kept[i] != null) {
        continue;
      }
      BlockRequest wish = request.blocks().get(i);
      for (AllocatedBlock block : unclaimed) {
        boolean same = block.network().equals(wish.network());
        boolean claimable =
            same
                || request.blocks().stream()
                    .noneMatch(other -> other.network().equals(block.network()));
        if (same == sameNetwork && claimable && misfit(request, wish, block).isEmpty()) {
          kept[i] = block;
          unclaimed.remove(block);
          break;
        }
      }
    }
  }

  /** Why a block that the owner has doesn't fulfil a wish; empty if it does. */
  private Optional<String> misfit(
      AllocationRequest request, BlockRequest wish, AllocatedBlock block) {
    IpPrefix wanted = wish.wanted();
    if (wanted != null) {
      if (!wanted.equals(block.block())) {
        return Optional.of(wanted + " is asked for");
      }
    } else if (block.kind() == AllocationKind.STATIC) {
      return Optional.of("was static, and any block is asked for");
    } else if (block.block().length() != lengthOf(wish)) {
      return Optional.of("/" + lengthOf(wish) + " is asked for");
    }
    List<AddressPool> candidates = pools.of(wish.network());
    if (candidates.isEmpty()) {
      return wanted == null ? Optional.of("the network has no subnet") : Optional.empty();
    }
    String reason = "no subnet of the network has it";
    for (AddressPool pool : candidates) {
      if (pool.range.contains(block.block())) {
        if (!pool.serves(request.zone())) {
          reason = "its subnet " + pool.range + " doesn't serve zone " + request.zone();
        } else if (pool.isRestricted(block.block())) {
          reason = "it " + pool.refuses(block.block()).orElse("is restricted");
        } else if (wanted == null && pool.isStatic(block.block())) {
          reason = "it is set aside for static use in " + pool.range;
        } else {
          return Optional.empty();
        }
      }
    }
    return Optional.of(reason);
  }

  private AllocatedBlock relabel(
      AllocationRequest request, BlockRequest wish, AllocatedBlock before) {
    AllocatedBlock after =
        before.relabelled(request.incarnation(), wish.network(), request.zone(), wish.kind());
    if (!after.equals(before)) {
      changes.add(new Change.Replace(before, after));
    }
    line(request, wish, PlannedAction.KEPT, after.block(), null, "");
    return after;
  }

  private Optional<AllocatedBlock> fresh(
      AllocationRequest request, BlockRequest wish, @Nullable AllocatedBlock replaced) {
    String reason = "";
    if (replaced != null) {
      reason =
          options.sticky()
              ? misfit(request, wish, replaced).orElse("")
              : "owners don't keep blocks here";
      retired.add(new Change.Replace(replaced, replaced.obsolete()));
    }
    IpPrefix old = replaced == null ? null : replaced.block();
    PlannedAction action = replaced == null ? PlannedAction.CREATED : PlannedAction.REPLACED;
    if (isProviderChosen(wish)) {
      line(request, wish, action, null, old, reason);
      return Optional.empty();
    }
    IpPrefix block = wish.wanted() == null ? lowest(request, wish) : wanted(request, wish);
    AllocatedBlock allocated =
        AllocatedBlock.active(
            block,
            request.owner(),
            request.incarnation(),
            wish.network(),
            request.zone(),
            wish.kind(),
            now);
    changes.add(new Change.Add(allocated));
    line(request, wish, action, block, old, reason);
    return Optional.of(allocated);
  }

  private IpPrefix lowest(AllocationRequest request, BlockRequest wish) {
    int length = lengthOf(wish);
    for (AddressPool pool : pools.of(wish.network())) {
      if (pool.serves(request.zone()) && length >= pool.range.length()) {
        Optional<IpPrefix> next = pool.next(length, options.strategy());
        if (next.isPresent()) {
          mark(next.get());
          cursors.putIfAbsent(pool, pool.handedOutLast());
          pool.resumeBehind(Optional.of(next.get().last()));
          return next.get();
        }
      }
    }
    throw conflicts.exhausted(pools, wish.network(), length, request.zone());
  }

  private IpPrefix wanted(AllocationRequest request, BlockRequest wish) {
    IpPrefix wanted = requireNonNull(wish.wanted());
    List<AddressPool> candidates = pools.of(wish.network());
    if (candidates.isEmpty()) {
      // An address that no pool covers: only the store, and what was just handed out, know of it.
      conflicts.requireFree(wish.network(), wanted, marked);
    } else {
      checkWanted(request, wish, wanted, candidates);
    }
    if (!pools.isFree(wanted)) {
      throw conflicts.held(wish.network(), wanted, marked);
    }
    mark(wanted);
    return wanted;
  }

  private void checkWanted(
      AllocationRequest request, BlockRequest wish, IpPrefix wanted, List<AddressPool> candidates) {
    String reason = "is outside every subnet of the network";
    for (AddressPool pool : candidates) {
      if (!pool.range.contains(wanted)) {
        continue;
      }
      Optional<String> refused = pool.refuses(wanted);
      if (refused.isPresent()) {
        throw conflicts.forbidden(wish.network(), wanted, refused.get());
      }
      if (!pool.serves(request.zone())) {
        reason = "is in subnet " + pool.range + ", which doesn't serve zone " + request.zone();
        continue;
      }
      if (wanted.length() != lengthOf(wish)) {
        throw conflicts.forbidden(
            wish.network(), wanted, "is not a /" + lengthOf(wish) + ", the network's length");
      }
      return;
    }
    throw conflicts.forbidden(wish.network(), wanted, reason);
  }

  private void mark(IpPrefix block) {
    if (!pools.occupy(block)) {
      throw new IllegalStateException(block + ": was free, and is not any more");
    }
    marked.add(block);
  }

  private void giveUp(AllocatedBlock block, String reason) {
    retired.add(new Change.Replace(block, block.obsolete()));
    lines.add(
        new PlannedBlock(
            block.owner(),
            block.network(),
            block.zone(),
            block.kind(),
            PlannedAction.RELEASED,
            block.block(),
            null,
            reason));
  }

  private void line(
      AllocationRequest request,
      BlockRequest wish,
      PlannedAction action,
      @Nullable IpPrefix block,
      @Nullable IpPrefix replaces,
      String reason) {
    lines.add(
        new PlannedBlock(
            request.owner(),
            wish.network(),
            request.zone(),
            wish.kind(),
            action,
            block,
            replaces,
            reason));
  }

  /** The active block in the way of a new one of the same network, taken out of the list. */
  private static @Nullable AllocatedBlock takeSlot(String network, List<AllocatedBlock> unclaimed) {
    for (AllocatedBlock block : unclaimed) {
      if (block.state() == BlockState.ACTIVE && block.network().equals(network)) {
        unclaimed.remove(block);
        return block;
      }
    }
    return null;
  }

  private boolean isProviderChosen(BlockRequest wish) {
    return wish.wanted() == null
        && pools.of(wish.network()).stream()
            .anyMatch(pool -> pool.chooser == PrefixChooser.PROVIDER);
  }

  private int lengthOf(BlockRequest wish) {
    if (wish.prefixLength() != null) {
      return wish.prefixLength();
    }
    Optional<NetworkDefinition> network = pools.networks().find(wish.network());
    if (network.orElse(null) instanceof NetworkDefinition.Manual manual) {
      return manual.prefixLength();
    }
    if (wish.wanted() != null) {
      return wish.wanted().length();
    }
    List<AddressPool> candidates = pools.of(wish.network());
    if (network.isEmpty() || candidates.isEmpty()) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  "networks." + wish.network(),
                  network.isEmpty() ? "JobUnknownNetwork" : "NetworkReservationIpMissing",
                  network.isEmpty()
                      ? "network " + wish.network() + " is not defined; define it first"
                      : "network " + wish.network() + " hands out no addresses; name one")));
    }
    return candidates.get(0).prefixLength;
  }
}
