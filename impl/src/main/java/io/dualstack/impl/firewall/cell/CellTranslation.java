package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.Service;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.Protocol;
import java.util.Collection;
import java.util.List;

/**
 * What a whole cell makes of the addresses of IPv4 packets that open connections: what back ends
 * must do. IPv6 packets stay as they are. Costs a look at each container.
 */
public final class CellTranslation {
  private final CellFirewall cell;
  private final List<ContainerFirewall> containers;

  /** Takes a cell with these containers. */
  public CellTranslation(CellFirewall cell, Collection<ContainerFirewall> containers) {
    this.cell = cell;
    this.containers = List.copyOf(containers);
  }

  /**
   * Returns a packet as it is routed: one to a mapped port goes to the container, and has the mark
   * of such if it came in from the underlay.
   *
   * @param in the device it came in by
   */
  public Packet arriving(Packet packet, String in) {
    Service asked = packet.service();
    if (!packet.destination().equals(cell.address()) || !asked.protocol().equals(Protocol.TCP)) {
      return packet;
    }
    for (ContainerFirewall container : containers) {
      for (PortMapping mapping : container.mappings()) {
        if (mapping.hostPort() == asked.detail()) {
          return new Packet(
              packet.source(),
              container.endpoint().ipv4(),
              Service.port(Protocol.TCP, mapping.containerPort()),
              packet.state(),
              cell.underlay().contains(in) ? cell.ingressMark() : packet.mark());
        }
      }
    }
    return packet;
  }

  /**
   * Returns a forwarded packet as it leaves: a container's has the cell's address where its own is
   * not known.
   *
   * @param out the device it leaves by
   */
  public Packet leaving(Packet packet, String out) {
    IpPrefix kept = cell.unmasqueraded();
    if (packet.family() == IpFamily.IPV6
        || out.equals(cell.overlay())
        || (kept != null && kept.contains(packet.destination()))
        || !isContainers(packet.source())) {
      return packet;
    }
    return new Packet(
        cell.address(), packet.destination(), packet.service(), packet.state(), packet.mark());
  }

  private boolean isContainers(IpAddress address) {
    return containers.stream().anyMatch(each -> each.endpoint().ipv4().equals(address));
  }
}
