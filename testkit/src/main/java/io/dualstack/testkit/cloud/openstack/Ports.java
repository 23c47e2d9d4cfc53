package io.dualstack.testkit.cloud.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.MacAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules of ports. */
final class Ports {
  static final Set<String> FIELDS =
      Set.of(
          "name",
          "description",
          "network_id",
          "fixed_ips",
          "allowed_address_pairs",
          "security_groups",
          "port_security_enabled",
          "device_id",
          "device_owner",
          "admin_state_up",
          "mac_address",
          "project_id",
          "tenant_id");
  private static final Set<String> AUTOMATIC = Set.of("slaac", "dhcpv6-stateless");
  private static final long FIRST_MAC = 0xfa16_3e00_0001L;

  private final Resources resources;
  private long made;
  int maxPairs = 10;

  Ports(Resources resources) {
    this.resources = resources;
  }

  ObjectNode create(ObjectNode asked, String projectId) {
    ObjectNode network = resources.get("networks", Json.text(asked, "network_id"), "Network");
    ObjectNode port = asked.deepCopy();
    if (!port.has("mac_address")) {
      port.put("mac_address", MacAddress.of(FIRST_MAC + made++).toString());
    }
    if (!port.has("port_security_enabled")) {
      port.put("port_security_enabled", network.path("port_security_enabled").asBoolean());
    }
    if (!port.has("admin_state_up")) {
      port.put("admin_state_up", true);
    }
    for (String field : List.of("device_id", "device_owner")) {
      if (!port.has(field)) {
        port.put(field, "");
      }
    }
    port.put("status", "DOWN");
    port.set("fixed_ips", fixedIps(port, asked.get("fixed_ips"), ""));
    port.set("allowed_address_pairs", pairs(port, asked.path("allowed_address_pairs")));
    checkGroups(port);
    return resources.add("ports", port, projectId);
  }

  ObjectNode update(ObjectNode port, ObjectNode change) {
    if (change.has("network_id")) {
      throw Refused.bad("Cannot update read-only attribute network_id");
    }
    ObjectNode now = port.deepCopy();
    now.setAll(change);
    if (change.has("fixed_ips")) {
      now.set("fixed_ips", fixedIps(now, change.path("fixed_ips"), Json.text(port, "id")));
    }
    now.set("allowed_address_pairs", pairs(now, now.path("allowed_address_pairs")));
    checkGroups(now);
    port.setAll(now);
    resources.changed(port);
    return port;
  }

  void remove(String id) {
    ObjectNode port = resources.get("ports", id, "Port");
    if (Json.text(port, "device_owner").startsWith("network:")) {
      throw new Refused(
          409,
          "ServicePortInUse",
          "Port %s cannot be deleted directly via the port API: has device owner %s."
              .formatted(id, Json.text(port, "device_owner")));
    }
    resources.remove("ports", id);
  }

  private List<ObjectNode> subnets(ObjectNode port) {
    return resources.each("subnets").stream()
        .filter(subnet -> Json.text(subnet, "network_id").equals(Json.text(port, "network_id")))
        .toList();
  }

  private static boolean isAutomatic(ObjectNode subnet) {
    return AUTOMATIC.contains(Json.text(subnet, "ipv6_address_mode"));
  }

  private ArrayNode fixedIps(ObjectNode port, JsonNode asked, String portId) {
    ArrayNode ips = JsonNodeFactory.instance.arrayNode();
    Set<IpAddress> mine = new HashSet<>();
    if (asked == null) {
      Set<String> families = new HashSet<>();
      for (ObjectNode subnet : subnets(port)) {
        if (!isAutomatic(subnet) && families.add(Json.text(subnet, "ip_version"))) {
          add(ips, subnet, pick(subnet, portId, mine), mine);
        }
      }
    } else {
      for (JsonNode fixed : asked) {
        fixedIp(port, fixed, portId, ips, mine);
      }
    }
    MacAddress mac = MacAddress.parse(Json.text(port, "mac_address"));
    for (ObjectNode subnet : subnets(port)) {
      if (isAutomatic(subnet) && !ips.isEmpty()) {
        IpAddress own = mac.toEui64(IpPrefix.parse(Json.text(subnet, "cidr")));
        if (!mine.contains(own)) {
          add(ips, subnet, own, mine);
        }
      }
    }
    return ips;
  }

