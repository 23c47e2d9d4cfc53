package io.dualstack.impl.allocation.store;

/** A row has something in it that no store ever writes. */
public final class DamagedRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says what. */
  public DamagedRowException(String message) {
    super(message);
  }
}
