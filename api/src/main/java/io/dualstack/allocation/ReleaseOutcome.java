package io.dualstack.allocation;

import java.util.List;

/** How a release ended. A race is a value here, not an exception. */
public sealed interface ReleaseOutcome {

  /**
   * The blocks are free, or resting until their cool-down ends.
   *
   * @param blocks what was released, as it was held; never empty
   */
  record Released(List<AllocatedBlock> blocks) implements ReleaseOutcome {
    /**
     * Copies the blocks.
     *
     * @param blocks what was released, as it was held
     */
    public Released {
      blocks = List.copyOf(blocks);
    }
  }

  /** The owner held nothing: releasing twice is one release. */
  record NothingHeld() implements ReleaseOutcome {}

  /**
   * Another life of the owner holds the blocks; nothing was released.
   *
   * @param holder one of the blocks, with the life that holds it
   */
  record HeldByAnotherIncarnation(AllocatedBlock holder) implements ReleaseOutcome {}
}
