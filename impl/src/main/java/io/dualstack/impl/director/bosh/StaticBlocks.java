package io.dualstack.impl.director.bosh;

import io.dualstack.impl.director.bosh.AddressReader.Item;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns the addresses under {@code static} into the blocks that they stand for: each address that
 * is the first of a block stands for the whole block. For single addresses that is the address
 * itself. Blocks are never listed one by one.
 */
final class StaticBlocks {

  private static final String OUT_OF_RANGE = "NetworkStaticIpOutOfRange";

  private final IpPrefix range;
  private final int length;
  private final Restricted restricted;
  private final Findings findings;

  StaticBlocks(IpPrefix range, int length, Restricted restricted, Findings findings) {
    this.range = range;
    this.length = length;
    this.restricted = restricted;
    this.findings = findings;
  }

  /** All addresses of all blocks; what is wrong is reported and left out. */
  IpSet of(List<Item> items) {
    List<IpRange> blocks = new ArrayList<>();
    for (Item item : items) {
      if (isInside(item)) {
        blocks(item).filter(whole -> isFree(item, whole)).ifPresent(blocks::add);
      }
    }
    return IpSet.of(blocks);
  }

  private boolean isInside(Item item) {
    IpSet outside = IpSet.of(item.range()).subtract(IpSet.of(range.toRange()));
    if (outside.isEmpty()) {
      return true;
    }
    String block =
        item.range().overlaps(range) ? outside.ranges().get(0).toPrefixes().get(0) + " " : "";
    findings.error(
        item.at().place(),
        OUT_OF_RANGE,
        "%s: %sis outside range %s; use addresses inside it"
            .formatted(item.at().shown(), block, range));
    return false;
  }

  private Optional<IpRange> blocks(Item item) {
    Optional<IpRange> whole = wholeBlocks(item.range(), length);
    IpAddress first = item.range().first();
    if (whole.isEmpty()) {
      findings.error(
          item.at().place(),
          "NetworkPrefixStaticIpNotBaseAddress",
          "%s: is not the first address of a /%d; BOSH accepts this silently, but leaves it out:"
                  .formatted(item.at().shown(), length)
              + " write "
              + first.mask(length));
    } else if (!whole.get().first().equals(first)) {
      findings.warning(
          item.at().place(),
          "NetworkPrefixStaticIpNotBaseAddress",
          "%s: starts inside a /%d, which is left out as by BOSH; start at %s"
              .formatted(item.at().shown(), length, whole.get().first()));
    }
    return whole;
  }

  /** The blocks of a length whose first address is in a range, as one range; empty if none is. */
  static Optional<IpRange> wholeBlocks(IpRange addresses, int length) {
    IpAddress first = addresses.first();
    if (!first.mask(length).equals(first)) {
      Optional<IpAddress> next = IpPrefix.containing(first, length).last().next();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      first = next.get();
    }
    return first.compareTo(addresses.last()) > 0
        ? Optional.empty()
        : Optional.of(IpRange.of(first, IpPrefix.containing(addresses.last(), length).last()));
  }

  private boolean isFree(Item item, IpRange whole) {
    Optional<IpAddress> taken = restricted.firstIn(whole);
    if (taken.isEmpty()) {
      return true;
    }
    IpAddress address = taken.get();
    String who;
    if (length == range.family().bits()) {
      who = item.range().isSingle() ? "" : address + " ";
    } else {
      who =
          "the static block %s covers %s, which "
              .formatted(IpPrefix.containing(address, length), address);
    }
    String silently =
        who.startsWith("the") && !address.mask(length).equals(address)
            ? "; BOSH accepts this silently, but looks at the first address of a block only"
            : "";
    findings.error(
        item.at().place(),
        OUT_OF_RANGE,
        "%s: %s%s%s; use others for static addresses"
            .formatted(item.at().shown(), who, restricted.why(address), silently));
    return false;
  }
}
