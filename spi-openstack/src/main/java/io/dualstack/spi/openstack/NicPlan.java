package io.dualstack.spi.openstack;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the cloud properties of a NIC's networks say about it.
 *
 * @param networkId the network that the port is on
 * @param routerId the router that leads to its prefixes; null for none
 * @param subnetIds the subnet of each network that names one
 * @param poolIds the subnet pool of each network that names one
 * @param securityGroups names or ids; empty to leave it to the cloud
 */
record NicPlan(
    String networkId,
    @Nullable String routerId,
    Map<String, String> subnetIds,
    Map<String, String> poolIds,
    List<String> securityGroups) {
  static final String NET = "net_id";
  static final String SUBNET = "subnet_id";
  static final String ROUTER = "router_id";
  static final String POOL = "subnetpool_id";
  static final String GROUPS = "security_groups";

  /**
   * Reads the cloud properties of a request. Contacts nobody.
   *
   * @throws ProviderException with {@link Reason#REFUSED}, naming the network and the property
   */
  static NicPlan of(NicRequest request, List<String> groupsOtherwise) {
    Map<String, String> subnets = new LinkedHashMap<>();
    Map<String, String> pools = new LinkedHashMap<>();
    Set<String> groups = new LinkedHashSet<>();
    for (NicBlock block : request.blocks()) {
      Map<String, Object> properties = properties(request, block.network());
      text(block.network(), properties, SUBNET).ifPresent(id -> subnets.put(block.network(), id));
      text(block.network(), properties, POOL).ifPresent(id -> pools.put(block.network(), id));
      groups.addAll(groups(block.network(), properties));
      if (block.block() == null && block.isPrefix() && !pools.containsKey(block.network())) {
        throw refused(
            block.network(), POOL, "is missing; name the subnet pool that prefixes are taken from");
      }
    }
    if (request.blocks().stream().allMatch(NicBlock::isPrefix)) {
      throw refused(
          request.blocks().get(0).network(),
          "",
          "a prefix lies behind an address; ask for a single address on the same NIC");
    }
    Optional<String> network = agreed(request, NET);
    return new NicPlan(
        network.orElseThrow(
            () ->
                refused(
                    request.blocks().get(0).network(), NET, "is missing; name the network's id")),
        agreed(request, ROUTER).orElse(null),
        subnets,
        pools,
        groups.isEmpty() ? groupsOtherwise : List.copyOf(groups));
  }

  /** The property that all networks of a NIC that have it have alike. */
  private static Optional<String> agreed(NicRequest request, String property) {
    Map<String, String> found = new LinkedHashMap<>();
    for (NicBlock block : request.blocks()) {
      text(block.network(), properties(request, block.network()), property)
          .ifPresent(value -> found.putIfAbsent(value, block.network()));
    }
    if (found.size() > 1) {
      List<String> values = List.copyOf(found.keySet());
      throw refused(
          found.getOrDefault(values.get(1), ""),
          property,
          "\"%s\": network %s on the same NIC has \"%s\"; name the same in both"
              .formatted(values.get(1), found.get(values.get(0)), values.get(0)));
    }
    return found.keySet().stream().findFirst();
  }

  private static Map<String, Object> properties(NicRequest request, String network) {
    return request.cloudProperties().getOrDefault(network, Map.of());
  }

  static Optional<String> text(String network, Map<String, Object> properties, String property) {
    Object value = properties.get(property);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isBlank()) {
      return Optional.of(text.strip());
    }
    throw refused(network, property, "\"" + value + "\": use an id as text");
  }

  static List<String> groups(String network, Map<String, Object> properties) {
    Object value = properties.get(GROUPS);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list
        && list.stream().allMatch(entry -> entry instanceof String text && !text.isBlank())) {
      return list.stream().map(entry -> ((String) entry).strip()).toList();
    }
    throw refused(network, GROUPS, "\"" + value + "\": use a list of names or ids");
  }

  private static ProviderException refused(String network, String property, String message) {
    return new ProviderException(
        OpenStackNetworkProvider.NAME,
        Reason.REFUSED,
        false,
        "network %s: %s%s"
            .formatted(
                network, property.isEmpty() ? "" : "cloud_properties." + property + ": ", message),
        null);
  }
}
