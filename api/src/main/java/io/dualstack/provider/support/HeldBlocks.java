package io.dualstack.provider.support;

import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which block. Blocks of different holders don't overlap, so that the holder of any part
 * of a block is found in logarithmic time among its neighbours. Not thread-safe.
 *
 * @param <H> the holder
 */
public final class HeldBlocks<H> {
  private final TreeMap<IpPrefix, H> byBlock = new TreeMap<>();

  /** Creates an empty map. */
  public HeldBlocks() {}

  /**
   * Records a holder.
   *
   * @param block a block that overlaps no other holder's
   * @param holder who holds it
   */
  public void put(IpPrefix block, H holder) {
    byBlock.put(block, holder);
  }

  /**
   * Forgets that a holder has a block. Does nothing if another has it.
   *
   * @param block the block
   * @param holder who held it
   */
  public void remove(IpPrefix block, H holder) {
    byBlock.remove(block, holder);
  }

  /**
   * Finds who holds a block or a part of it.
   *
   * @param block the block
   * @param matters which holders are looked at
   * @return one of them; empty if there is none
   */
  public Optional<H> holder(IpPrefix block, Predicate<H> matters) {
    Map.@Nullable Entry<IpPrefix, H> around = byBlock.lowerEntry(block);
    if (around != null && around.getKey().overlaps(block) && matters.test(around.getValue())) {
      return Optional.of(around.getValue());
    }
    for (Map.Entry<IpPrefix, H> inside : byBlock.tailMap(block, true).entrySet()) {
      if (!block.overlaps(inside.getKey())) {
        break;
      }
      if (matters.test(inside.getValue())) {
        return Optional.of(inside.getValue());
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the held blocks that lie in a range, or around it.
   *
   * @param range the range
   * @return the blocks as a set
   */
  public IpSet within(IpPrefix range) {
    List<IpPrefix> blocks = new ArrayList<>();
    Map.@Nullable Entry<IpPrefix, H> around = byBlock.lowerEntry(range);
    if (around != null && around.getKey().overlaps(range)) {
      blocks.add(around.getKey());
    }
    for (IpPrefix block : byBlock.tailMap(range, true).keySet()) {
      if (!range.overlaps(block)) {
        break;
      }
      blocks.add(block);
    }
    return IpSet.ofPrefixes(blocks);
  }
}
