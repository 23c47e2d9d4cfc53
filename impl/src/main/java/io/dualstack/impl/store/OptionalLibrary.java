package io.dualstack.impl.store;

import io.dualstack.MissingDependencyException;

/** A library that only those need who ask for a store of its kind. */
public final class OptionalLibrary {

  private OptionalLibrary() {}

  /**
   * Checks that a library is there, without running any of its code.
   *
   * @param location what needs it, without secrets
   * @param type a class of it
   * @param artifact what to add, {@code group:artifact}
   * @throws MissingDependencyException if it isn't
   */
  public static void require(String location, String type, String artifact) {
    try {
      Class.forName(type, false, OptionalLibrary.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new MissingDependencyException(location, artifact, e);
    }
  }
}
