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
}
