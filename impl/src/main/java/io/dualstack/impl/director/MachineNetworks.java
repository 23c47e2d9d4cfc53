package io.dualstack.impl.director;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.director.NetworkUse;
import io.dualstack.host.NetworkType;
import io.dualstack.host.VmNetwork;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an instance's provider and agent are told about its networks. */
final class MachineNetworks {

  private MachineNetworks() {}

  /**
   * Returns the networks of an instance in the order of the manifest.
   *
   * @param blocks its blocks by network; of dynamic networks there are none
   * @param macs the hardware addresses by NIC, as far as they are known
   * @return the networks; empty while a block is missing that the provider has yet to choose
   */
  static List<VmNetwork> of(
      DesiredInstance instance,
      NetworkSet networks,
      Function<String, @Nullable IpPrefix> blocks,
      Map<String, MacAddress> macs) {
    List<VmNetwork> result = new ArrayList<>();
    for (NetworkUse use : instance.group().networks()) {
      NetworkDefinition network = networks.byName().get(use.network());
      IpPrefix block = blocks.apply(use.network());
      if (block == null && !(network instanceof NetworkDefinition.Dynamic)) {
        return List.of();
      }
      VmNetwork told = told(use, network, block, instance.zone());
      result.add(told.withMac(macs.get(told.nic())));
    }
    return result;
  }

  private static VmNetwork told(
      NetworkUse use,
      @Nullable NetworkDefinition network,
      @Nullable IpPrefix block,
      @Nullable String zone) {
    if (network instanceof NetworkDefinition.Manual manual && block != null) {
      Subnet subnet =
          manual.subnets().stream()
              .filter(candidate -> candidate.range().contains(block))
              .findFirst()
              .orElseThrow();
      return new VmNetwork(
          use.network(),
          NetworkType.MANUAL,
          block,
          subnet.range(),
          subnet.gateway(),
          subnet.dns(),
          use.defaults(),
          use.nicGroup(),
          null,
          false,
          subnet.cloudProperties());
    }
    if (network instanceof NetworkDefinition.Dynamic dynamic) {
      NetworkDefinition.DynamicSubnet subnet =
          dynamic.subnets().stream()
              .filter(
                  candidate ->
                      zone == null
                          || candidate.zones().isEmpty()
                          || candidate.zones().contains(zone))
              .findFirst()
              .orElse(dynamic.subnets().get(0));
      return new VmNetwork(
          use.network(),
          NetworkType.DYNAMIC,
          null,
          null,
          null,
          subnet.dns(),
          use.defaults(),
          null,
          null,
          false,
          subnet.cloudProperties());
    }
    if (network instanceof NetworkDefinition.Vip vip && block != null) {
      return new VmNetwork(
          use.network(),
          NetworkType.VIP,
          block,
          null,
          null,
          List.of(),
          Set.of(),
          use.nicGroup(),
          null,
          false,
          vip.cloudProperties());
    }
    throw new IllegalStateException("network " + use.network() + " was not checked");
  }
}
