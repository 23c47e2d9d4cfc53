package io.dualstack.impl.allocation.imports;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.BlockState;

/**
 * A block as another system has it.
 *
 * @param source where that is written, for messages: a file, with the line where it has many
 * @param held the block, active or obsolete
 */
public record ImportedBlock(String source, AllocatedBlock held) {

  /** Checks the state. */
  public ImportedBlock {
    if (held.state() == BlockState.QUARANTINED) {
      throw new IllegalArgumentException(held + ": nothing else knows of quarantine");
    }
  }

  /** Says whether a store has it already, whenever and in whatever life it was written there. */
  boolean isThereAs(AllocatedBlock holder) {
    return held.block().equals(holder.block())
        && held.owner().equals(holder.owner())
        && held.network().equals(holder.network())
        && held.state() == holder.state();
  }
}
