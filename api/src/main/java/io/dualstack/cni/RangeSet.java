package io.dualstack.cni;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Ranges any of which may serve: an attachment gets one address out of each set. Immutable. The
 * texts of refusals are host-local's own.
 *
 * @param ranges at least one, in the order they are used; of one family; without overlaps
 */
public record RangeSet(List<AddressRange> ranges) {

  /**
   * Copies and checks the ranges.
   *
   * @param ranges at least one, in the order they are used
   * @throws IllegalArgumentException if there is none, the families differ, or two overlap
   */
  public RangeSet {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("empty range set");
    }
    IpFamily family = ranges.get(0).family();
    if (ranges.stream().anyMatch(range -> range.family() != family)) {
      throw new IllegalArgumentException("mixed address families");
    }
    for (int i = 0; i < ranges.size(); i++) {
      for (int j = i + 1; j < ranges.size(); j++) {
        if (ranges.get(i).overlaps(ranges.get(j))) {
          throw new IllegalArgumentException(
              "subnets %s and %s overlap".formatted(ranges.get(i), ranges.get(j)));
        }
      }
    }
  }

  /**
   * Returns a set of these ranges.
   *
   * @param ranges at least one, in the order they are used
   * @return the set
   * @throws IllegalArgumentException if there is none, the families differ, or two overlap
   */
  public static RangeSet of(AddressRange... ranges) {
    return new RangeSet(List.of(ranges));
  }

  /**
   * Returns the family.
   *
   * @return that of every range
   */
  public IpFamily family() {
    return ranges.get(0).family();
  }

  /**
   * Returns the range that an address lies in.
   *
   * @param address the address
   * @return the range; empty if there is none
   */
  public Optional<AddressRange> rangeFor(IpAddress address) {
    return ranges.stream().filter(range -> range.contains(address)).findFirst();
  }

  /**
   * Tells whether an address lies in one of the ranges.
   *
   * @param address the address
   * @return whether it does
   */
  public boolean contains(IpAddress address) {
    return rangeFor(address).isPresent();
  }

  /**
   * Tells whether the two share an address.
   *
   * @param other the other set
   * @return whether they do
   */
  public boolean overlaps(RangeSet other) {
    return ranges.stream().anyMatch(mine -> other.ranges.stream().anyMatch(mine::overlaps));
  }

  /** Returns {@code start-end,start-end}, as host-local names a set. */
  @Override
  public String toString() {
    return ranges.stream().map(AddressRange::toString).collect(Collectors.joining(","));
  }
}
