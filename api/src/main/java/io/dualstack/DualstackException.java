package io.dualstack;

import io.dualstack.cni.CniException;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything the library throws on purpose. The subtypes are those a caller would treat
 * differently; each carries its facts as fields beside the message.
 */
public abstract sealed class DualstackException extends RuntimeException
    permits AllocationConflictException,
        CniException,
        InvalidConfigurationException,
        KernelException,
        LeaseConflictException,
        MissingDependencyException,
        PolicyRefusedException,
        PoolExhaustedException,
        ProviderException,
        ProviderNotFoundException,
        RouteRefusedException,
        StoreUnavailableException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception; the permitted subtypes are in several packages.
   *
   * @param message where, the value, what is wrong and what to do
   * @param cause the underlying failure, or null
   */
  protected DualstackException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
