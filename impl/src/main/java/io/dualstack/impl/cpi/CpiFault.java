package io.dualstack.impl.cpi;

import io.dualstack.DualstackException;
import io.dualstack.ProviderException;
import io.dualstack.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/** An error as the director knows it. */
final class CpiFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds of error that a director tells apart. */
  enum Kind {
    /** The request itself is wrong. */
    CPI_ERROR("Bosh::Clouds::CpiError"),
    /** The infrastructure can't do it. */
    NOT_SUPPORTED("Bosh::Clouds::NotSupported"),
    /** Somebody else's part. */
    NOT_IMPLEMENTED("Bosh::Clouds::NotImplemented"),
    /** The infrastructure failed or refused. */
    CLOUD_ERROR("Bosh::Clouds::CloudError"),
    /** There is no such network. */
    NETWORK_NOT_FOUND("Bosh::Clouds::NetworkNotFound"),
    /** A machine could not be made; the director may try again. */
    VM_CREATION_FAILED("Bosh::Clouds::VMCreationFailed"),
    /** There is no such method. */
    INVALID_CALL("InvalidCall");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    String type() {
      return type;
    }
  }

  private final Kind kind;
  private final boolean okToRetry;

  CpiFault(Kind kind, String message) {
    this(kind, false, message, null);
  }

  private CpiFault(Kind kind, boolean okToRetry, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.okToRetry = okToRetry;
  }

  /** A refusal while a machine is made: the director asks again only after this kind of error. */
  static CpiFault whileCreating(DualstackException failure) {
    if (failure instanceof ProviderException refusal) {
      return switch (refusal.reason()) {
        case NOT_SUPPORTED -> of(Kind.NOT_SUPPORTED, failure);
        case CONFLICT, EXHAUSTED, UNAVAILABLE ->
            new CpiFault(Kind.VM_CREATION_FAILED, refusal.retryable(), message(failure), failure);
        case NOT_CONFIGURED, REFUSED -> of(Kind.CLOUD_ERROR, failure);
      };
    }
    return failure instanceof StoreUnavailableException store
        ? new CpiFault(Kind.VM_CREATION_FAILED, store.retryable(), message(failure), failure)
        : of(Kind.CLOUD_ERROR, failure);
  }

  static CpiFault of(DualstackException failure) {
    boolean unsupported =
        failure instanceof ProviderException refusal
            && refusal.reason() == ProviderException.Reason.NOT_SUPPORTED;
    return of(unsupported ? Kind.NOT_SUPPORTED : Kind.CLOUD_ERROR, failure);
  }

  private static CpiFault of(Kind kind, DualstackException failure) {
    return new CpiFault(kind, false, message(failure), failure);
  }

  private static String message(DualstackException failure) {
    return String.valueOf(failure.getMessage());
  }

  String text() {
    return String.valueOf(getMessage());
  }

  Kind kind() {
    return kind;
  }

  boolean okToRetry() {
    return okToRetry;
  }
}
