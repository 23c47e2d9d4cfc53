package io.dualstack;

import io.dualstack.policy.PolicyRefusal;

/** A store of policies refused a change; nothing of it was kept. */
public final class PolicyRefusedException extends DualstackException {

  private static final long serialVersionUID = 1L;

  private final transient PolicyRefusal refusal;

  /**
   * Creates the exception.
   *
   * @param location the store
   * @param refusal why
   */
  public PolicyRefusedException(String location, PolicyRefusal refusal) {
    super(location + ": " + refusal.message(), null);
    this.refusal = refusal;
  }

  /**
   * Returns why.
   *
   * @return the reason
   */
  public PolicyRefusal refusal() {
    return refusal;
  }
}
