package io.dualstack.cni;

/**
 * The number of an error, as a runtime acts on it: CNI specification 1.1.0, section "Error".
 *
 * @param number 1 to 99 are the specification's, from 100 on a plugin's own
 */
public record CniErrorCode(int number) {
  /** The plugin doesn't speak the version of the configuration, or not this command in it. */
  public static final CniErrorCode INCOMPATIBLE_VERSION = new CniErrorCode(1);

  /** A field of the configuration is not supported; the details name it. */
  public static final CniErrorCode UNSUPPORTED_FIELD = new CniErrorCode(2);

  /** The container is unknown or gone; the runtime need not clean up. */
  public static final CniErrorCode UNKNOWN_CONTAINER = new CniErrorCode(3);

  /** An environment variable is missing or wrong. */
  public static final CniErrorCode INVALID_ENVIRONMENT = new CniErrorCode(4);

  /** Reading or writing failed. */
  public static final CniErrorCode IO_FAILURE = new CniErrorCode(5);

  /** What was read is not what it should be, such as broken JSON. */
  public static final CniErrorCode DECODING_FAILURE = new CniErrorCode(6);

  /** The configuration of the network is wrong. */
  public static final CniErrorCode INVALID_CONFIGURATION = new CniErrorCode(7);

  /** The network namespace is the plugin's own. */
  public static final CniErrorCode INVALID_NAMESPACE = new CniErrorCode(8);

  /** Something passing is in the way; the same call may succeed later. */
  public static final CniErrorCode TRY_AGAIN_LATER = new CniErrorCode(11);

  /** STATUS: an ADD can't be served now. */
  public static final CniErrorCode NOT_AVAILABLE = new CniErrorCode(50);

  /** STATUS: an ADD can't be served now, and containers on the network may be cut off. */
  public static final CniErrorCode LIMITED_CONNECTIVITY = new CniErrorCode(51);

  /** The plugins' own step failed; silk's code for everything. */
  public static final CniErrorCode STEP_FAILED = new CniErrorCode(100);

  /** Anything a plugin gave no number. */
  public static final CniErrorCode INTERNAL = new CniErrorCode(999);

  /**
   * Checks the number.
   *
   * @param number 1 to 99 are the specification's, from 100 on a plugin's own
   * @throws IllegalArgumentException if it is not positive
   */
  public CniErrorCode {
    if (number <= 0) {
      throw new IllegalArgumentException(number + ": not a CNI error code; use a positive number");
    }
  }

  /**
   * Tells whether the number is a plugin's own.
   *
   * @return whether it is 100 or more
   */
  public boolean isOwn() {
    return number >= 100;
  }

  /** Returns the number. */
  @Override
  public String toString() {
    return Integer.toString(number);
  }
}
