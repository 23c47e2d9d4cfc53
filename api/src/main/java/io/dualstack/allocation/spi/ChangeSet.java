package io.dualstack.allocation.spi;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.AddressSpace;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Changes that happen together or not at all. They take effect in their order, so that a block
 * removed by one may be added again by a later one.
 *
 * @param space the space the blocks and documents belong to
 * @param at the time written into the audit trail, kept to the millisecond
 * @param changes the steps
 */
public record ChangeSet(AddressSpace space, Instant at, List<Change> changes) {

  /**
   * Copies the steps and cuts the time to milliseconds.
   *
   * @param space the space the blocks and documents belong to
   * @param at the time written into the audit trail, kept to the millisecond
   * @param changes the steps
   */
  public ChangeSet {
    requireNonNull(space, "space");
    at = at.truncatedTo(ChronoUnit.MILLIS);
    changes = List.copyOf(changes);
  }
}
