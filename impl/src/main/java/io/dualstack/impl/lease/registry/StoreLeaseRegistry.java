package io.dualstack.impl.lease.registry;

import io.dualstack.LeaseConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry whose leases are kept in a store of allocations. What it answered is as durable as the
 * store; registries of several processes may share one.
 *
 * <p>Renewals are written down to a thousandth of the expiry: at the usual week, a lease that is
 * renewed every half minute costs a commit every ten minutes, and one whose cell died expires at
 * most ten minutes early.
 *
 * <p>Thread-safe. Whoever loses a race decides again on what the winner left.
 */
public final class StoreLeaseRegistry implements LeaseRegistry {

  private static final Logger LOG = LoggerFactory.getLogger(StoreLeaseRegistry.class);

  private static final int RENEWALS_PER_EXPIRY = 1000;

  /** As each time another writer got on, so many mean that something else is wrong. */
  private static final int MAX_LOST = 10_000;

  private final LeaseStore leases;
  private final LeasePool pool;
  private final Clock clock;
  private final LeaseIndex index;
  private final long expiry;
  private final long precision;

  /**
   * Opens the registry of a pool.
   *
   * @param random picks among the free members
   */
  public StoreLeaseRegistry(
      AllocationStore store, LeasePool pool, Clock clock, RandomGenerator random) {
    this.leases = new LeaseStore(store);
    this.pool = pool;
    this.clock = clock;
    this.index = new LeaseIndex(store, pool, random);
    this.expiry = pool.expiry().toSeconds();
    this.precision = Math.max(1, expiry / RENEWALS_PER_EXPIRY);
  }

  // Acquiring

  @Override
  public CellLease acquire(IpAddress underlayIp, LeaseKind kind) {
    underlayIp.requireFamily(IpFamily.IPV4);
    List<Integer> taken = new ArrayList<>();
    try {
      for (int lost = 0; lost < MAX_LOST; lost++) {
        Optional<LeaseRecord> known = leases.of(underlayIp);
        if (known.isPresent() && isMember(known.get())) {
          return known.get().lease();
        }
        CellLease acquired = attempt(underlayIp, kind, known, taken);
        if (acquired != null) {
          LOG.atInfo()
              .addKeyValue("underlay_ip", underlayIp)
              .addKeyValue("overlay_subnet", acquired.overlaySubnet())
              .log("lease acquired");
          return acquired;
        }
      }
      throw new StoreUnavailableException(
          "%s: other writers were faster %d times; ask again"
              .formatted(leases.store().location(), MAX_LOST),
          true,
          null);
    } finally {
      taken.forEach(member -> index.giveBack(kind, member));
    }
  }

  private boolean isMember(LeaseRecord record) {
    return pool.kindOf(record.lease().overlaySubnet()).isPresent();
  }

  /**
   * Tries one member. What it takes stays taken for this call, so that a member that can't be had
   * is not tried twice.
   *
   * @return null when another was faster
   */
  private @Nullable CellLease attempt(
      IpAddress underlayIp, LeaseKind kind, Optional<LeaseRecord> known, List<Integer> taken) {
    index.follow();
    Instant at = clock.instant();
    long now = at.getEpochSecond();
    List<Change> changes = new ArrayList<>();
    known.ifPresent(outdated -> changes.addAll(leases.remove(outdated)));
    IpPrefix subnet;
    OptionalInt member = index.take(kind);
    if (member.isPresent()) {
      taken.add(member.getAsInt());
      subnet = pool.subnet(kind, member.getAsInt());
    } else {
      LeaseIndex.Oldest oldest = index.oldestExpired(kind, now, leases::of);
      if (oldest.record().isEmpty() && oldest.outdated()) {
        return null;
      }
      LeaseRecord expired = oldest.record().orElseThrow(() -> exhausted(underlayIp, kind));
      changes.addAll(leases.remove(expired));
      subnet = expired.lease().overlaySubnet();
    }
    LeaseRecord record = new LeaseRecord(CellLease.of(underlayIp, subnet), now);
    changes.addAll(leases.add(record, at));
    return leases.commit(at, changes) instanceof CommitResult.Committed ? record.lease() : null;
  }

