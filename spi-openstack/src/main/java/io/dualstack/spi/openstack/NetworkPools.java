package io.dualstack.spi.openstack;

import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.provider.ProviderPool;
import io.dualstack.spi.openstack.neutron.Neutron;
import io.dualstack.spi.openstack.neutron.NeutronSubnet;
import io.dualstack.spi.openstack.neutron.Port;
import io.dualstack.spi.openstack.neutron.SubnetPool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is to take addresses from. A network is one pool with the ranges of all its subnets,
 * as a port is on a network and not on a subnet: both families of a NIC come from it. A subnet pool
 * is a pool of prefixes.
 */
final class NetworkPools {
  private final Neutron neutron;
  private final Marks marks;

  NetworkPools(Neutron neutron, Marks marks) {
    this.neutron = neutron;
    this.marks = marks;
  }

  List<ProviderPool> list() {
    Map<String, List<IpPrefix>> ranges = new LinkedHashMap<>();
    Map<String, List<IpPrefix>> used = new LinkedHashMap<>();
    Map<String, List<IpPrefix>> taken = new LinkedHashMap<>();
    for (NeutronSubnet subnet : neutron.subnets(Map.of())) {
      add(ranges, subnet.networkId(), subnet.cidr());
      if (!subnet.poolId().isEmpty()) {
        add(taken, subnet.poolId(), subnet.cidr());
      }
    }
    List<SubnetPool> subnetPools = neutron.subnetPools();
    for (SubnetPool pool : subnetPools) {
      String holder = marks.poolNetworkName(pool.id());
      neutron.networks(Map.of("name", holder)).forEach(network -> ranges.remove(network.id()));
    }
    for (Port port : neutron.ports(Map.of())) {
      port.fixedIps().forEach(ip -> add(used, port.networkId(), ip.address().toPrefix()));
      port.pairs().forEach(pair -> add(used, port.networkId(), pair.block()));
    }
    List<ProviderPool> pools = new ArrayList<>();
    ranges.forEach((id, blocks) -> pools.add(pool(id, blocks, used)));
    subnetPools.forEach(pool -> pools.add(pool(pool.id(), pool.prefixes(), taken)));
    return pools;
  }

  private static void add(Map<String, List<IpPrefix>> lists, String id, IpPrefix block) {
    lists.computeIfAbsent(id, key -> new ArrayList<>()).add(block);
  }

  private static ProviderPool pool(
      String id, List<IpPrefix> ranges, Map<String, List<IpPrefix>> used) {
    return new ProviderPool(
        id,
        "",
        ranges.stream().sorted().toList(),
        IpSet.ofPrefixes(used.getOrDefault(id, List.of())));
  }
}
