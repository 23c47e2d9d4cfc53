package io.dualstack;

import org.jspecify.annotations.Nullable;

/** A network provider failed or refused. */
public final class ProviderException extends DualstackException {

  private static final long serialVersionUID = 1L;

  /** Why a provider failed. */
  public enum Reason {
    /** The provider lacks settings it needs before it can be opened or used. */
    NOT_CONFIGURED,
    /** The infrastructure can't do this at all; the message names the alternative. */
    NOT_SUPPORTED,
    /** A block is in use at the infrastructure, or overlaps one that is. */
    CONFLICT,
    /** The infrastructure has no room: addresses, prefixes or quota. */
    EXHAUSTED,
    /** The infrastructure refused the request for another reason. */
    REFUSED,
    /** The infrastructure could not be reached or answered with a failure of its own. */
    UNAVAILABLE
  }

  /** The provider's name. */
  private final String providerName;

  /** Why it failed. */
  private final Reason reason;

  /** Whether a retry makes sense. */
  private final boolean retryable;

  /**
   * Creates the exception.
   *
   * @param providerName the provider's name
   * @param reason why it failed
   * @param retryable whether the same call may succeed later without any change
   * @param message what failed, with the values, and what to do
   * @param cause the underlying failure
   */
  public ProviderException(
      String providerName,
      Reason reason,
      boolean retryable,
      String message,
      @Nullable Throwable cause) {
    super(providerName + ": " + message, cause);
    this.providerName = providerName;
    this.reason = reason;
    this.retryable = retryable;
  }

  /**
   * Returns the provider's name.
   *
   * @return the name as written in configuration
   */
  public String providerName() {
    return providerName;
  }

  /**
   * Returns why it failed.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Returns whether the same call may succeed later without any change.
   *
   * @return true if a retry makes sense
   */
  public boolean retryable() {
    return retryable;
  }
}
