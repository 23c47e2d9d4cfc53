package io.dualstack.impl.cell;

import io.dualstack.cell.Container;
import io.dualstack.cell.FirewallControl;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.cni.silk.Shutter;
import io.dualstack.impl.cni.silk.VethNetwork;
import io.dualstack.impl.firewall.FirewallBackend;

/** The firewall of a cell whose containers this process attaches. */
final class GuardedCell implements FirewallControl {
  private final FirewallBackend backend;
  private final VethNetwork network;

  GuardedCell(FirewallBackend backend, VethNetwork network) {
    this.backend = backend;
    this.network = network;
  }

  /** Has a back end shut containers. */
  static Shutter shutter(FirewallBackend backend) {
    return new Shutter() {
      @Override
      public void shut(ContainerEndpoint container) {
        backend.put(ContainerFirewall.closed(container));
      }

      @Override
      public void forget(ContainerEndpoint container) {
        backend.remove(container);
      }
    };
  }

  @Override
  public ContainerEndpoint endpoint(Container container) {
    return network.endpoint(container);
  }

  @Override
  public void put(ContainerFirewall container) {
    backend.put(container);
  }

  @Override
  public void policies(PolicyRules policies) {
    backend.policies(policies);
  }

  @Override
  public boolean restore() {
    return backend.restore(handle -> true);
  }
}
