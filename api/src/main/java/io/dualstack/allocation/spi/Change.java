package io.dualstack.allocation.spi;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.BlockState;
import io.dualstack.net.IpPrefix;
import org.jspecify.annotations.Nullable;

/** One step of a {@link ChangeSet}: a write and the condition under which it may happen. */
public sealed interface Change {

  /**
   * Adds an active block. Refused with {@link Refusal.Overlap} if any block of the space, in
   * whatever state, overlaps it, and with {@link Refusal.SlotTaken} if its owner already has an
   * active, not external, block of its network.
   *
   * @param block the block, active
   */
  record Add(AllocatedBlock block) implements Change {
    /**
     * Checks that the block is active.
     *
     * @param block the block, active
     */
    public Add {
      if (block.state() != BlockState.ACTIVE) {
        throw new IllegalArgumentException(block.block() + ": only an active block can be added");
      }
    }
  }

  /**
   * Puts another record of the same block in place of one. Refused with {@link Refusal.NotHeld}
   * unless the store holds exactly {@code before}, and with {@link Refusal.SlotTaken} as an added
   * block would be.
   *
   * @param before the record as it is
   * @param after the record as it is to be; of the same block
   */
  record Replace(AllocatedBlock before, AllocatedBlock after) implements Change {
    /**
     * Checks that both are of one block.
     *
     * @param before the record as it is
     * @param after the record as it is to be
     */
    public Replace {
      if (!before.block().equals(after.block())) {
        throw new IllegalArgumentException(before.block() + " and " + after.block() + " differ");
      }
    }
  }

  /**
   * Removes a block. Refused with {@link Refusal.NotHeld} unless the store holds exactly this
   * record.
   *
   * @param block the record as it is
   */
  record Remove(AllocatedBlock block) implements Change {}

  /**
   * Writes a document, whatever stood there before.
   *
   * @param key the key, such as {@code networks} or {@code provider/local/vm-1}
   * @param text its content
   */
  record PutDocument(String key, String text) implements Change {}

  /**
   * Removes a document; removing none is no error.
   *
   * @param key the key
   */
  record RemoveDocument(String key) implements Change {}

  /**
   * Writes nothing, but refuses the set with {@link Refusal.DocumentChanged} unless the document is
   * as expected.
   *
   * @param key the key
   * @param text the expected content; null if there must be none
   */
  record ExpectDocument(String key, @Nullable String text) implements Change {}

  /**
   * Returns the block a step is about.
   *
   * @return the block; null for documents
   */
  default @Nullable IpPrefix about() {
    if (this instanceof Add add) {
      return add.block().block();
    }
    if (this instanceof Replace replace) {
      return replace.before().block();
    }
    if (this instanceof Remove remove) {
      return remove.block().block();
    }
    return null;
  }
}
