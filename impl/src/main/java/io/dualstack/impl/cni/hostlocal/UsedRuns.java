package io.dualstack.impl.cni.hostlocal;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpRange;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Addresses in use as runs without gaps, so that the next free one is found in one step behind a
 * run, however long it is. Every operation costs the logarithm of the number of runs. Not
 * thread-safe.
 */
final class UsedRuns {
  /** First address of each run, and its last. No two runs touch. */
  private final NavigableMap<IpAddress, IpAddress> runs = new TreeMap<>();

  /** Adds an address; adding one twice is adding it once. */
  void add(IpAddress address) {
    Map.Entry<IpAddress, IpAddress> before = runs.floorEntry(address);
    if (before != null && before.getValue().compareTo(address) >= 0) {
      return;
    }
    IpAddress first = address;
    IpAddress last = address;
    if (before != null && isNext(before.getValue(), address)) {
      first = before.getKey();
    }
    Map.Entry<IpAddress, IpAddress> after = runs.higherEntry(address);
    if (after != null && isNext(address, after.getKey())) {
      last = after.getValue();
      runs.remove(after.getKey());
    }
    runs.put(first, last);
  }

  /** Removes an address; removing one that isn't there does nothing. */
  void remove(IpAddress address) {
    Map.Entry<IpAddress, IpAddress> run = runs.floorEntry(address);
    if (run == null || run.getValue().compareTo(address) < 0) {
      return;
    }
    IpAddress first = run.getKey();
    IpAddress last = run.getValue();
    if (first.equals(address)) {
      runs.remove(first);
    } else {
      runs.put(first, address.plus(-1));
    }
    if (!last.equals(address)) {
      runs.put(address.plus(1), last);
    }
  }

  /** Returns the first address of a range that is not in use. */
  Optional<IpAddress> firstFree(IpRange range) {
    Map.Entry<IpAddress, IpAddress> run = runs.floorEntry(range.first());
    if (run == null
        || run.getKey().family() != range.family()
        || run.getValue().compareTo(range.first()) < 0) {
      return Optional.of(range.first());
    }
    return run.getValue().next().filter(range::contains);
  }

  /** Returns the number of runs, which is what an operation's cost grows with. */
  int size() {
    return runs.size();
  }

  private static boolean isNext(IpAddress address, IpAddress other) {
    return address.family() == other.family() && address.next().filter(other::equals).isPresent();
  }
}