  private void fixedIp(
      ObjectNode port, JsonNode fixed, String portId, ArrayNode ips, Set<IpAddress> mine) {
    String subnetId = Json.text(fixed, "subnet_id");
    String text = Json.text(fixed, "ip_address");
    Optional<ObjectNode> named =
        subnets(port).stream().filter(one -> Json.text(one, "id").equals(subnetId)).findFirst();
    if (!subnetId.isEmpty() && named.isEmpty()) {
      throw new Refused(
          400,
          "InvalidInput",
          "Invalid input for operation: Failed to create port on network %s, because fixed_ips included invalid subnet %s."
              .formatted(Json.text(port, "network_id"), subnetId));
    }
    if (text.isEmpty()) {
      ObjectNode subnet = named.orElseThrow(() -> Refused.bad("IP allocation requires subnet_id"));
      add(ips, subnet, pick(subnet, portId, mine), mine);
      return;
    }
    IpAddress address =
        IpAddress.tryParse(text)
            .orElseThrow(() -> Refused.bad("'" + text + "' is not a valid IP address"));
    ObjectNode subnet =
        named
            .or(
                () ->
                    subnets(port).stream()
                        .filter(one -> IpPrefix.parse(Json.text(one, "cidr")).contains(address))
                        .findFirst())
            .orElseThrow(
                () ->
                    new Refused(
                        400,
                        "InvalidIpForNetwork",
                        "IP address %s is not a valid IP for any of the subnets on the specified network."
                            .formatted(address)));
    check(port, subnet, address, portId);
    add(ips, subnet, address, mine);
  }

  private void check(ObjectNode port, ObjectNode subnet, IpAddress address, String portId) {
    IpPrefix cidr = IpPrefix.parse(Json.text(subnet, "cidr"));
    if (!cidr.contains(address) || address.equals(cidr.first())) {
      throw new Refused(
          400,
          "InvalidIpForSubnet",
          "IP address " + address + " is not a valid IP for the specified subnet.");
    }
    if (isAutomatic(subnet)
        && !MacAddress.parse(Json.text(port, "mac_address")).toEui64(cidr).equals(address)) {
      throw new Refused(
          400,
          "AllocationOnAutoAddressSubnet",
          "IPv6 address %s cannot be directly assigned to a port on subnet %s as the subnet is configured for automatic addresses"
              .formatted(address, Json.text(subnet, "id")));
    }
    if (used(Json.text(subnet, "id"), portId).contains(address)) {
      throw new Refused(
          409,
          "IpAddressAlreadyAllocated",
          "IP address %s already allocated in subnet %s"
              .formatted(address, Json.text(subnet, "id")));
    }
  }

  private static void add(
      ArrayNode ips, ObjectNode subnet, IpAddress address, Set<IpAddress> mine) {
    mine.add(address);
    ips.addObject().put("subnet_id", Json.text(subnet, "id")).put("ip_address", address.toString());
  }

  private IpAddress pick(ObjectNode subnet, String portId, Set<IpAddress> mine) {
    Set<IpAddress> used = used(Json.text(subnet, "id"), portId);
    used.addAll(mine);
    IpSet free =
        Subnets.hosts(subnet).subtract(IpSet.of(used.stream().map(IpRange::single).toList()));
    return free.ranges().stream()
        .findFirst()
        .map(IpRange::first)
        .orElseThrow(
            () ->
                new Refused(
                    409,
                    "IpAddressGenerationFailure",
                    "No more IP addresses available on network "
                        + Json.text(subnet, "network_id")
                        + "."));
  }

  private Set<IpAddress> used(String subnetId, String exceptPortId) {
    Set<IpAddress> used = new HashSet<>();
    for (ObjectNode port : resources.each("ports")) {
      if (!Json.text(port, "id").equals(exceptPortId)) {
        for (JsonNode fixed : port.path("fixed_ips")) {
          if (Json.text(fixed, "subnet_id").equals(subnetId)) {
            used.add(IpAddress.parse(Json.text(fixed, "ip_address")));
          }
        }
      }
    }
    return used;
  }

  private ArrayNode pairs(ObjectNode port, JsonNode asked) {
    ArrayNode pairs = JsonNodeFactory.instance.arrayNode();
    List<String> seen = new ArrayList<>();
    for (JsonNode pair : asked) {
      String text = Json.text(pair, "ip_address");
      boolean valid =
          text.contains("/")
              ? IpPrefix.tryParse(text).isPresent()
              : IpAddress.tryParse(text).isPresent();
      if (!valid) {
        throw Refused.bad("'" + text + "' is not a valid IP address or CIDR");
      }
      String mac =
          pair.has("mac_address") ? Json.text(pair, "mac_address") : Json.text(port, "mac_address");
      if (seen.contains(text + mac)) {
        throw new Refused(
            400,
            "DuplicateAddressPairInRequest",
            "Request contains duplicate address pair: mac_address %s ip_address %s."
                .formatted(mac, text));
      }
      seen.add(text + mac);
      pairs.addObject().put("mac_address", mac).put("ip_address", text);
    }
    if (pairs.size() > maxPairs) {
      throw new Refused(
          400,
          "AllowedAddressPairExhausted",
          "The number of allowed address pair exceeds the maximum " + maxPairs + ".");
    }
    if (!pairs.isEmpty() && !port.path("port_security_enabled").asBoolean()) {
      throw new Refused(
          409,
          "AddressPairAndPortSecurityRequired",
          "Port Security must be enabled in order to have allowed address pairs on a port.");
    }
    return pairs;
  }

  private void checkGroups(ObjectNode port) {
    for (JsonNode group : port.path("security_groups")) {
      if (!resources.all("security-groups").containsKey(group.asText())) {
        throw new Refused(
            404, "SecurityGroupNotFound", "Security group " + group.asText() + " does not exist");
      }
    }
  }
}
