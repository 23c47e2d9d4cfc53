package io.dualstack.impl.cell;

import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.CellNetwork;
import io.dualstack.cell.HostIpv6;
import io.dualstack.cni.Ipam;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.link.SourceGuard;
import io.dualstack.impl.cni.silk.VethNetwork;
import io.dualstack.impl.kernel.HostIpv6Check;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.LeasedNetworks;

/** A cell whose addresses, devices and files are this process's own work. */
public final class LocalCell implements Cell {
  private final Namespace host;
  private final CellNetwork network;

  private LocalCell(Namespace host, CellNetwork network) {
    this.host = host;
    this.network = network;
  }

  /** Opens the role on a host. */
  public static LocalCell open(CellConfig config) {
    Namespace host = Namespace.of(config.hostNamespace());
    Ipam ipam = new HostLocalIpam(config.durability());
    LeasedNetworks networks = config.networks();
    return new LocalCell(
        host,
        new VethNetwork(
            new VethNetwork.Setting(
                config.name(),
                config.dataDir(),
                config.datastore(),
                config.mtu(),
                config.proxyDevice()),
            () -> networks,
            ipam,
            host,
            new SourceGuard(host)));
  }

  @Override
  public CellNetwork network() {
    return network;
  }

  @Override
  public HostIpv6 hostIpv6() {
    return new HostIpv6Check().read(host);
  }

  @Override
  public void close() {
    host.close();
  }
}
