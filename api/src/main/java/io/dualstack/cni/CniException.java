package io.dualstack.cni;

import io.dualstack.DualstackException;
import org.jspecify.annotations.Nullable;

/**
 * A CNI operation failed. It has what a plugin prints: the code a runtime acts on, the message, and
 * details. Nothing of the operation is left behind unless the operation says otherwise.
 */
public final class CniException extends DualstackException {

  private static final long serialVersionUID = 1L;

  /** The number of the code. */
  private final int number;

  /** What the plugin prints as its {@code details}. */
  private final String details;

  /**
   * Creates the exception.
   *
   * @param code the code a runtime acts on
   * @param message what failed, on one line
   * @param details why, and what to do; empty for none
   * @param cause the underlying failure, or null
   */
  public CniException(
      CniErrorCode code, String message, String details, @Nullable Throwable cause) {
    super(message, cause);
    this.number = code.number();
    this.details = details;
  }

  /**
   * Creates the exception without details.
   *
   * @param code the code a runtime acts on
   * @param message what failed, on one line
   */
  public CniException(CniErrorCode code, String message) {
    this(code, message, "", null);
  }

  /**
   * Returns the code a runtime acts on.
   *
   * @return the code
   */
  public CniErrorCode code() {
    return new CniErrorCode(number);
  }

  /**
   * Returns the message as a plugin prints it, as {@link #getMessage()}.
   *
   * @return one line
   */
  public String message() {
    return String.valueOf(getMessage());
  }

  /**
   * Returns why it failed and what to do.
   *
   * @return empty for nothing beyond the message
   */
  public String details() {
    return details;
  }
}
