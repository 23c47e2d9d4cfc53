package io.dualstack.allocation;

import java.util.regex.Pattern;

/**
 * A set of addresses within which no two live blocks overlap, whatever network they belong to. One
 * space is enough unless the same addresses are used twice behind separate routers.
 *
 * @param name 1 to 64 letters, digits, {@code .}, {@code _} or {@code -}
 */
public record AddressSpace(String name) implements Comparable<AddressSpace> {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** The space that is meant when none is named. */
  public static final AddressSpace DEFAULT = new AddressSpace("default");

  /**
   * Checks the name.
   *
   * @param name 1 to 64 letters, digits, {@code .}, {@code _} or {@code -}
   */
  public AddressSpace {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\": not a name of an address space; use 1 to 64 of A-Z a-z 0-9 . _ -");
    }
  }

  @Override
  public int compareTo(AddressSpace other) {
    return name.compareTo(other.name);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
