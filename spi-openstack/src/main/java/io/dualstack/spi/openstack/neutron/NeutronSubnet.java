package io.dualstack.spi.openstack.neutron;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A subnet as Neutron has it.
 *
 * @param id its id
 * @param name its name
 * @param networkId the network it is on
 * @param cidr its range
 * @param gateway its router's address; empty if it has none
 * @param allocationPools where Neutron picks addresses
 * @param addressMode how its IPv6 addresses come about; empty if nobody said
 * @param poolId the subnet pool it was taken from; empty for none
 */
public record NeutronSubnet(
    String id,
    String name,
    String networkId,
    IpPrefix cidr,
    Optional<IpAddress> gateway,
    IpSet allocationPools,
    String addressMode,
    String poolId) {
  private static final Set<String> AUTOMATIC = Set.of("slaac", "dhcpv6-stateless");

  static NeutronSubnet of(JsonNode node) {
    return new NeutronSubnet(
        Json.text(node, "id"),
        Json.text(node, "name"),
        Json.text(node, "network_id"),
        Json.block(Json.text(node, "cidr"))
            .orElseThrow(() -> new IllegalStateException("no cidr: " + node)),
        IpAddress.tryParse(Json.text(node, "gateway_ip")),
        allocationPools(node),
        node.path("ipv6_address_mode").isTextual() ? Json.text(node, "ipv6_address_mode") : "",
        node.path("subnetpool_id").isTextual() ? Json.text(node, "subnetpool_id") : "");
  }

  private static IpSet allocationPools(JsonNode node) {
    List<IpRange> ranges = new ArrayList<>();
    for (JsonNode pool : node.path("allocation_pools")) {
      Optional<IpAddress> start = IpAddress.tryParse(Json.text(pool, "start"));
      Optional<IpAddress> end = IpAddress.tryParse(Json.text(pool, "end"));
      if (start.isPresent() && end.isPresent()) {
        ranges.add(IpRange.of(start.get(), end.get()));
      }
    }
    return IpSet.of(ranges);
  }

  /**
   * Returns whether its addresses are made of hardware addresses, so that nobody can choose one.
   *
   * @return true for SLAAC and stateless DHCPv6
   */
  public boolean isAutomatic() {
    return AUTOMATIC.contains(addressMode);
  }
}
