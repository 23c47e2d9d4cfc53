package io.dualstack.allocation;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Hands out blocks of one address space, durably: what a method returned survives the loss of
 * power, and what it refused left nothing behind. The store is the authority; several processes may
 * allocate from one store at once.
 *
 * <p>Search is exact and deterministic: the lowest free aligned block of the subnet's length in the
 * first subnet, in the order of definition, that serves the zone and has one. Its cost grows with
 * the number of address bits, not with the size of the range or the number of blocks.
 *
 * <p>Thread-safe. Concurrent callers share commits, so many threads allocate faster than one.
 *
 * <p>The asynchronous methods do what the blocking ones do, in the same commits, and keep no thread
 * waiting; both may be mixed. A stage completes when the disk has what it tells of.
 *
 * <ul>
 *   <li>Order: calls that are under way at the same time happen in any order. Start the second when
 *       the first is complete if it matters.
 *   <li>Threads: dependent stages without an executor of their own run on a thread of the library,
 *       one after the other for all that shared a commit, or at once on the caller's if the stage
 *       is complete already. They may call any method here, but whatever takes long belongs on an
 *       executor of yours ({@code thenApplyAsync}); one that waits for another stage may wait for
 *       ever.
 *   <li>Back pressure: with 16,384 asynchronous calls under way, further ones wait for their answer
 *       before they return, as the blocking ones do, and so hold back whoever calls.
 *   <li>Cancellation: nothing that was asked for is taken back by ceasing to wait for it, be it by
 *       cancelling the future of a stage or by a timeout. Release the owner when it isn't needed.
 *   <li>Failures are those of the blocking method, as the stage's exception. After {@code close},
 *       what was under way completes, either way.
 * </ul>
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8415">RFC 8415, prefix delegation</a>
 */
public interface PrefixAllocator {

  /**
   * Returns the space whose blocks this hands out.
   *
   * @return the space
   */
  AddressSpace space();

  /**
   * Returns the networks as they are defined in the store.
   *
   * @return the networks
   */
  NetworkSet networks();

  /**
   * Defines the networks, in place of those defined before. Blocks that no longer fit stay as they
   * are until {@link #apply} replaces them; nothing new is handed out of what is gone.
   *
   * @param networks the networks
   */
  void define(NetworkSet networks);

  /**
   * Allocates all an owner wants, or nothing. An owner that holds a fitting block of a network
   * keeps it and gets the same answer again.
   *
   * @param request what is wanted
   * @return what the owner holds now, in the order of the request
   * @throws io.dualstack.PoolExhaustedException if a network has no free block left
   * @throws io.dualstack.AllocationConflictException if a block asked for by name can't be had
   * @throws io.dualstack.InvalidConfigurationException if a network is not defined or is one whose
   *     blocks the provider chooses
   */
  Allocation allocate(AllocationRequest request);

  /**
   * Allocates as {@link #allocate} does, without keeping a thread waiting.
   *
   * @param request what is wanted
   * @return completes with what the owner holds then, or with what {@link #allocate} would throw
   */
  CompletionStage<Allocation> allocateAsync(AllocationRequest request);

  /**
   * Allocates all that several owners want, or nothing at all, in one commit.
   *
   * @param requests what is wanted
   * @return what each owner holds now, in the order of the requests
   * @throws io.dualstack.PoolExhaustedException if a network has no free block left
   * @throws io.dualstack.AllocationConflictException if a block asked for by name can't be had
   * @throws io.dualstack.InvalidConfigurationException if a network is not defined or is one whose
   *     blocks the provider chooses
   */
  List<Allocation> allocateAll(List<AllocationRequest> requests);

  /**
   * Records a block that somebody else chose: the provider, or an operator. It must be inside a
   * subnet of the network and of its length.
   *
   * @param owner who holds it
   * @param incarnation which life of the owner
   * @param zone the availability zone; null when there is none
   * @param network the network's name
   * @param block the block
   * @param kind how it came to its owner
   * @return the block as recorded; the recorded one if the owner already held it
   * @throws io.dualstack.AllocationConflictException if any part of it is held or restricted, or
   *     the owner holds another block of the network
   */
  AllocatedBlock reserve(
      Owner owner,
      String incarnation,
      @Nullable String zone,
      String network,
      IpPrefix block,
      AllocationKind kind);

  /**
   * Keeps addresses that are in use elsewhere from being handed out, without enumerating them.
   * Excluding what is already excluded changes nothing.
   *
   * @param addresses the addresses, in as few blocks as possible
   * @param reason who uses them, for messages and the audit trail
   * @return the blocks recorded, none of which was excluded before
   * @throws io.dualstack.AllocationConflictException if an owner holds one of them
   */
  List<AllocatedBlock> exclude(IpSet addresses, String reason);

  /**
   * Ends exclusions whose blocks lie wholly inside the given addresses.
   *
   * @param addresses the addresses
   * @return the blocks that were excluded
   */
  List<AllocatedBlock> include(IpSet addresses);

