package io.dualstack.spi.openstack.access;

import org.jspecify.annotations.Nullable;

/** A service refused, failed, or could not be reached, after all tries that make sense. */
public final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final boolean doubtful;

  private ApiFailure(
      int status, String type, boolean doubtful, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.type = type;
    this.doubtful = doubtful;
  }

  /**
   * Returns the failure of a request that was answered.
   *
   * @param status the HTTP status
   * @param type the service's own name of the error; empty if it has none
   * @param doubtful whether the request may have been done all the same
   * @param message the service's words, with what was asked
   * @return the failure
   */
  public static ApiFailure answered(int status, String type, boolean doubtful, String message) {
    return new ApiFailure(status, type, doubtful, message, null);
  }

  /**
   * Returns the failure of a request that was not answered.
   *
   * @param doubtful whether the request may have been done all the same
   * @param message what was asked of whom
   * @param cause why
   * @return the failure
   */
  public static ApiFailure unanswered(boolean doubtful, String message, Throwable cause) {
    return new ApiFailure(0, "", doubtful, message, cause);
  }

  /**
   * Returns the HTTP status.
   *
   * @return the status; 0 if there was no answer
   */
  public int status() {
    return status;
  }

  /**
   * Returns the service's own name of the error.
   *
   * @return the name, such as {@code IpAddressInUse}; empty if there is none
   */
  public String type() {
    return type;
  }

  /**
   * Returns whether the request may have been done all the same.
   *
   * @return true if only a look can tell
   */
  public boolean isDoubtful() {
    return doubtful;
  }
}
