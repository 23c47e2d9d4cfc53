package io.dualstack.impl.provider.local;

import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Picks the lowest free blocks of subnets during one call. The free space of a subnet is worked out
 * once and then walked, so that ten thousand picks cost little more than one. Not thread-safe.
 */
final class PrefixPicker {
  private final Attachments attachments;
  private final Map<Subnet, Map<Integer, Walk>> walks = new IdentityHashMap<>();

  PrefixPicker(Attachments attachments) {
    this.attachments = attachments;
  }

  /**
   * Returns the lowest block of a subnet that is not attached, restricted, or set aside for static
   * use. What was given up during this call comes last.
   *
   * @param alsoTaken what the NIC gets besides
   */
  Optional<IpPrefix> pick(Subnet subnet, int length, List<IpPrefix> alsoTaken) {
    Map<Integer, Walk> byLength = walks.computeIfAbsent(subnet, key -> new HashMap<>());
    Walk walk = byLength.computeIfAbsent(length, key -> walk(subnet, length));
    Optional<IpPrefix> found = next(walk, alsoTaken);
    if (found.isEmpty() && walk.freedBefore < attachments.freed()) {
      Walk again = walk(subnet, length);
      byLength.put(length, again);
      return next(again, alsoTaken);
    }
    return found;
  }

  private Optional<IpPrefix> next(Walk walk, List<IpPrefix> alsoTaken) {
    while (walk.hasNext()) {
      IpPrefix block = walk.next();
      if (attachments.holder(block).isEmpty() && alsoTaken.stream().noneMatch(block::overlaps)) {
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  private Walk walk(Subnet subnet, int length) {
    IpSet free =
        unrestricted(subnet)
            .subtract(subnet.statics())
            .subtract(attachments.within(subnet.range()));
    return new Walk(free.prefixes().iterator(), length, attachments.freed());
  }

  private static IpSet unrestricted(Subnet subnet) {
    return IpSet.of(subnet.range().toRange()).subtract(subnet.restricted());
  }

  /**
   * The aligned blocks of one length in free space, in address order, made as they are asked for.
   */
  private static final class Walk implements Iterator<IpPrefix> {
    private final Iterator<IpPrefix> free;
    private final int length;
    private final int freedBefore;
    private Iterator<IpPrefix> inside = Collections.emptyIterator();

    Walk(Iterator<IpPrefix> free, int length, int freedBefore) {
      this.free = free;
      this.length = length;
      this.freedBefore = freedBefore;
    }

    @Override
    public boolean hasNext() {
      while (!inside.hasNext() && free.hasNext()) {
        IpPrefix block = free.next();
        if (block.length() <= length) {
          inside = block.split(length).iterator();
        }
      }
      return inside.hasNext();
    }

    @Override
    public IpPrefix next() {
      return inside.next();
    }
  }
}
