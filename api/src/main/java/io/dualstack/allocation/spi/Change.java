package io.dualstack.allocation.spi;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.HistoryEntry.Event;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One step of a {@link ChangeSet}: a write and the condition under which it may happen. */
public sealed interface Change {

  /**
   * Adds an active block. Refused with {@link Refusal.Overlap} if any block of the space, in
   * whatever state, overlaps it; else with {@link Refusal.SlotTaken} if its owner already has an
   * active block of its network. External blocks neither take a slot nor are refused for one.
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
   * unless the store holds exactly {@code before}; else with {@link Refusal.SlotTaken} if it is
   * active afterwards, as an added block would be. Its line in the audit trail says what became of
   * the block: retired, quarantined, or, when it is active afterwards, relabelled; allocated, if it
   * rested before or was another owner's.
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

    private Event event() {
      return switch (after.state()) {
        case QUARANTINED -> Event.QUARANTINED;
        case OBSOLETE -> Event.RETIRED;
        case ACTIVE ->
            before.state() != BlockState.QUARANTINED && before.owner().equals(after.owner())
                ? Event.RELABELLED
                : Event.ALLOCATED;
      };
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

  /**
   * Returns the line that a step writes into the audit trail.
   *
   * @param revision the revision of the set the step is part of
   * @param at the time of the set
   * @return the line; null for documents, which leave none
   */
  default @Nullable HistoryEntry line(long revision, Instant at) {
    if (this instanceof Add add) {
      return new HistoryEntry(revision, at, Event.ALLOCATED, add.block());
    }
    if (this instanceof Replace replace) {
      return new HistoryEntry(revision, at, replace.event(), replace.after());
    }
    if (this instanceof Remove remove) {
      return new HistoryEntry(revision, at, Event.FREED, remove.block());
    }
    return null;
  }
}
