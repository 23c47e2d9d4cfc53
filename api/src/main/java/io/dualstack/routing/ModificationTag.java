package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

/**
 * Which state of a route something is told of.
 *
 * @param guid the line of states it belongs to; empty when its sender counts none
 * @param index its place in that line, from 0
 */
public record ModificationTag(String guid, long index) {
  /** The tag of those who count no states: it gives way to every tag, and every tag to it. */
  public static final ModificationTag NONE = new ModificationTag("", 0);

  /** The largest index, that of an unsigned number of 32 bits. */
  public static final long LARGEST_INDEX = 0xffff_ffffL;

  /**
   * Checks the index.
   *
   * @param guid the line of states it belongs to
   * @param index its place in that line, from 0
   * @throws IllegalArgumentException when the index is outside 0 to {@link #LARGEST_INDEX}
   */
  public ModificationTag {
    requireNonNull(guid, "guid");
    if (index < 0 || index > LARGEST_INDEX) {
      throw new IllegalArgumentException(
          "index %d: must be 0 to %d".formatted(index, LARGEST_INDEX));
    }
  }

  /**
   * Returns whether another tag is of a later state, or of another line, of which nobody knows.
   *
   * @param other the other tag
   * @return whether what it tells takes the place of what this one told
   */
  public boolean isSucceededBy(ModificationTag other) {
    return guid.isEmpty()
        || other.guid.isEmpty()
        || !guid.equals(other.guid)
        || index < other.index;
  }

  /**
   * Returns the tag of the next state of the same line; behind the largest index begins the line
   * anew.
   *
   * @return the tag
   */
  public ModificationTag next() {
    return new ModificationTag(guid, index == LARGEST_INDEX ? 0 : index + 1);
  }
}
