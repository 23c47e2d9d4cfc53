package io.dualstack.impl.cell;

import io.dualstack.Meters;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.CellNetwork;
import io.dualstack.cell.FirewallConfig;
import io.dualstack.cell.FirewallControl;
import io.dualstack.cell.HostIpv6;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.link.SourceGuard;
import io.dualstack.impl.cni.silk.Shutter;
import io.dualstack.impl.cni.silk.VethNetwork;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.backend.Backends;
import io.dualstack.impl.firewall.backend.FirewallMeters;
import io.dualstack.impl.kernel.HostIpv6Check;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.LeasedNetworks;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cell whose addresses, devices and files are this process's own work. */
public final class LocalCell implements Cell {
  private final Namespace host;
  private final CellNetwork network;
  private final @Nullable FirewallControl firewall;

  private LocalCell(Namespace host, CellNetwork network, @Nullable FirewallControl firewall) {
    this.host = host;
    this.network = network;
    this.firewall = firewall;
  }

  /**
   * Opens the role on a host.
   *
   * @param meters never throw
   * @param firewalls those of the process
   */
  public static LocalCell open(CellConfig config, Meters meters, FirewallMeters firewalls) {
    Namespace host = Namespace.of(config.hostNamespace());
    FirewallConfig guard = config.firewall();
    if (guard == null) {
      return new LocalCell(host, network(config, host, Shutter.NONE, meters), null);
    }
    FirewallBackend backend =
        Backends.open(guard.backend(), guard.rules(), host, guard.lockFile(), firewalls);
    VethNetwork network = network(config, host, GuardedCell.shutter(backend), meters);
    return new LocalCell(host, network, new GuardedCell(backend, network));
  }

  private static VethNetwork network(
      CellConfig config, Namespace host, Shutter shutter, Meters meters) {
    LeasedNetworks networks = config.networks();
    return new VethNetwork(
        new VethNetwork.Setting(
            config.name(),
            config.dataDir(),
            config.datastore(),
            config.mtu(),
            config.proxyDevice()),
        () -> networks,
        new HostLocalIpam(config.durability()),
        host,
        new SourceGuard(host),
        shutter,
        meters);
  }

  @Override
  public CellNetwork network() {
    return network;
  }

  @Override
  public Optional<FirewallControl> firewall() {
    return Optional.ofNullable(firewall);
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
