package io.dualstack.impl.director.bosh;

import io.dualstack.impl.director.bosh.AddressReader.Item;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a subnet never hands out, and why. */
final class Restricted {

  private final IpPrefix range;
  private final @Nullable IpAddress gateway;
  private final List<Item> reserved;
  private final IpSet all;

  Restricted(
      IpPrefix range, @Nullable IpAddress gateway, List<Item> reserved, IpSet directorAddresses) {
    this.range = range;
    this.gateway = gateway;
    this.reserved = reserved;
    List<IpRange> ranges = new ArrayList<>();
    ranges.add(IpRange.single(range.first()));
    ranges.add(IpRange.single(range.last()));
    if (gateway != null) {
      ranges.add(IpRange.single(gateway));
    }
    reserved.forEach(item -> ranges.add(item.range()));
    this.all = IpSet.of(ranges).union(directorAddresses.only(range.family()));
  }

  /** The first address of a range that is not handed out; empty if all are. */
  Optional<IpAddress> firstIn(IpRange wanted) {
    IpSet taken = all.intersect(IpSet.of(wanted));
    return taken.isEmpty() ? Optional.empty() : Optional.of(taken.ranges().get(0).first());
  }

  /** Why an address is not handed out. */
  String why(IpAddress address) {
    if (address.equals(range.first())) {
      return "is the first address of range " + range;
    }
    if (address.equals(range.last())) {
      return "is the last address of range " + range;
    }
    if (address.equals(gateway)) {
      return "is the gateway";
    }
    return reserved.stream()
        .filter(item -> item.range().contains(address))
        .findFirst()
        .map(
            item ->
                "is %sreserved (line %d)"
                    .formatted(
                        item.range().isSingle() ? "" : "in " + item.at().shown() + ", which is ",
                        item.at().place().line()))
        .orElse("is an address of the director");
  }
}
