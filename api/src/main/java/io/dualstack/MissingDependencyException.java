package io.dualstack;

import org.jspecify.annotations.Nullable;

/** A feature was asked for whose optional library is not on the class path or module path. */
public final class MissingDependencyException extends DualstackException {

  private static final long serialVersionUID = 1L;

  /** The Maven coordinates to add. */
  private final String artifact;

  /**
   * Creates the exception.
   *
   * @param feature what was asked for
   * @param artifact the Maven coordinates to add, {@code group:artifact}
   * @param cause the failure to load it
   */
  public MissingDependencyException(String feature, String artifact, @Nullable Throwable cause) {
    super(feature + ": needs " + artifact + ", which is not on the class path; add it", cause);
    this.artifact = artifact;
  }

  /**
   * Returns the Maven coordinates to add.
   *
   * @return {@code group:artifact}
   */
  public String artifact() {
    return artifact;
  }
}
