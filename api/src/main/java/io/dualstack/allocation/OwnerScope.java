package io.dualstack.allocation;

/**
 * The owners below one path: {@code OwnerScope.below("cf")} holds {@code cf} itself and {@code
 * cf/diego_cell/0}, but not {@code cf-dev/…}.
 *
 * @param path the path without a trailing {@code /}; empty for all owners
 */
public record OwnerScope(String path) {

  /** Every owner. */
  public static final OwnerScope ALL = new OwnerScope("");

  /**
   * Checks that the path doesn't end in a slash.
   *
   * @param path the path without a trailing {@code /}
   */
  public OwnerScope {
    if (path.endsWith("/")) {
      throw new IllegalArgumentException("\"" + path + "\": leave the trailing / off");
    }
  }

  /**
   * Returns the scope of a path.
   *
   * @param path the path without a trailing {@code /}
   * @return the scope
   */
  public static OwnerScope below(String path) {
    return new OwnerScope(path);
  }

  /**
   * Returns whether the owner is in this scope.
   *
   * @param owner the owner
   * @return true if it is
   */
  public boolean contains(Owner owner) {
    String id = owner.id();
    return path.isEmpty()
        || (id.startsWith(path)
            && (id.length() == path.length() || id.charAt(path.length()) == '/'));
  }
}
