package io.dualstack.impl.firewall.nftables;

import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.FirewallTrafficContract;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.kernel.Namespace;
import java.nio.file.Path;

/** Real packets through nftables. */
class NftablesTrafficIT extends FirewallTrafficContract {
  @Override
  protected FirewallBackend backend(CellModel model, Namespace host, Path directory) {
    return new NftablesBackend(model, host);
  }
}
