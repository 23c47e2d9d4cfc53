package io.dualstack.impl.allocation.store;

import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry.Event;
import java.time.Instant;

/**
 * How enumerations and times are written as numbers. Part of each store's format: never ordinals.
 */
public final class Codes {

  /** Of the state {@link BlockState#ACTIVE}. */
  public static final int ACTIVE = 0;

  /** Of the state {@link BlockState#QUARANTINED}. */
  public static final int QUARANTINED = 2;

  /** Of the kind {@link AllocationKind#EXTERNAL}. */
  public static final int EXTERNAL = 2;

  private Codes() {}

  /** Returns the number of a kind. */
  public static int of(AllocationKind kind) {
    return switch (kind) {
      case DYNAMIC -> 0;
      case STATIC -> 1;
      case EXTERNAL -> EXTERNAL;
    };
  }

  /** Returns the kind of a number. */
  public static AllocationKind kind(int code) {
    return switch (code) {
      case 0 -> AllocationKind.DYNAMIC;
      case 1 -> AllocationKind.STATIC;
      case EXTERNAL -> AllocationKind.EXTERNAL;
      default -> throw new DamagedRowException("a block is of kind " + code);
    };
  }

  /** Returns the number of a state. */
  public static int of(BlockState state) {
    return switch (state) {
      case ACTIVE -> ACTIVE;
      case OBSOLETE -> 1;
      case QUARANTINED -> QUARANTINED;
    };
  }

  /** Returns the state of a number. */
  public static BlockState state(int code) {
    return switch (code) {
      case ACTIVE -> BlockState.ACTIVE;
      case 1 -> BlockState.OBSOLETE;
      case QUARANTINED -> BlockState.QUARANTINED;
      default -> throw new DamagedRowException("a block is in state " + code);
    };
  }

  /** Returns the number of an event. */
  public static int of(Event event) {
    return switch (event) {
      case ALLOCATED -> 0;
      case RELABELLED -> 1;
      case RETIRED -> 2;
      case QUARANTINED -> 3;
      case FREED -> 4;
    };
  }

  /** Returns the event of a number. */
  public static Event event(int code) {
    return switch (code) {
      case 0 -> Event.ALLOCATED;
      case 1 -> Event.RELABELLED;
      case 2 -> Event.RETIRED;
      case 3 -> Event.QUARANTINED;
      case 4 -> Event.FREED;
      default -> throw new DamagedRowException("a line tells of event " + code);
    };
  }

  /**
   * Returns a time in milliseconds of the Unix epoch.
   *
   * @throws IllegalArgumentException if it is too far away for that
   */
  public static long millis(Instant time) {
    try {
      return time.toEpochMilli();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          time + ": is too far away to be stored in milliseconds; use a nearer time", e);
    }
  }
}
