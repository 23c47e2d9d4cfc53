package io.dualstack.impl.allocation;

import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.metrics.Timing;
import java.time.Instant;
import java.util.List;

/**
 * What one caller wants done. Prepared, and after a race prepared again, by the leader of a batch.
 *
 * @param <T> the answer
 */
abstract class Step<T> {

  /**
   * Decides what to change, with the index as it is now. If this throws, it has left no mark.
   *
   * @return the changes; empty if there is nothing to commit and {@link #answer} is ready
   */
  abstract List<Change> prepare(SpaceIndex index, Instant now);

  /** Takes back the marks that {@link #prepare} left in the index, since nothing was committed. */
  void undo() {}

  /** Returns the meter of the step's time; empty if it has none. */
  String meter() {
    return "";
  }

  /** Returns how the step ended, for its meter, once {@link #answer} can be asked for. */
  String outcome() {
    return Timing.OK;
  }

  /** Returns whether the changes redefine networks. */
  boolean redefines() {
    return false;
  }

  /**
   * Puts the index onto the networks that were redefined, with the marks of this step. False if it
   * can't, so that the index must be built anew.
   */
  boolean redefine(SpaceIndex index) {
    return false;
  }

  /** Returns the answer, once there was nothing to commit or all is committed. */
  abstract T answer(long revision);
}
