package io.dualstack.allocation.spi;

import io.dualstack.allocation.AllocatedBlock;
import java.util.List;

/**
 * All blocks of one space at one revision.
 *
 * @param revision the revision
 * @param blocks the blocks in address order
 */
public record StoreSnapshot(long revision, List<AllocatedBlock> blocks) {

  /**
   * Copies the blocks.
   *
   * @param revision the revision
   * @param blocks the blocks in address order
   */
  public StoreSnapshot {
    blocks = List.copyOf(blocks);
  }
}
