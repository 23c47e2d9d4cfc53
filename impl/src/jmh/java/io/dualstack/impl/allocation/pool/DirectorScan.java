package io.dualstack.impl.allocation.pool;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The BOSH director's way of choosing, as it can be observed: for each allocation all blocked
 * blocks are fetched, those inside a larger one dropped, the rest sorted, and candidates tried from
 * the start of the range. The director fetches its rows from a database; here they lie in memory,
 * which flatters it.
 */
final class DirectorScan implements BlockPool {
  record Row(long high, long low, int length) {
    int order() {
      return 128 - length;
    }

    long lastHigh() {
      return high | Bits.onesHigh(order());
    }

    long lastLow() {
      return low | Bits.onesLow(order());
    }

    boolean contains(Row other) {
      return ((high ^ other.high) & ~Bits.onesHigh(order())) == 0
          && ((low ^ other.low) & ~Bits.onesLow(order())) == 0;
    }
  }

  private static final Comparator<Row> BY_BASE =
      (a, b) -> {
        int byHigh = Long.compareUnsigned(a.high, b.high);
        int byBase = byHigh != 0 ? byHigh : Long.compareUnsigned(a.low, b.low);
        return byBase != 0 ? byBase : Integer.compare(a.length, b.length);
      };

  private final IpPrefix range;
  private final Set<Row> rows = new HashSet<>();

  DirectorScan(IpPrefix range) {
    this.range = range;
  }

  @Override
  public boolean occupy(long high, long low, int length) {
    return rows.add(new Row(high, low, length));
  }

  @Override
  public boolean release(long high, long low, int length) {
    return rows.remove(new Row(high, low, length));
  }

  @Override
  public boolean allocateLowest(int length, BlockCursor into) {
    List<Row> blocked = blocked();
    int order = 128 - length;
    Row whole = new Row(range.address().high(), range.address().low(), range.length());
    long high = whole.high();
    long low = whole.low();
    int next = 0;
    while (true) {
      Row candidate = new Row(high & ~Bits.onesHigh(order), low & ~Bits.onesLow(order), length);
      while (next < blocked.size() && endsBefore(blocked.get(next), candidate)) {
        next++;
      }
      Row head = next < blocked.size() ? blocked.get(next) : null;
      if (!whole.contains(candidate)) {
        return false;
      }
      if (head == null || !(head.contains(candidate) || candidate.contains(head))) {
        rows.add(candidate);
        into.set(IpFamily.IPV6, candidate.high(), candidate.low(), length);
        return true;
      }
      Row step = head.length() < length ? head : candidate;
      low = step.lastLow() + 1;
      high = low == 0 ? step.lastHigh() + 1 : step.lastHigh();
    }
  }

  private List<Row> blocked() {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(BY_BASE);
    List<Row> outermost = new ArrayList<>(sorted.size());
    for (Row row : sorted) {
      if (outermost.isEmpty() || !outermost.get(outermost.size() - 1).contains(row)) {
        outermost.add(row);
      }
    }
    return outermost;
  }

  private static boolean endsBefore(Row row, Row candidate) {
    int byHigh = Long.compareUnsigned(row.lastHigh(), candidate.high());
    return byHigh != 0 ? byHigh < 0 : Long.compareUnsigned(row.lastLow(), candidate.low()) < 0;
  }
}
