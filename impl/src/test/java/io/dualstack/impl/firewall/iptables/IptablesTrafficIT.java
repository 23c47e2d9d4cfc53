package io.dualstack.impl.firewall.iptables;

import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.FirewallTrafficContract;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.kernel.Namespace;
import java.nio.file.Path;

/** Real packets through iptables as it is installed. */
class IptablesTrafficIT extends FirewallTrafficContract {
  @Override
  protected FirewallBackend backend(CellModel model, Namespace host, Path directory) {
    return new IptablesBackend(model, host, directory.resolve("iptables.lock"));
  }
}
