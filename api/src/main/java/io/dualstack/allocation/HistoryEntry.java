package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One line of the audit trail.
 *
 * @param revision the store's revision that made it; lines of one change set share it
 * @param at when, to the millisecond
 * @param event what happened
 * @param block the block as it was afterwards; for {@link Event#FREED} as it was before
 */
public record HistoryEntry(long revision, Instant at, Event event, AllocatedBlock block) {

  /** What happened to a block. */
  public enum Event {
    /** It was allocated. */
    ALLOCATED,
    /** It passed to another life of its owner, or was given other labels. */
    RELABELLED,
    /** It was given up by plan and is still blocked. */
    RETIRED,
    /** It was released and rests. */
    QUARANTINED,
    /** It was released, or its rest ended, and is free. */
    FREED
  }

  /**
   * Checks that nothing is missing.
   *
   * @param revision the store's revision that made it
   * @param at when, to the millisecond
   * @param event what happened
   * @param block the block as it was afterwards
   */
  public HistoryEntry {
    requireNonNull(at, "at");
    requireNonNull(event, "event");
    requireNonNull(block, "block");
  }
}
