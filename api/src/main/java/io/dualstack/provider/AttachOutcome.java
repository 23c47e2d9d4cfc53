package io.dualstack.provider;

import static java.util.Objects.requireNonNull;

import io.dualstack.ProviderException;

/** How attaching one NIC ended. */
public sealed interface AttachOutcome {

  /**
   * The NIC is as it was asked for.
   *
   * @param nic the NIC, with what the provider chose
   * @param changed false if it already was so
   */
  record Attached(AttachedNic nic, boolean changed) implements AttachOutcome {
    /**
     * Checks that there is a NIC.
     *
     * @param nic the NIC, with what the provider chose
     * @param changed false if it already was so
     */
    public Attached {
      requireNonNull(nic, "nic");
    }
  }

  /**
   * The NIC could not be attached; what was done for it is undone.
   *
   * @param request the NIC as it was asked for
   * @param failure why
   */
  record Failed(NicRequest request, ProviderException failure) implements AttachOutcome {
    /**
     * Checks that nothing is missing.
     *
     * @param request the NIC as it was asked for
     * @param failure why
     */
    public Failed {
      requireNonNull(request, "request");
      requireNonNull(failure, "failure");
    }
  }
}
