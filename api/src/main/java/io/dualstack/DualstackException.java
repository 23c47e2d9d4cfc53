package io.dualstack;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything the library throws on purpose. The subtypes are those a caller would treat
 * differently; each carries its facts as fields beside the message.
 */
public abstract sealed class DualstackException extends RuntimeException
    permits AllocationConflictException,
        InvalidConfigurationException,
        LeaseConflictException,
        MissingDependencyException,
        PoolExhaustedException,
        ProviderException,
        ProviderNotFoundException,
        StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  DualstackException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