  /**
   * Shows what {@link #apply} would do. Changes nothing.
   *
   * @param desired what should be
   * @return the difference
   * @throws io.dualstack.PoolExhaustedException if a network has no free block left
   * @throws io.dualstack.AllocationConflictException if a block asked for by name can't be had
   * @throws io.dualstack.InvalidConfigurationException if a request names an undefined network
   */
  AllocationPlan plan(DesiredState desired);

  /**
   * Makes it so, in one commit: defines the networks, allocates what is wanted, keeps what fits,
   * and marks as obsolete what doesn't fit or isn't wanted any more. Obsolete blocks stay blocked,
   * so that nothing overlaps at any moment, until {@link #releaseObsolete} is told that they are
   * detached. Applying the same twice changes nothing.
   *
   * @param desired what should be
   * @return the difference that was committed
   * @throws io.dualstack.PoolExhaustedException if a network has no free block left
   * @throws io.dualstack.AllocationConflictException if a block asked for by name can't be had
   * @throws io.dualstack.InvalidConfigurationException if a request names an undefined network
   */
  AllocationPlan apply(DesiredState desired);

  /**
   * Returns the obsolete blocks of a scope, in address order.
   *
   * @param scope whose
   * @return an unmodifiable list
   */
  List<AllocatedBlock> obsolete(OwnerScope scope);

  /**
   * Releases obsolete blocks that are detached by now. What is no longer held so is passed over.
   *
   * @param blocks the blocks as {@link #obsolete} returned them
   * @return those that were released
   */
  List<AllocatedBlock> releaseObsolete(Collection<AllocatedBlock> blocks);

  /**
   * Releases all an owner holds, whichever life holds it.
   *
   * @param owner the owner
   * @return how it ended
   */
  ReleaseOutcome release(Owner owner);

  /**
   * Releases all an owner holds if this life of it holds it: a late clean-up never frees what a
   * later life uses.
   *
   * @param owner the owner
   * @param incarnation the life that is to be cleaned up
   * @return how it ended
   */
  ReleaseOutcome release(Owner owner, String incarnation);

  /**
   * Releases as {@link #release(Owner)} does, without keeping a thread waiting.
   *
   * @param owner the owner
   * @return completes with how it ended
   */
  CompletionStage<ReleaseOutcome> releaseAsync(Owner owner);

  /**
   * Releases as {@link #release(Owner, String)} does, without keeping a thread waiting.
   *
   * @param owner the owner
   * @param incarnation the life that is to be cleaned up
   * @return completes with how it ended
   */
  CompletionStage<ReleaseOutcome> releaseAsync(Owner owner, String incarnation);

  /**
   * Marks as obsolete all that a scope's owners hold, as a first step of deleting them.
   *
   * @param scope whose
   * @return the blocks, now obsolete, including those that were before
   */
  List<AllocatedBlock> retire(OwnerScope scope);

  /**
   * Returns what an owner holds.
   *
   * @param owner the owner
   * @return its active blocks in address order; empty when there are none
   */
  Optional<Allocation> find(Owner owner);

  /**
   * Returns who holds an address now, alone or as a part of a prefix.
   *
   * @param address the address
   * @return the block, active, obsolete or quarantined; empty when it is free
   */
  Optional<AllocatedBlock> holderOf(IpAddress address);

  /**
   * Returns who held an address at a time, from the audit trail.
   *
   * @param address the address
   * @param at the time
   * @return the block as it was then; empty when it was free
   */
  Optional<AllocatedBlock> holderAt(IpAddress address, Instant at);

  /**
   * Returns all that ever happened to an address, alone or as a part of a prefix, oldest first.
   *
   * @param address the address
   * @return an unmodifiable list
   */
  List<HistoryEntry> history(IpAddress address);

  /**
   * Returns the blocks of a scope in address order, whatever their state.
   *
   * @param scope whose
   * @return an unmodifiable list
   */
  List<AllocatedBlock> blocks(OwnerScope scope);

  /**
   * Returns how full each subnet is, in the order of definition.
   *
   * @return an unmodifiable list
   */
  List<Utilization> utilization();

  /**
   * Tells how fast each subnet fills and when none of it can be handed out dynamically any more, by
   * what the audit trail tells of the last days. Reads the whole trail of the space.
   *
   * @param window how far to look back, in whole days, at least one
   * @return one forecast for each subnet, in the order of {@link #utilization}
   */
  List<Forecast> forecast(Duration window);

  /**
   * Looks for blocks whose owner is gone. A block is leaked when its owner is missing from the
   * living at two looks that are at least a grace period apart, and at every look between; what was
   * seen is kept in the store. Excluded blocks are never leaked. Releases nothing.
   *
   * @param scope whose blocks are looked at
   * @param living the owners known to be alive now
   * @param grace how long an owner must be missing
   * @return suspects and leaks
   */
  LeakReport findLeaks(OwnerScope scope, Set<Owner> living, Duration grace);
}
