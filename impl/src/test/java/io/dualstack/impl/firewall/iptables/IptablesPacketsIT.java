package io.dualstack.impl.firewall.iptables;

import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.FirewallBackendContract;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.kernel.Namespace;
import java.nio.file.Path;

/** Real packets through iptables as it is installed. */
class IptablesPacketsIT extends FirewallBackendContract {
  @Override
  protected FirewallBackend backend(CellModel model, Namespace host, Path directory) {
    return new IptablesBackend(model, host, directory.resolve("iptables.lock"));
  }
}
