package io.dualstack.testkit.cloud.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of networks, subnets and subnet pools. */
final class Subnets {
  static final Set<String> NETWORK_FIELDS =
      Set.of(
          "name",
          "description",
          "admin_state_up",
          "shared",
          "port_security_enabled",
          "router:external",
          "project_id",
          "tenant_id");
  static final Set<String> SUBNET_FIELDS =
      Set.of(
          "name",
          "description",
          "network_id",
          "ip_version",
          "cidr",
          "gateway_ip",
          "enable_dhcp",
          "ipv6_address_mode",
          "ipv6_ra_mode",
          "subnetpool_id",
          "prefixlen",
          "project_id",
          "tenant_id");
  static final Set<String> POOL_FIELDS =
      Set.of(
          "name",
          "description",
          "prefixes",
          "default_prefixlen",
          "min_prefixlen",
          "max_prefixlen",
          "shared",
          "project_id",
          "tenant_id");

  private final Resources resources;

  Subnets(Resources resources) {
    this.resources = resources;
  }

  ObjectNode network(ObjectNode asked, String projectId) {
    ObjectNode network = asked.deepCopy();
    for (String field : List.of("shared", "router:external")) {
      if (!network.has(field)) {
        network.put(field, false);
      }
    }
    for (String field : List.of("admin_state_up", "port_security_enabled")) {
      if (!network.has(field)) {
        network.put(field, true);
      }
    }
    network.put("status", "ACTIVE");
    return resources.add("networks", network, projectId);
  }

  ObjectNode pool(ObjectNode asked, String projectId) {
    ObjectNode pool = asked.deepCopy();
    List<IpPrefix> prefixes = prefixes(pool);
    if (prefixes.isEmpty()) {
      throw Refused.bad("Invalid input for prefixes. Reason: at least one is needed");
    }
    int bits = prefixes.get(0).family().bits();
    // The real service writes these as text.
    for (String field : List.of("min_prefixlen", "default_prefixlen")) {
      pool.put(field, pool.has(field) ? pool.path(field).asText() : bits == 32 ? "8" : "64");
    }
    pool.put("max_prefixlen", pool.path("max_prefixlen").asText(Integer.toString(bits)));
    pool.put("ip_version", bits == 32 ? 4 : 6);
    if (!pool.has("shared")) {
      pool.put("shared", false);
    }
    return resources.add("subnetpools", pool, projectId);
  }

  private static List<IpPrefix> prefixes(JsonNode pool) {
    List<IpPrefix> prefixes = new ArrayList<>();
    for (JsonNode prefix : pool.path("prefixes")) {
      prefixes.add(
          IpPrefix.tryParse(prefix.asText())
              .orElseThrow(() -> Refused.bad("'" + prefix.asText() + "' isn't a recognized IP")));
    }
    return prefixes;
  }

  ObjectNode subnet(ObjectNode asked, String projectId) {
    ObjectNode network = resources.get("networks", Json.text(asked, "network_id"), "Network");
    IpPrefix cidr = cidr(asked);
    for (ObjectNode other : resources.each("subnets")) {
      if (Json.text(other, "network_id").equals(Json.text(network, "id"))) {
        checkBeside(other, asked, cidr);
      }
    }
    ObjectNode subnet = asked.deepCopy();
    subnet.remove("prefixlen");
    subnet.put("cidr", cidr.toString());
    subnet.put("ip_version", cidr.family().bits() == 32 ? 4 : 6);
    if (!subnet.has("gateway_ip")) {
      subnet.put("gateway_ip", cidr.first().plus(cidr.family().bits() == 32 ? 1 : 0).toString());
    }
    if (!subnet.has("enable_dhcp")) {
      subnet.put("enable_dhcp", true);
    }
    ArrayNode pools = subnet.putArray("allocation_pools");
    for (IpRange pool : hosts(subnet).ranges()) {
      pools.addObject().put("start", pool.first().toString()).put("end", pool.last().toString());
    }
    for (String field : List.of("ipv6_address_mode", "ipv6_ra_mode", "subnetpool_id")) {
      if (!subnet.has(field)) {
        subnet.putNull(field);
      }
    }
    return resources.add("subnets", subnet, projectId);
  }

  private static void checkBeside(ObjectNode other, ObjectNode asked, IpPrefix cidr) {
    IpPrefix taken = IpPrefix.parse(Json.text(other, "cidr"));
    if (taken.overlaps(cidr)) {
      throw new Refused(
          400,
          "InvalidInput",
          "Invalid input for operation: Requested subnet with cidr: %s for network: %s overlaps with another subnet."
              .formatted(cidr, Json.text(asked, "network_id")));
    }
    if (taken.family() == cidr.family()
        && !Json.text(other, "subnetpool_id").equals(Json.text(asked, "subnetpool_id"))) {
      throw new Refused(
          400,
          "NetworkSubnetPoolAffinityError",
          "Subnets hosted on the same network must be allocated from the same subnet pool.");
    }
  }

