package io.dualstack.impl.allocation;

import io.dualstack.Meters;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationPlan;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.Forecast;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.LeakReport;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.ReleaseOutcome;
import io.dualstack.allocation.Utilization;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.trail.Forecasts;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The allocator: reads go to the store, changes are {@link Step}s run in {@link Batches}. */
public final class StoreBackedAllocator implements PrefixAllocator {

  private final AllocationStore store;
  private final AddressSpace space;
  private final AllocatorOptions options;
  private final Conflicts conflicts;
  private final Batches batches;
  private final Clock clock;

  /** Creates an allocator that tells no meters. */
  public StoreBackedAllocator(
      AllocationStore store, AddressSpace space, AllocatorOptions options, Clock clock) {
    this(store, space, options, clock, Meters.NONE);
  }

  /**
   * Creates an allocator. Nothing is read before the first call.
   *
   * @param store the store, which the caller closes
   * @param space the space
   * @param options how it behaves
   * @param clock the clock for the audit trail and for rests
   * @param meters is told how it fares; never throws
   */
  public StoreBackedAllocator(
      AllocationStore store,
      AddressSpace space,
      AllocatorOptions options,
      Clock clock,
      Meters meters) {
    this.store = store;
    this.space = space;
    this.options = options;
    this.conflicts = new Conflicts(store, space);
    this.batches = new Batches(store, space, clock, meters);
    this.clock = clock;
  }

  @Override
  public AddressSpace space() {
    return space;
  }

  @Override
  public NetworkSet networks() {
    return batches.run(Inspections.networks());
  }

  @Override
  public void define(NetworkSet networks) {
    batches.run(new DefineStep(networks));
  }

  @Override
  public Allocation allocate(AllocationRequest request) {
    return allocateAll(List.of(request)).get(0);
  }

  @Override
  public CompletionStage<Allocation> allocateAsync(AllocationRequest request) {
    return batches.runLater(allocation(List.of(request)), all -> all.get(0));
  }

  @Override
  public List<Allocation> allocateAll(List<AllocationRequest> requests) {
    return batches.run(allocation(List.copyOf(requests)));
  }

  private AllocateStep allocation(List<AllocationRequest> requests) {
    return new AllocateStep(requests, options, conflicts);
  }

  @Override
  public AllocatedBlock reserve(
      Owner owner,
      String incarnation,
      @Nullable String zone,
      String network,
      IpPrefix block,
      AllocationKind kind) {
    return batches.run(new ReserveStep(owner, incarnation, zone, network, block, kind, conflicts));
  }

  @Override
  public List<AllocatedBlock> exclude(IpSet addresses, String reason) {
    return batches.run(new ExcludeStep(addresses, reason, store, space, conflicts));
  }

  @Override
  public List<AllocatedBlock> include(IpSet addresses) {
    return batches.run(new IncludeStep(addresses, store, space));
  }

  @Override
  public AllocationPlan plan(DesiredState desired) {
    return batches.run(new ApplyStep(desired, true, options, store, space, conflicts));
  }

  @Override
  public AllocationPlan apply(DesiredState desired) {
    return batches.run(new ApplyStep(desired, false, options, store, space, conflicts));
  }

  @Override
  public List<AllocatedBlock> obsolete(OwnerScope scope) {
    return batches.run(Inspections.obsolete(scope));
  }

  @Override
  public List<AllocatedBlock> releaseObsolete(Collection<AllocatedBlock> blocks) {
    return batches.run(new ReleaseObsoleteStep(List.copyOf(blocks), options, store, space));
  }

  @Override
  public ReleaseOutcome release(Owner owner) {
    return batches.run(new ReleaseStep(owner, null, options));
  }

  @Override
  public ReleaseOutcome release(Owner owner, String incarnation) {
    return batches.run(new ReleaseStep(owner, incarnation, options));
  }

  @Override
  public CompletionStage<ReleaseOutcome> releaseAsync(Owner owner) {
    return batches.runLater(new ReleaseStep(owner, null, options), Function.identity());
  }

  @Override
  public CompletionStage<ReleaseOutcome> releaseAsync(Owner owner, String incarnation) {
    return batches.runLater(new ReleaseStep(owner, incarnation, options), Function.identity());
  }

  @Override
  public List<AllocatedBlock> retire(OwnerScope scope) {
    return batches.run(new RetireStep(scope, store, space));
  }

  @Override
  public Optional<Allocation> find(Owner owner) {
    List<AllocatedBlock> blocks =
        store.blocksOf(space, OwnerScope.below(owner.id())).stream()
            .filter(block -> block.owner().equals(owner) && block.state() == BlockState.ACTIVE)
            .toList();
    return blocks.isEmpty()
        ? Optional.empty()
        : Optional.of(new Allocation(owner, blocks.get(0).incarnation(), blocks));
  }

  @Override
  public Optional<AllocatedBlock> holderOf(IpAddress address) {
    return store.overlapping(space, IpPrefix.single(address)).stream().findFirst();
  }

  @Override
  public Optional<AllocatedBlock> holderAt(IpAddress address, Instant at) {
    HistoryEntry last = null;
    for (HistoryEntry entry : store.history(space, address)) {
      if (!entry.at().isAfter(at)) {
        last = entry;
      }
    }
    return last == null || last.event() == HistoryEntry.Event.FREED
        ? Optional.empty()
        : Optional.of(last.block());
  }

  @Override
  public List<HistoryEntry> history(IpAddress address) {
    return store.history(space, address);
  }

  @Override
  public List<AllocatedBlock> blocks(OwnerScope scope) {
    return store.blocksOf(space, scope);
  }

  @Override
  public List<Utilization> utilization() {
    return batches.run(Inspections.utilization());
  }

  @Override
  public List<Forecast> forecast(Duration window) {
    return Forecasts.of(store, space, utilization(), window, clock.instant());
  }

  @Override
  public LeakReport findLeaks(OwnerScope scope, Set<Owner> living, Duration grace) {
    return batches.run(new LeakStep(scope, Set.copyOf(living), grace, store, space));
  }
}
