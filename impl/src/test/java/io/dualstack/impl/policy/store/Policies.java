package io.dualstack.impl.policy.store;

import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;

/** Policies for tests. */
public final class Policies {

  private Policies() {}

  /** One from an application to another. */
  public static NetworkPolicy policy(String source, String destination) {
    return new NetworkPolicy(
        source, new PolicyDestination.App(destination, Protocol.TCP, PortRange.single(8080)));
  }
}
