package io.dualstack.impl.report;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;

/**
 * A range cut into up to 1024 equal cells, and what each is used for. Of a range with much more
 * room than is in use, which is any of IPv6, the part is shown that holds all that is used; the
 * rest is free.
 */
final class AddressMap {

  /** Cells are so many bits longer than what is shown. */
  private static final int CELL_BITS = 10;

  private final IpPrefix range;
  private final IpPrefix shown;
  private final int cellLength;
  private final List<Cell> cells = new ArrayList<>();

  private AddressMap(IpPrefix range, IpPrefix shown, int cellLength) {
    this.range = range;
    this.shown = shown;
    this.cellLength = cellLength;
    for (IpPrefix part : shown.split(cellLength)) {
      cells.add(new Cell(part));
    }
  }

  /**
   * Draws the map of a subnet.
   *
   * @param held blocks that overlap its range, in address order
   */
  static AddressMap of(Subnet subnet, List<AllocatedBlock> held) {
    IpSet inRange = IpSet.of(subnet.range().toRange());
    IpSet reserved = subnet.reserved().intersect(inRange);
    if (subnet.gateway() != null) {
      reserved = reserved.union(IpSet.of(IpRange.single(subnet.gateway())));
    }
    IpPrefix shown = shown(subnet, reserved.union(subnet.statics()), held);
    int cellLength = Math.min(shown.length() + CELL_BITS, subnet.prefixLength());
    AddressMap map = new AddressMap(subnet.range(), shown, Math.max(cellLength, shown.length()));
    map.mark(subnet.restricted(), Use.RESERVED);
    map.mark(subnet.statics(), Use.SET_ASIDE);
    for (AllocatedBlock block : held) {
      map.mark(block);
    }
    return map;
  }

  private static IpPrefix shown(Subnet subnet, IpSet planned, List<AllocatedBlock> held) {
    int most = Math.max(subnet.range().length(), subnet.prefixLength() - CELL_BITS);
    IpAddress first = null;
    IpAddress last = null;
    for (IpRange part : planned.ranges()) {
      first = first == null ? part.first() : first;
      last = part.last();
    }
    if (!held.isEmpty()) {
      IpAddress lowest = held.get(0).block().first();
      IpAddress highest = held.get(held.size() - 1).block().last();
      first = first == null || lowest.compareTo(first) < 0 ? lowest : first;
      last = last == null || highest.compareTo(last) > 0 ? highest : last;
    }
    IpPrefix shown = IpPrefix.containing(first == null ? subnet.range().first() : first, most);
    while (last != null && !shown.contains(last) && shown.length() > subnet.range().length()) {
      shown = IpPrefix.containing(shown.first(), shown.length() - 1);
    }
    return subnet.range().contains(shown) ? shown : subnet.range();
  }

  private void mark(IpSet addresses, Use use) {
    for (IpPrefix block : addresses.prefixes()) {
      for (Cell cell : around(block)) {
        cell.add(use, share(block));
      }
    }
  }

  private void mark(AllocatedBlock held) {
    for (Cell cell : around(held.block())) {
      cell.add(held, share(held.block()));
    }
  }

  /** How much of a cell a block fills that overlaps it. */
  private double share(IpPrefix block) {
    return Math.pow(2, Math.min(0, cellLength - block.length()));
  }

  private List<Cell> around(IpPrefix block) {
    if (!shown.overlaps(block)) {
      return List.of();
    }
    if (block.contains(shown)) {
      return cells;
    }
    int from = indexOf(block.first());
    return cells.subList(from, indexOf(block.last()) + 1);
  }

  /** The bits of an address between what is shown and its cells. */
  private int indexOf(IpAddress address) {
    int shift = address.family().bits() - cellLength;
    long bits =
        shift >= 64
            ? address.high() >>> (shift - 64)
            : shift == 0 ? address.low() : address.low() >>> shift | address.high() << (64 - shift);
    return (int) (bits & (cells.size() - 1));
  }

  IpPrefix range() {
    return range;
  }

  IpPrefix shown() {
    return shown;
  }

  int cellLength() {
    return cellLength;
  }

  List<Cell> cells() {
    return List.copyOf(cells);
  }
}
