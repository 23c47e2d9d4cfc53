package io.dualstack.allocation;

/**
 * Who holds a block: the stable identity of a machine or of whatever else needs addresses. The same
 * owner asking again gets the same blocks until it releases them.
 *
 * @param id 1 to 512 characters without control characters; by convention a path such as {@code
 *     deployment/group/index}, so that {@link OwnerScope} can name all owners below one part of it
 */
public record Owner(String id) implements Comparable<Owner> {

  /** The longest identifier, in characters. */
  public static final int MAX_LENGTH = 512;

  /**
   * Checks the identifier.
   *
   * @param id 1 to 512 characters without control characters
   */
  public Owner {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "owner: \"" + id + "\" has " + id.length() + " characters; use 1 to " + MAX_LENGTH);
    }
    // A loop, because stores make a million of these when they are read.
    for (int i = 0; i < id.length(); i++) {
      if (Character.isISOControl(id.charAt(i))) {
        throw new IllegalArgumentException(
            "owner: the identifier has a control character; use printable ones");
      }
    }
  }

  @Override
  public int compareTo(Owner other) {
    return id.compareTo(other.id);
  }

  /** Returns the identifier. */
  @Override
  public String toString() {
    return id;
  }
}
