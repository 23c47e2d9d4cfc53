package io.dualstack.spi.openstack;

import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.spi.openstack.neutron.Neutron;
import io.dualstack.spi.openstack.neutron.NeutronNetwork;
import io.dualstack.spi.openstack.neutron.NeutronSubnet;
import io.dualstack.spi.openstack.neutron.Port;
import io.dualstack.spi.openstack.neutron.SubnetPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Compares networks as they are defined with what Neutron has. Used once, by one thread. */
final class NetworkVerification {
  private static final String PROPERTIES = ".cloud_properties.";

  private final Neutron neutron;
  private final Marks marks;
  private final List<String> groupsOtherwise;
  private final NetworkView view;
  private final Map<String, Optional<?>> seen = new HashMap<>();
  private final List<Diagnostic> findings = new ArrayList<>();

  NetworkVerification(Neutron neutron, Marks marks, List<String> groupsOtherwise) {
    this.neutron = neutron;
    this.marks = marks;
    this.groupsOtherwise = groupsOtherwise;
    this.view = new NetworkView(neutron);
  }

  List<Diagnostic> of(NetworkSet networks) {
    for (Manual network : networks.manual()) {
      for (int i = 0; i < network.subnets().size(); i++) {
        check(
            network.name(),
            "networks." + network.name() + ".subnets[" + i + "]",
            network.subnets().get(i));
      }
    }
    if (!networks.manual().isEmpty()) {
      checkQuota("networks." + networks.manual().get(0).name());
    }
    return findings;
  }

  private void check(String network, String path, Subnet subnet) {
    Optional<String> netId = property(network, path, subnet, NicPlan.NET);
    if (netId.isEmpty()) {
      if (!subnet.cloudProperties().containsKey(NicPlan.NET)) {
        error(path + PROPERTIES + NicPlan.NET, "NetworkMissing", "name the network's id");
      }
      return;
    }
    Optional<NeutronNetwork> found =
        once("network " + netId.get(), () -> neutron.network(netId.get()));
    if (found.isEmpty()) {
      error(
          path + PROPERTIES + NicPlan.NET,
          "NetworkNotFound",
          "\""
              + netId.get()
              + "\": Neutron has no such network, or doesn't show it to the project");
      return;
    }
    checkGroups(network, path, subnet, found.get());
    property(network, path, subnet, NicPlan.ROUTER)
        .filter(id -> once("router " + id, () -> neutron.router(id)).isEmpty())
        .ifPresent(
            id ->
                error(
                    path + PROPERTIES + NicPlan.ROUTER,
                    "RouterNotFound",
                    "\"" + id + "\": Neutron has no such router"));
    if (subnet.delegatesPrefixes()) {
      checkPrefixes(network, path, subnet, found.get());
    } else {
      checkAddresses(network, path, subnet, netId.get());
    }
    checkUse(path, subnet, netId.get());
  }

  private void checkAddresses(String network, String path, Subnet subnet, String netId) {
    Optional<String> subnetId = property(network, path, subnet, NicPlan.SUBNET);
    List<NeutronSubnet> subnets =
        view.subnets(netId).stream()
            .filter(real -> subnetId.isEmpty() || real.id().equals(subnetId.get()))
            .toList();
    if (subnetId.isPresent() && subnets.isEmpty()) {
      error(
          path + PROPERTIES + NicPlan.SUBNET,
          "SubnetNotFound",
          "\"%s\": is no subnet of Neutron's network %s; it has %s"
              .formatted(subnetId.get(), netId, cidrs(view.subnets(netId))));
      return;
    }
    Optional<NeutronSubnet> around =
        subnets.stream().filter(real -> real.cidr().contains(subnet.range())).findFirst();
    if (around.isEmpty()) {
      error(
          path + ".range",
          "RangeNotInSubnet",
          "%s: lies in no subnet of Neutron's network %s, which has %s; use a range inside one"
              .formatted(subnet.range(), netId, cidrs(subnets)));
      return;
    }
    if (around.get().isAutomatic()) {
      error(
          path + ".range",
          "AddressesAutomatic",
          "%s: addresses of subnet %s are made of hardware addresses (%s) and can't be chosen; use a dhcpv6-stateful subnet"
              .formatted(subnet.range(), around.get().id(), around.get().addressMode()));
    }
    checkPicks(path, subnet, around.get());
    checkGateway(path, subnet, around.get());
  }

  /** Neutron picks anywhere in its pools, though never the last address of a large range. */
  private void checkPicks(String path, Subnet subnet, NeutronSubnet real) {
    IpSet others =
        real.allocationPools()
            .subtract(Placement.allowed(subnet))
            .subtract(IpSet.of(IpRange.single(real.cidr().last())));
    if (subnet.chooser() == PrefixChooser.PROVIDER && !others.isEmpty()) {
      error(
          path + ".range",
          "AddressChooserUnsupported",
          ("%s: Neutron picks single addresses in %s, also those that the network may not hand out;"
                  + " have the director pick them, or give the network the whole allocation pool")
              .formatted(subnet.range(), real.allocationPools().ranges()));
    }
  }

  private void checkGateway(String path, Subnet subnet, NeutronSubnet real) {
    Optional<IpAddress> gateway = subnet.gatewayAddress();
    if (gateway.isPresent() && !gateway.equals(real.gateway())) {
      warning(
          path + ".gateway",
          "GatewayDiffers",
          "%s: Neutron's subnet %s has %s"
              .formatted(
                  gateway.get(),
                  real.id(),
                  real.gateway().map(address -> "gateway " + address).orElse("no gateway")));
    }
  }

