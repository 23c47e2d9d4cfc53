package io.dualstack.impl.firewall.backend;

import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.iptables.IptablesBackend;
import io.dualstack.impl.firewall.nftables.NftablesBackend;
import io.dualstack.impl.kernel.Namespace;
import java.nio.file.Path;

/** Makes back ends. */
public final class Backends {
  private Backends() {}

  /**
   * Makes the back end of a cell; nothing is changed yet.
   *
   * @param lockFile held while rules are changed by iptables; made if needed
   */
  public static FirewallBackend open(
      BackendKind kind, CellFirewall cell, Namespace host, Path lockFile) {
    CellModel model = new CellModel(cell);
    return switch (kind) {
      case IPTABLES -> new IptablesBackend(model, host, lockFile);
      case NFTABLES -> new NftablesBackend(model, host);
    };
  }

  /**
   * Makes the back end of a cell, which tells meters how it fares until the namespace is closed.
   *
   * @param lockFile held while rules are changed by iptables; made if needed
   * @param meters those of the process
   */
  public static FirewallBackend open(
      BackendKind kind, CellFirewall cell, Namespace host, Path lockFile, FirewallMeters meters) {
    FirewallBackend backend = open(kind, cell, host, lockFile);
    if (meters.areOff()) {
      return backend;
    }
    MeteredBackend metered = new MeteredBackend(backend, kind, meters);
    host.onClose(metered::forget);
    return metered;
  }
}