  private PoolExhaustedException exhausted(IpAddress underlayIp, LeaseKind kind) {
    return new PoolExhaustedException(
        pool.network().toString(),
        kind == LeaseKind.BLOCK ? pool.subnetPrefixLength() : IpFamily.IPV4.bits(),
        new TreeMap<>(),
        "%s: no lease for %s: all %d of kind %s are held and none has expired; release some, or use a larger network"
            .formatted(pool.network(), underlayIp, pool.size(kind), kind));
  }

  // Renewing

  @Override
  public void renew(CellLease lease) {
    while (true) {
      Instant at = clock.instant();
      Optional<LeaseRecord> known = leases.of(lease.underlayIp());
      CommitResult result;
      if (known.isPresent()) {
        LeaseRecord record = known.get();
        if (!record.lease().equals(lease)) {
          throw new LeaseConflictException(lease, record.lease(), "lease mismatch");
        }
        long age = at.getEpochSecond() - record.renewedAt();
        if (age >= 0 && age < precision) {
          return;
        }
        result = leases.commit(at, leases.renew(record, record.renewed(at.getEpochSecond())));
      } else {
        result = claim(lease, at);
      }
      if (result instanceof CommitResult.Committed) {
        return;
      }
    }
  }

  private CommitResult claim(CellLease lease, Instant at) {
    if (pool.kindOf(lease.overlaySubnet()).isEmpty()) {
      throw new LeaseConflictException(lease, null, "overlay subnet not in pool");
    }
    CommitResult result =
        leases.commit(at, leases.add(new LeaseRecord(lease, at.getEpochSecond()), at));
    if (result instanceof Refused refused) {
      if (refused.refusal() instanceof Refusal.Overlap overlap) {
        throw new LeaseConflictException(
            lease,
            holder(overlap),
            "overlay subnet %s is held by %s"
                .formatted(overlap.holder().block(), overlap.holder().owner()));
      }
      if (refused.refusal() instanceof Refusal.DocumentChanged changed
          && changed.key().equals(LeaseStore.hardwareKey(lease.hardwareAddress()))) {
        throw new LeaseConflictException(
            lease, null, "hardware address " + lease.hardwareAddress() + " is another cell's");
      }
    }
    return result;
  }

  private @Nullable CellLease holder(Refusal.Overlap overlap) {
    return IpAddress.tryParse(overlap.holder().owner().id())
        .flatMap(leases::of)
        .map(LeaseRecord::lease)
        .orElse(null);
  }

  // Releasing and looking

  @Override
  public void release(IpAddress underlayIp) {
    while (true) {
      Optional<LeaseRecord> known = leases.of(underlayIp);
      if (known.isEmpty()
          || leases.commit(clock.instant(), leases.remove(known.get()))
              instanceof CommitResult.Committed) {
        return;
      }
    }
  }

  @Override
  public List<CellLease> leases() {
    long now = clock.instant().getEpochSecond();
    // Often asked for, so that whoever acquires later has little to catch up with.
    index.follow();
    return leases.all().stream()
        .filter(record -> record.isActive(expiry, now))
        .map(LeaseRecord::lease)
        .sorted()
        .toList();
  }

  /**
   * Counts the leases.
   *
   * @param staleAfter a lease is stale when it was not renewed for so long
   * @return the numbers
   */
  public LeaseUsage usage(Duration staleAfter) {
    long now = clock.instant().getEpochSecond();
    List<LeaseRecord> all = leases.all();
    return new LeaseUsage(
        all.size(),
        Math.max(0, pool.size(LeaseKind.BLOCK) - all.size()),
        all.stream().filter(record -> !record.isActive(staleAfter.toSeconds(), now)).count());
  }

  /**
   * Asks the store something cheap.
   *
   * @throws io.dualstack.StoreUnavailableException if it does not answer
   */
  public void probe() {
    if (leases.store().revision() < 0) {
      throw new IllegalStateException(leases.store().location() + ": has a negative revision");
    }
  }

  LeaseIndex index() {
    return index;
  }
}