  private IpPrefix cidr(ObjectNode asked) {
    Optional<IpPrefix> named =
        Optional.of(Json.text(asked, "cidr"))
            .filter(text -> !text.isEmpty())
            .map(
                text ->
                    IpPrefix.tryParse(text)
                        .orElseThrow(
                            () ->
                                Refused.bad(
                                    "Invalid input for cidr. Reason: '"
                                        + text
                                        + "' is not valid")));
    String poolId = Json.text(asked, "subnetpool_id");
    if (poolId.isEmpty()) {
      return named.orElseThrow(() -> Refused.bad("a subnetpool or cidr must be specified"));
    }
    ObjectNode pool = resources.get("subnetpools", poolId, "SubnetPool");
    int length =
        named.isPresent()
            ? named.get().length()
            : asked.has("prefixlen")
                ? asked.path("prefixlen").asInt()
                : pool.path("default_prefixlen").asInt();
    checkLength(pool, length);
    IpSet free = IpSet.ofPrefixes(prefixes(pool)).subtract(IpSet.ofPrefixes(taken(poolId)));
    Optional<IpPrefix> found =
        named.isPresent()
            ? named.filter(free::contains)
            : free.prefixes().stream()
                .filter(room -> room.length() <= length)
                .findFirst()
                .map(room -> room.nth(length, 0));
    // A refusal, though the real service answers it as a failure of its own.
    return found.orElseThrow(
        () ->
            new Refused(
                500,
                "SubnetAllocationError",
                "Failed to allocate subnet: Cannot allocate requested subnet from the available set of prefixes."));
  }

  private static void checkLength(ObjectNode pool, int length) {
    int shortest = pool.path("min_prefixlen").asInt();
    int longest = pool.path("max_prefixlen").asInt();
    if (length < shortest || length > longest) {
      throw new Refused(
          400,
          length < shortest ? "MinPrefixSubnetAllocationError" : "MaxPrefixSubnetAllocationError",
          "Unable to allocate subnet with prefix length %d, allowed are %d to %d."
              .formatted(length, shortest, longest));
    }
  }

  private List<IpPrefix> taken(String poolId) {
    return resources.each("subnets").stream()
        .filter(subnet -> Json.text(subnet, "subnetpool_id").equals(poolId))
        .map(subnet -> IpPrefix.parse(Json.text(subnet, "cidr")))
        .toList();
  }

  void removeSubnet(String id) {
    resources.get("subnets", id, "Subnet");
    for (ObjectNode port : resources.each("ports")) {
      for (JsonNode fixed : port.path("fixed_ips")) {
        if (Json.text(fixed, "subnet_id").equals(id)) {
          throw new Refused(
              409,
              "SubnetInUse",
              "Unable to complete operation on subnet "
                  + id
                  + ": One or more ports have an IP"
                  + " allocation from this subnet.");
        }
      }
    }
    resources.remove("subnets", id);
  }

  void removeNetwork(String id) {
    resources.get("networks", id, "Network");
    for (ObjectNode port : resources.each("ports")) {
      if (Json.text(port, "network_id").equals(id)) {
        throw new Refused(
            409,
            "NetworkInUse",
            "Unable to complete operation on network "
                + id
                + ". There are one or more ports still"
                + " in use on the network.");
      }
    }
    List<String> subnets =
        resources.each("subnets").stream()
            .filter(subnet -> Json.text(subnet, "network_id").equals(id))
            .map(subnet -> Json.text(subnet, "id"))
            .toList();
    subnets.forEach(subnet -> resources.remove("subnets", subnet));
    resources.remove("networks", id);
  }

  /** The addresses of a subnet that a host may have, its router's not among them. */
  static IpSet hosts(ObjectNode subnet) {
    IpPrefix cidr = IpPrefix.parse(Json.text(subnet, "cidr"));
    IpSet hosts = IpSet.of(IpRange.of(cidr)).subtract(IpSet.of(IpRange.single(cidr.first())));
    if (cidr.family().bits() == 32) {
      hosts = hosts.subtract(IpSet.of(IpRange.single(cidr.last())));
    }
    Optional<IpAddress> gateway = IpAddress.tryParse(Json.text(subnet, "gateway_ip"));
    return gateway.isPresent() ? hosts.subtract(IpSet.of(IpRange.single(gateway.get()))) : hosts;
  }
}
