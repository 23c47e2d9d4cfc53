package io.dualstack.allocation.spi;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.net.IpPrefix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a {@link ChangeSet} was refused. Refusals are races won by others, not failures. */
public sealed interface Refusal {

  /**
   * A block to be added overlaps one that is there.
   *
   * @param wanted the block to be added
   * @param holder the block in the way, the first if there are several
   */
  record Overlap(IpPrefix wanted, AllocatedBlock holder) implements Refusal {}

  /**
   * The owner already has an active block of the network.
   *
   * @param wanted the block to be added or activated
   * @param holder the block the owner has
   */
  record SlotTaken(IpPrefix wanted, AllocatedBlock holder) implements Refusal {}

  /**
   * A block is not held as it was believed to be.
   *
   * @param expected the record believed
   * @param actual the record there is of this very block; null when there is none
   */
  record NotHeld(AllocatedBlock expected, @Nullable AllocatedBlock actual) implements Refusal {
    /**
     * Returns the record there is.
     *
     * @return the record; empty when the block is not held at all
     */
    public Optional<AllocatedBlock> actualBlock() {
      return Optional.ofNullable(actual);
    }
  }

  /**
   * A document is not as it was believed to be.
   *
   * @param key the document's key
   */
  record DocumentChanged(String key) implements Refusal {}
}
