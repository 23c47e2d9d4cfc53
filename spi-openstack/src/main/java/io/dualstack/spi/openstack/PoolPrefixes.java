package io.dualstack.spi.openstack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.spi.openstack.access.ApiFailure;
import io.dualstack.spi.openstack.neutron.Neutron;
import io.dualstack.spi.openstack.neutron.NeutronNetwork;
import io.dualstack.spi.openstack.neutron.NeutronSubnet;
import io.dualstack.spi.openstack.neutron.SubnetPool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Prefixes taken from subnet pools. Each is a subnet without DHCP and gateway, on a network of the
 * foundation that nothing else is on, one per pool; it has the name of the NIC it was taken for, so
 * that one that was taken and not used is found again. Neutron itself sees to it that no two
 * overlap. Thread-safe.
 */
final class PoolPrefixes {
  private static final int MOST_TRIES = 64;
  private static final String TAKEN = "SubnetAllocationError";

  private final Neutron neutron;
  private final Marks marks;
  private final Map<String, String> networks = new ConcurrentHashMap<>();

  PoolPrefixes(Neutron neutron, Marks marks) {
    this.neutron = neutron;
    this.marks = marks;
  }

  /**
   * Takes a prefix, or one that was taken for the NIC before and isn't used.
   *
   * @param name the name that is made for the NIC
   * @param poolId the pool
   * @param length the prefix length
   * @param usable where prefixes may lie
   * @param used prefixes that the NIC has already
   */
  IpPrefix take(
      String name,
      String poolId,
      IpFamily family,
      int length,
      IpSet usable,
      Collection<IpPrefix> used) {
    List<NeutronSubnet> held = held(name);
    Predicate<IpPrefix> fits =
        prefix -> prefix.length() == length && usable.contains(prefix) && !used.contains(prefix);
    Optional<IpPrefix> before =
        held.stream()
            .filter(subnet -> subnet.poolId().equals(poolId))
            .map(NeutronSubnet::cidr)
            .filter(fits)
            .findFirst();
    if (before.isPresent()) {
      return before.get();
    }
    SubnetPool pool =
        neutron
            .subnetPool(poolId)
            .orElseThrow(
                () -> refused(Reason.REFUSED, false, "subnet pool " + poolId + ": doesn't exist"));
    if (!pool.prefixes().stream().allMatch(usable::contains)) {
      // What the pool would pick may lie elsewhere, and be in somebody's way until it is given
      // back.
      return takeWithin(name, pool, length, usable, used);
    }
    NeutronSubnet any = create(subnet(name, poolId, family).put("prefixlen", length), name, held);
    if (fits.test(any.cidr())) {
      return any.cidr();
    }
    neutron.deleteSubnet(any.id());
    return takeWithin(name, pool, length, usable, used);
  }

  /** Takes the lowest that is free where prefixes may lie. */
  private IpPrefix takeWithin(
      String name, SubnetPool pool, int length, IpSet usable, Collection<IpPrefix> used) {
    Set<IpPrefix> taken = new HashSet<>(used);
    neutron.subnets(Map.of("subnetpool_id", pool.id())).forEach(subnet -> taken.add(subnet.cidr()));
    IpSet free =
        IpSet.ofPrefixes(pool.prefixes()).intersect(usable).subtract(IpSet.ofPrefixes(taken));
    int tries = 0;
    for (IpPrefix room : free.prefixes()) {
      if (room.length() <= length) {
        for (IpPrefix candidate : room.split(length)) {
          if (++tries > MOST_TRIES) {
            break;
          }
          if (tryHold(name, pool.id(), candidate)) {
            return candidate;
          }
        }
      }
    }
    throw refused(
        Reason.EXHAUSTED,
        true,
        "subnet pool %s: has no free /%d where the network's prefixes may lie; add prefixes to it"
                .formatted(pool.id(), length)
            + " or free some");
  }

  /**
   * Takes this prefix, unless the NIC has it already.
   *
   * @throws ProviderException with {@link Reason#CONFLICT} if it isn't free in the pool
   */
  void hold(String name, String poolId, IpPrefix prefix) {
    boolean isHeld = held(name).stream().anyMatch(subnet -> subnet.cidr().equals(prefix));
    if (!isHeld && !tryHold(name, poolId, prefix)) {
      throw refused(
          Reason.CONFLICT,
          true,
          "%s: is taken from subnet pool %s already, or isn't in it; use another prefix"
              .formatted(prefix, poolId));
    }
  }

  private boolean tryHold(String name, String poolId, IpPrefix prefix) {
    ObjectNode subnet = subnet(name, poolId, prefix.family()).put("cidr", prefix.toString());
    try {
      create(subnet, name, List.of());
      return true;
    } catch (ApiFailure failure) {
      if (failure.type().equals(TAKEN)) {
        return false;
      }
      throw failure;
    }
  }

  /** Gives back what was taken for a NIC. */
  void release(String name, Predicate<IpPrefix> which) {
    for (NeutronSubnet subnet : held(name)) {
      if (which.test(subnet.cidr())) {
        neutron.deleteSubnet(subnet.id());
      }
    }
  }

  /** What was taken for a NIC. */
  List<NeutronSubnet> held(String name) {
    return neutron.subnets(neutron.ofProject(Map.of("name", name))).stream()
        .filter(subnet -> !subnet.poolId().isEmpty())
        .sorted(Comparator.comparing(NeutronSubnet::cidr))
        .toList();
  }

  private NeutronSubnet create(ObjectNode subnet, String name, List<NeutronSubnet> before) {
    List<String> known = before.stream().map(NeutronSubnet::id).toList();
    String cidr = subnet.path("cidr").asText("");
    return neutron.createSubnet(
        subnet,
        () ->
            held(name).stream()
                .filter(made -> !known.contains(made.id()))
                .filter(made -> cidr.isEmpty() || made.cidr().toString().equals(cidr))
                .findFirst());
  }

  private ObjectNode subnet(String name, String poolId, IpFamily family) {
    ObjectNode subnet = JsonNodeFactory.instance.objectNode();
    subnet.put("network_id", networks.computeIfAbsent(poolId, this::network));
    subnet.put("name", name);
    subnet.put("ip_version", family == IpFamily.IPV4 ? 4 : 6);
    subnet.put("subnetpool_id", poolId);
    subnet.put("enable_dhcp", false);
    return subnet.putNull("gateway_ip");
  }

  private String network(String poolId) {
    String name = marks.poolNetworkName(poolId);
    ObjectNode network = JsonNodeFactory.instance.objectNode();
    network.put("name", name);
    network.put("description", "prefixes taken from subnet pool " + poolId);
    return networkNamed(name)
        .orElseGet(() -> neutron.createNetwork(network, () -> networkNamed(name)))
        .id();
  }

  private Optional<NeutronNetwork> networkNamed(String name) {
    List<NeutronNetwork> named =
        new ArrayList<>(neutron.networks(neutron.ofProject(Map.of("name", name))));
    named.sort(Comparator.comparing(NeutronNetwork::id));
    return named.stream().findFirst();
  }

  private static ProviderException refused(Reason reason, boolean retryable, String message) {
    return new ProviderException(OpenStackNetworkProvider.NAME, reason, retryable, message, null);
  }
}
