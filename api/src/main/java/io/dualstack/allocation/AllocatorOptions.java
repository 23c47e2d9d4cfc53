package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How an allocator behaves.
 *
 * @param strategy where the search for a free block begins
 * @param coolDown how long a released block rests before it can be handed out again; zero for not
 *     at all. The rest is kept in the store and survives restarts
 * @param sticky whether an owner that asks again keeps what it holds. When off, an owner asking
 *     again gets new blocks and its old ones become obsolete
 */
public record AllocatorOptions(Strategy strategy, Duration coolDown, boolean sticky) {

  /** Where the search for a free block begins. */
  public enum Strategy {
    /** At the first address of the range: the lowest free block wins, as BOSH has it. */
    LOWEST_FREE,
    /** Behind the block handed out last, and from the start again at the end. */
    ROUND_ROBIN
  }

  /** Lowest free block, no cool-down, sticky. */
  public static final AllocatorOptions DEFAULT =
      new AllocatorOptions(Strategy.LOWEST_FREE, Duration.ZERO, true);

  /**
   * Checks that the cool-down is not negative.
   *
   * @param strategy where the search for a free block begins
   * @param coolDown how long a released block rests before it can be handed out again
   * @param sticky whether an owner that asks again keeps what it holds. When off, an owner asking
   *     again gets new blocks and its old ones become obsolete
   */
  public AllocatorOptions {
    requireNonNull(strategy, "strategy");
    if (coolDown.isNegative()) {
      throw new IllegalArgumentException(
          "coolDown: " + coolDown + " is negative; use zero or a positive duration");
    }
  }

  /**
   * Returns these options with another strategy.
   *
   * @param value where the search begins
   * @return the options
   */
  public AllocatorOptions withStrategy(Strategy value) {
    return new AllocatorOptions(value, coolDown, sticky);
  }

  /**
   * Returns these options with another cool-down.
   *
   * @param value how long released blocks rest
   * @return the options
   */
  public AllocatorOptions withCoolDown(Duration value) {
    return new AllocatorOptions(strategy, value, sticky);
  }

  /**
   * Returns these options with stickiness on or off.
   *
   * @param value whether an owner keeps what it holds
   * @return the options
   */
  public AllocatorOptions withSticky(boolean value) {
    return new AllocatorOptions(strategy, coolDown, value);
  }
}
