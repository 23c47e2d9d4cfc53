package io.dualstack.spi.openstack;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.NicBlock;
import io.dualstack.spi.openstack.Marks.Mark;
import io.dualstack.spi.openstack.neutron.NeutronSubnet;
import io.dualstack.spi.openstack.neutron.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where blocks belong: addresses in subnets, prefixes on the link or behind a router. Thread-safe.
 */
final class Placement {
  private final NetworkView view;
  private final Supplier<NetworkSet> networks;

  Placement(NetworkView view, Supplier<NetworkSet> networks) {
    this.view = view;
    this.networks = networks;
  }

  /**
   * What a network hands out to whom it leaves the choice; empty if it is none that has ranges.
   *
   * @param block a block of the network
   */
  Optional<IpSet> allowed(NicBlock block) {
    if (!(networks.get().find(block.network()).orElse(null) instanceof Manual manual)) {
      return Optional.empty();
    }
    IpSet allowed = IpSet.empty();
    for (Subnet subnet : manual.subnets()) {
      if (subnet.family() == block.family()) {
        allowed = allowed.union(allowed(subnet));
      }
    }
    return Optional.of(allowed);
  }

  static IpSet allowed(Subnet subnet) {
    return IpSet.of(IpRange.of(subnet.range()))
        .subtract(subnet.restricted())
        .subtract(subnet.statics());
  }

  /** Whether an open block may be this one. */
  boolean mayHave(NicBlock open, IpPrefix one) {
    return one.family() == open.family()
        && one.length() == open.length()
        && allowed(open).map(allowed -> allowed.contains(one)).orElse(true);
  }

  /** The subnet of each single address that is chosen. */
  Map<IpAddress, String> addresses(
      String networkId, List<NicBlock> blocks, Map<String, String> subnetIds) {
    Map<IpAddress, String> addresses = new LinkedHashMap<>();
    for (NicBlock block : blocks) {
      IpPrefix chosen = block.block();
      if (!block.isPrefix() && chosen != null) {
        String named = subnetIds.get(block.network());
        addresses.put(chosen.address(), named == null ? subnetOf(networkId, block, chosen) : named);
      }
    }
    return addresses;
  }

  private String subnetOf(String networkId, NicBlock block, IpPrefix address) {
    return within(view.subnets(networkId), address)
        .or(() -> within(view.subnetsNow(networkId), address))
        .orElseThrow(
            () ->
                refused(
                    Reason.REFUSED,
                    false,
                    "network %s: %s: is in no subnet of Neutron's network %s, which has %s"
                        .formatted(
                            block.network(),
                            address.address(),
                            networkId,
                            view.subnets(networkId).stream().map(NeutronSubnet::cidr).toList())));
  }

  private static Optional<String> within(List<NeutronSubnet> subnets, IpPrefix address) {
    return subnets.stream()
        .filter(subnet -> subnet.cidr().contains(address))
        .map(NeutronSubnet::id)
        .findFirst();
  }

  /** The subnet of each single address that Neutron is to pick. */
  List<String> openSubnets(String networkId, List<NicBlock> blocks, Map<String, String> subnetIds) {
    List<String> open = new ArrayList<>();
    for (NicBlock block : blocks) {
      if (!block.isPrefix() && block.block() == null) {
        String named = subnetIds.get(block.network());
        open.add(
            named != null
                ? named
                : view.subnets(networkId).stream()
                    .filter(subnet -> subnet.cidr().family() == block.family())
                    .filter(
                        subnet ->
                            allowed(block)
                                .filter(allowed -> !allowed.overlaps(subnet.cidr()))
                                .isEmpty())
                    .map(NeutronSubnet::id)
                    .findFirst()
                    .orElseThrow(
                        () ->
                            refused(
                                Reason.REFUSED,
                                false,
                                "network %s: Neutron's network %s has no %s subnet for its range"
                                    .formatted(
                                        block.network(), networkId, block.family().label()))));
      }
    }
    return open;
  }

  /** The prefixes that are on no link of the network, and the address that each is behind. */
  Map<IpPrefix, IpAddress> routed(
      String networkId, Mark mark, List<Port.Pair> pairs, List<Port.FixedIp> fixedIps) {
    Map<IpPrefix, IpAddress> routed = new LinkedHashMap<>();
    if (mark.routerId() == null) {
      return routed;
    }
    for (Port.Pair pair : pairs) {
      if (!isOnLink(networkId, pair.block())) {
        routed.put(pair.block(), nexthop(fixedIps, pair.block()));
      }
    }
    return routed;
  }

  boolean isOnLink(String networkId, IpPrefix prefix) {
    return view.subnets(networkId).stream().anyMatch(subnet -> subnet.cidr().contains(prefix));
  }

  private static IpAddress nexthop(List<Port.FixedIp> fixedIps, IpPrefix prefix) {
    IpFamily family = prefix.family();
    return fixedIps.stream()
        .map(Port.FixedIp::address)
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow(
            () ->
                refused(
                    Reason.REFUSED,
                    false,
                    "%s: is routed through an %s address, which the NIC lacks; ask for one too"
                        .formatted(prefix, family.label())));
  }

  private static ProviderException refused(Reason reason, boolean retryable, String message) {
    return new ProviderException(OpenStackNetworkProvider.NAME, reason, retryable, message, null);
  }
}
