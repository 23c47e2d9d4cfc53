package io.dualstack.impl.cni.hostlocal;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.RangeSet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a set's addresses are tried: from the one after the last reserved, range after
 * range, once around, the last reserved itself at the end. Without a usable last one, from the
 * start.
 */
final class RoundRobin {
  /** A part of a range, in the order it is tried. */
  private record Stretch(AddressRange range, IpRange addresses) {}

  private final List<Stretch> stretches = new ArrayList<>();

  RoundRobin(RangeSet set, @Nullable IpAddress lastReserved) {
    List<AddressRange> ranges = set.ranges();
    int start = lastReserved == null ? -1 : indexOf(ranges, lastReserved);
    if (lastReserved == null || start < 0) {
      ranges.forEach(range -> add(range, range.rangeStart(), range.rangeEnd()));
      return;
    }
    AddressRange first = ranges.get(start);
    if (!lastReserved.equals(first.rangeEnd())) {
      add(first, lastReserved.plus(1), first.rangeEnd());
    }
    for (int i = 1; i < ranges.size(); i++) {
      AddressRange range = ranges.get((start + i) % ranges.size());
      add(range, range.rangeStart(), range.rangeEnd());
    }
    add(first, first.rangeStart(), lastReserved);
  }

  private static int indexOf(List<AddressRange> ranges, IpAddress address) {
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).contains(address)) {
        return i;
      }
    }
    return -1;
  }

  private void add(AddressRange range, IpAddress first, IpAddress last) {
    stretches.add(new Stretch(range, IpRange.of(first, last)));
  }

  /** Returns the first address in this order that is neither in use nor withheld. */
  Optional<IpAddress> firstFree(UsedRuns used) {
    for (Stretch stretch : stretches) {
      Optional<IpAddress> free = used.firstFree(stretch.addresses());
      while (free.isPresent() && stretch.range().isWithheld(free.get())) {
        free = behind(free.get(), stretch.addresses()).flatMap(used::firstFree);
      }
      if (free.isPresent()) {
        return free;
      }
    }
    return Optional.empty();
  }

  private static Optional<IpRange> behind(IpAddress address, IpRange range) {
    return address
        .next()
        .filter(next -> next.compareTo(range.last()) <= 0)
        .map(next -> IpRange.of(next, range.last()));
  }
}
