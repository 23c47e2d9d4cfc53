package io.dualstack.policy;

import java.util.Locale;

/**
 * The mark of an application's packets.
 *
 * @param number from 1 to {@link #capacity} of the length
 * @param length the bytes of a tag, 1 to 3, the same for all of a store
 */
public record PolicyTag(int number, int length) implements Comparable<PolicyTag> {

  /** The usual length. */
  public static final int USUAL_LENGTH = 2;

  private static final int LONGEST = 3;

  /**
   * Checks number and length.
   *
   * @param number from 1 to {@link #capacity} of the length
   * @param length the bytes of a tag, 1 to 3
   * @throws IllegalArgumentException when one is out of range
   */
  public PolicyTag {
    int most = capacity(length);
    if (number < 1 || number > most) {
      throw new IllegalArgumentException(
          "%d: is no tag of %d bytes; use 1 to %d".formatted(number, length, most));
    }
  }

  /**
   * {@return how many tags of a length there are}
   *
   * @param length the bytes of a tag, 1 to 3
   * @throws IllegalArgumentException when the length is another
   */
  public static int capacity(int length) {
    if (length < 1 || length > LONGEST) {
      throw new IllegalArgumentException(
          "%d: is no length of tags; use 1 to %d bytes".formatted(length, LONGEST));
    }
    return (1 << (Byte.SIZE * length)) - 1;
  }

  @Override
  public int compareTo(PolicyTag other) {
    return Integer.compare(number, other.number);
  }

  /** Returns the tag in upper-case hexadecimal, two digits to a byte, as it is on the wire. */
  @Override
  public String toString() {
    return ("%0" + 2 * length + "x").formatted(number).toUpperCase(Locale.ROOT);
  }
}
