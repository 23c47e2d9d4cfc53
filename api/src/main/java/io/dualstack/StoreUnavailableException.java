package io.dualstack;

import org.jspecify.annotations.Nullable;

/** A store could not be opened, read or written; nothing was acknowledged. */
public final class StoreUnavailableException extends DualstackException {

  private static final long serialVersionUID = 1L;

  /** Whether a retry makes sense. */
  private final boolean retryable;

  /**
   * Creates the exception.
   *
   * @param message the store, what failed, and what to do
   * @param retryable whether the same call may succeed later without any change
   * @param cause the underlying failure
   */
  public StoreUnavailableException(String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /**
   * Returns whether the same call may succeed later without any change.
   *
   * @return true for a busy or lost database, false for a damaged or unreadable one
   */
  public boolean retryable() {
    return retryable;
  }
}