  private void checkPrefixes(
      String network, String path, Subnet subnet, NeutronNetwork neutronNetwork) {
    if (!neutronNetwork.portSecurity()) {
      error(
          path + PROPERTIES + NicPlan.NET,
          "PortSecurityOff",
          "\"%s\": has port security turned off, which address pairs need; turn it on"
              .formatted(neutronNetwork.id()));
    }
    Optional<String> poolId = property(network, path, subnet, NicPlan.POOL);
    if (poolId.isEmpty()) {
      if (subnet.chooser() == PrefixChooser.PROVIDER) {
        error(
            path + PROPERTIES + NicPlan.POOL,
            "SubnetPoolMissing",
            "name the subnet pool that Neutron picks prefixes from, or have the director pick them");
      }
      return;
    }
    Optional<SubnetPool> pool =
        once("pool " + poolId.get(), () -> neutron.subnetPool(poolId.get()));
    if (pool.isEmpty()) {
      error(
          path + PROPERTIES + NicPlan.POOL,
          "SubnetPoolNotFound",
          "\"" + poolId.get() + "\": Neutron has no such subnet pool");
      return;
    }
    checkPool(path, subnet, pool.get());
  }

  private void checkPool(String path, Subnet subnet, SubnetPool pool) {
    int length = subnet.prefixLength();
    if (length < pool.shortest() || length > pool.longest()) {
      error(
          path + ".prefix",
          "PrefixLengthOutOfPool",
          "/%d: subnet pool %s gives out /%d to /%d; use one of these"
              .formatted(length, pool.id(), pool.shortest(), pool.longest()));
    }
    IpSet common =
        IpSet.ofPrefixes(pool.prefixes())
            .intersect(IpSet.of(IpRange.of(subnet.range())))
            .subtract(subnet.restricted());
    if (common.prefixes().stream().noneMatch(room -> room.length() <= length)) {
      error(
          path + ".range",
          "RangeNotInPool",
          "%s: has no /%d in common with subnet pool %s, which has %s"
              .formatted(subnet.range(), length, pool.id(), pool.prefixes()));
    }
  }

  private void checkGroups(
      String network, String path, Subnet subnet, NeutronNetwork neutronNetwork) {
    List<String> groups;
    try {
      groups = NicPlan.groups(network, subnet.cloudProperties());
    } catch (ProviderException refusal) {
      error(path + PROPERTIES + NicPlan.GROUPS, "PropertyInvalid", message(refusal));
      return;
    }
    if (groups.isEmpty()) {
      groups = groupsOtherwise;
    }
    if (!groups.isEmpty() && !neutronNetwork.portSecurity()) {
      error(
          path + PROPERTIES + NicPlan.GROUPS,
          "PortSecurityOff",
          groups + ": security groups need port security, which is off on the network");
    }
    for (String group : groups) {
      int number =
          once("group " + group, () -> Optional.of(neutron.securityGroups(group).size())).orElse(0);
      if (number != 1) {
        error(
            path + PROPERTIES + NicPlan.GROUPS,
            number == 0 ? "SecurityGroupNotFound" : "SecurityGroupAmbiguous",
            number == 0
                ? "\"" + group + "\": doesn't exist"
                : "\"" + group + "\": is the name of " + number + "; name one by its id");
      }
    }
  }

  /** What others have of what would be handed out: a DHCP server, a router, another foundation. */
  private void checkUse(String path, Subnet subnet, String netId) {
    IpSet free = IpSet.of(IpRange.of(subnet.range())).subtract(subnet.restricted());
    for (Port port : view.recentPorts(netId)) {
      if (marks.read(port).isPresent()) {
        continue;
      }
      List<IpPrefix> blocks = new ArrayList<>();
      port.fixedIps().forEach(fixed -> blocks.add(fixed.address().toPrefix()));
      port.pairs().forEach(pair -> blocks.add(pair.block()));
      for (IpPrefix block : blocks) {
        if (block.family() == subnet.family() && free.overlaps(block)) {
          warning(
              path + ".reserved",
              "AddressInUse",
              "%s: port %s has it%s, and it would be handed out; reserve it"
                  .formatted(
                      block,
                      port.id(),
                      port.deviceOwner().isEmpty() ? "" : " (" + port.deviceOwner() + ")"));
        }
      }
    }
  }

  private void checkQuota(String path) {
    neutron
        .quotaLeft("port")
        .filter(left -> left <= 0)
        .ifPresent(
            left ->
                warning(
                    path,
                    "PortQuotaUsedUp",
                    "the project's quota of ports is used up, so that no NIC can be added; ask for a higher one"));
  }

  private Optional<String> property(String network, String path, Subnet subnet, String property) {
    try {
      return NicPlan.text(network, subnet.cloudProperties(), property);
    } catch (ProviderException refusal) {
      error(path + PROPERTIES + property, "PropertyInvalid", message(refusal));
      return Optional.empty();
    }
  }

  private static String message(ProviderException refusal) {
    return String.valueOf(refusal.getMessage());
  }

  @SuppressWarnings("unchecked")
  private <T> Optional<T> once(String key, Supplier<Optional<T>> look) {
    return (Optional<T>) seen.computeIfAbsent(key, unseen -> look.get());
  }

  private static List<IpPrefix> cidrs(List<NeutronSubnet> subnets) {
    return subnets.stream().map(NeutronSubnet::cidr).sorted().toList();
  }

  private void error(String path, String code, String message) {
    findings.add(Diagnostic.error(path, code, message));
  }

  private void warning(String path, String code, String message) {
    findings.add(new Diagnostic(Severity.WARNING, "", path, 0, 0, code, message));
  }
}
