package io.dualstack.routing;

/** Why a connection to an endpoint failed. */
public enum EndpointFailure {
  /** Nobody answered at its address and port. */
  DIAL(true),
  /** Its certificate is for another name, or from nobody who is trusted. */
  WRONG_NAME(true),
  /** It doesn't speak TLS. */
  NO_TLS(true),
  /** It broke off later, which may happen to any. */
  BROKEN_OFF(false);

  private final boolean proof;

  EndpointFailure(boolean proof) {
    this.proof = proof;
  }

  /**
   * Returns whether it proves that an endpoint of TLS is no more what was registered.
   *
   * @return whether it does
   */
  public boolean isProof() {
    return proof;
  }
}
