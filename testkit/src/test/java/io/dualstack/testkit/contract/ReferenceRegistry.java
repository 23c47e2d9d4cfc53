package io.dualstack.testkit.contract;

import io.dualstack.LeaseConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** A plain registry that holds the contract, or breaks it in one way. */
final class ReferenceRegistry implements LeaseRegistry {

  /** What is broken. */
  enum Fault {
    NONE,
    ACCEPTS_ANY_CLAIM,
    ACCEPTS_SUBNETS_OF_OTHERS,
    CHECKS_BEFORE_IT_LOCKS,
    FORGETS_UNKNOWN_CLAIMS,
    HANDS_OUT_THE_FIRST_BLOCK,
    HANDS_OUT_THE_LOWEST,
    KEEPS_WHAT_IS_RELEASED,
    KEEPS_WHAT_IS_NO_MEMBER,
    LISTS_EXPIRED_LEASES,
    NEVER_TAKES_EXPIRED_LEASES,
    RENEWS_WHEN_ASKED_AGAIN,
    TAKES_ANY_EXPIRED_LEASE,
    TAKES_EXPIRED_LEASES_BEFORE_FREE_ONES
  }

  /** What outlives a registry. */
  static final class Place {
    private final Map<IpAddress, Held> held = new TreeMap<>();
  }

  private record Held(CellLease lease, long renewedAt) {}

  private final Place place;
  private final LeasePool pool;
  private final Clock clock;
  private final Fault fault;
  private final Random random = new Random(42);

  ReferenceRegistry(Place place, LeasePool pool, Clock clock, Fault fault) {
    this.place = place;
    this.pool = pool;
    this.clock = clock;
    this.fault = fault;
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private boolean isActive(Held held) {
    return held.renewedAt() + pool.expiry().toSeconds() > now();
  }

  @Override
  public CellLease acquire(IpAddress underlayIp, LeaseKind kind) {
    underlayIp.requireFamily(IpFamily.IPV4);
    if (fault == Fault.CHECKS_BEFORE_IT_LOCKS) {
      CellLease chosen;
      synchronized (place) {
        if (place.held.containsKey(underlayIp)) {
          return place.held.get(underlayIp).lease();
        }
        chosen = choose(underlayIp, kind);
      }
      Thread.yield();
      synchronized (place) {
        place.held.put(underlayIp, new Held(chosen, now()));
      }
      return chosen;
    }
    synchronized (place) {
      Held own = place.held.get(underlayIp);
      if (own != null
          && (fault == Fault.KEEPS_WHAT_IS_NO_MEMBER
              || pool.kindOf(own.lease().overlaySubnet()).isPresent())) {
        if (fault == Fault.RENEWS_WHEN_ASKED_AGAIN) {
          place.held.put(underlayIp, new Held(own.lease(), now()));
        }
        return own.lease();
      }
      place.held.remove(underlayIp);
      CellLease chosen = choose(underlayIp, kind);
      place.held.put(underlayIp, new Held(chosen, now()));
      return chosen;
    }
  }

  private CellLease choose(IpAddress underlayIp, LeaseKind kind) {
    List<Held> expired =
        place.held.values().stream()
            .filter(held -> held.lease().kind() == kind && !isActive(held))
            .sorted(Comparator.comparingLong(Held::renewedAt))
            .toList();
    List<IpPrefix> free = free(kind);
    boolean takesExpired =
        !expired.isEmpty()
            && fault != Fault.NEVER_TAKES_EXPIRED_LEASES
            && (free.isEmpty() || fault == Fault.TAKES_EXPIRED_LEASES_BEFORE_FREE_ONES);
    if (takesExpired) {
      Held taken = expired.get(fault == Fault.TAKES_ANY_EXPIRED_LEASE ? expired.size() - 1 : 0);
      place.held.remove(taken.lease().underlayIp());
      return CellLease.of(underlayIp, taken.lease().overlaySubnet());
    }
    if (free.isEmpty()) {
      throw new PoolExhaustedException("pool", 24, new TreeMap<>(), "nothing is free");
    }
    return CellLease.of(
        underlayIp,
        free.get(fault == Fault.HANDS_OUT_THE_LOWEST ? 0 : random.nextInt(free.size())));
  }

  private List<IpPrefix> free(LeaseKind kind) {
    List<IpPrefix> members = new ArrayList<>();
    if (fault == Fault.HANDS_OUT_THE_FIRST_BLOCK && kind == LeaseKind.BLOCK) {
      members.add(IpPrefix.containing(pool.network().first(), pool.subnetPrefixLength()));
    }
    LongStream.range(0, pool.size(kind)).forEach(n -> members.add(pool.subnet(kind, n)));
    members.removeIf(
        member ->
            place.held.values().stream()
                .anyMatch(held -> held.lease().overlaySubnet().overlaps(member)));
    return members;
  }

  @Override
  public void renew(CellLease lease) {
    synchronized (place) {
      Held own = place.held.get(lease.underlayIp());
      if (own != null && fault != Fault.ACCEPTS_ANY_CLAIM && !own.lease().equals(lease)) {
        throw new LeaseConflictException(lease, own.lease(), "mismatch");
      }
      if (own == null && fault == Fault.FORGETS_UNKNOWN_CLAIMS) {
        return;
      }
      if (own == null && fault != Fault.ACCEPTS_SUBNETS_OF_OTHERS) {
        for (Held other : place.held.values()) {
          if (other.lease().overlaySubnet().overlaps(lease.overlaySubnet())
              || other.lease().hardwareAddress().equals(lease.hardwareAddress())) {
            throw new LeaseConflictException(lease, other.lease(), "is held");
          }
        }
      }
      if (own == null && pool.kindOf(lease.overlaySubnet()).isEmpty()) {
        throw new LeaseConflictException(lease, null, "no member");
      }
      place.held.put(lease.underlayIp(), new Held(lease, now()));
    }
  }

  @Override
  public void release(IpAddress underlayIp) {
    synchronized (place) {
      if (fault != Fault.KEEPS_WHAT_IS_RELEASED) {
        place.held.remove(underlayIp);
      }
    }
  }

  @Override
  public List<CellLease> leases() {
    synchronized (place) {
      return place.held.values().stream()
          .filter(held -> fault == Fault.LISTS_EXPIRED_LEASES || isActive(held))
          .map(Held::lease)
          .sorted()
          .toList();
    }
  }
}
