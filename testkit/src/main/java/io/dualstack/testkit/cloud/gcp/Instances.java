package io.dualstack.testkit.cloud.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The instances of the region, each with one NIC. */
final class Instances {
  private static final Set<String> NIC_KEYS =
      Set.of(
          "aliasIpRanges",
          "fingerprint",
          "internalIpv6PrefixLength",
          "ipv6AccessConfigs",
          "ipv6Address",
          "name",
          "stackType");
  private static final Set<String> ALIAS_KEYS = Set.of("ipCidrRange", "subnetworkRangeName");
  private static final Set<String> ACCESS_KEYS =
      Set.of("externalIpv6", "externalIpv6PrefixLength", "name", "networkTier", "type");
  private static final int IPV6_LENGTH = 96;
  private static final int MOST_ALIASES = 150;

  /** One instance and its NIC. */
  private static final class Machine {
    private final String zone;
    private final String name;
    private final String created;
    private final FakeSubnetwork subnetwork;
    private final IpAddress address;
    private @Nullable IpPrefix ipv6;
    private Map<IpPrefix, String> aliases = Map.of();

    Machine(
        String zone, String name, String created, FakeSubnetwork subnetwork, IpAddress address) {
      this.zone = zone;
      this.name = name;
      this.created = created;
      this.subnetwork = subnetwork;
      this.address = address;
    }

    Stream<IpPrefix> blocks() {
      IpPrefix six = ipv6;
      return Stream.concat(
          Stream.concat(Stream.of(address.toPrefix()), aliases.keySet().stream()),
          six == null ? Stream.of() : Stream.of(six));
    }

    /** Changes with what the NIC has, and with nothing else. */
    String fingerprint() {
      String all = ipv6 + " " + aliases;
      return Base64.getEncoder()
          .encodeToString(Integer.toHexString(all.hashCode()).getBytes(StandardCharsets.UTF_8));
    }
  }

  private final Function<FakeSubnetwork, String> urls;
  private final Function<String, String> zoneUrls;
  private final Supplier<String> time;
  private final Map<String, Machine> byKey = new LinkedHashMap<>();

  Instances(
      Function<FakeSubnetwork, String> urls,
      Function<String, String> zoneUrls,
      Supplier<String> time) {
    this.urls = urls;
    this.zoneUrls = zoneUrls;
    this.time = time;
  }

  String urlOf(FakeSubnetwork subnetwork) {
    return urls.apply(subnetwork);
  }

  void create(String zone, String name, FakeSubnetwork subnetwork, IpAddress address) {
    if (blocks(urlOf(subnetwork)).anyMatch(block -> block.contains(address))) {
      throw new IllegalArgumentException(address + ": another instance has it");
    }
    byKey.put(zone + "/" + name, new Machine(zone, name, time.get(), subnetwork, address));
  }

  void delete(String zone, String name) {
    byKey.remove(zone + "/" + name);
  }

  /** What instances have in a subnetwork. */
  Stream<IpPrefix> blocks(String subnetworkUrl) {
    return byKey.values().stream()
        .filter(machine -> urlOf(machine.subnetwork).equals(subnetworkUrl))
        .flatMap(Machine::blocks);
  }

  /** The URL of the instance that uses a reserved block. */
  Optional<String> userOf(String subnetworkUrl, IpPrefix block) {
    return byKey.values().stream()
        .filter(machine -> urlOf(machine.subnetwork).equals(subnetworkUrl))
        .filter(machine -> machine.blocks().anyMatch(had -> had.contains(block)))
        .map(this::url)
        .findFirst();
  }

  private String url(Machine machine) {
    return zoneUrls.apply(machine.zone) + "/instances/" + machine.name;
  }

  private Machine machine(String zone, String name) {
    Machine machine = byKey.get(zone + "/" + name);
    if (machine == null) {
      throw Refusal.notFound("zones/" + zone + "/instances/" + name);
    }
    return machine;
  }

  ObjectNode get(String zone, String name) {
    return shown(machine(zone, name));
  }

  List<ObjectNode> all() {
    return byKey.values().stream().map(this::shown).toList();
  }

  private ObjectNode shown(Machine machine) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", "compute#instance")
        .put("name", machine.name)
        .put("creationTimestamp", machine.created)
        .put("status", "RUNNING")
        .put("zone", zoneUrls.apply(machine.zone))
        .put("selfLink", url(machine));
    ObjectNode nic = json.putArray("networkInterfaces").addObject();
    nic.put("kind", "compute#networkInterface")
        .put("name", "nic0")
        .put("fingerprint", machine.fingerprint())
        .put("networkIP", machine.address.toString())
        .put("subnetwork", urlOf(machine.subnetwork))
        .put("stackType", machine.ipv6 == null ? "IPV4_ONLY" : "IPV4_IPV6");
    IpPrefix ipv6 = machine.ipv6;
    if (ipv6 != null && machine.subnetwork.external()) {
      nic.put("ipv6AccessType", "EXTERNAL");
      nic.putArray("ipv6AccessConfigs")
          .addObject()
          .put("name", "external-ipv6")
          .put("type", "DIRECT_IPV6")
          .put("networkTier", "PREMIUM")
          .put("externalIpv6", ipv6.first().toString())
          .put("externalIpv6PrefixLength", IPV6_LENGTH);
    } else if (ipv6 != null) {
      nic.put("ipv6AccessType", "INTERNAL")
          .put("ipv6Address", ipv6.first().toString())
          .put("internalIpv6PrefixLength", IPV6_LENGTH);
    }
    machine.aliases.forEach(
        (block, range) -> {
          ObjectNode alias =
              nic.withArray("aliasIpRanges").addObject().put("ipCidrRange", block.toString());
          if (!range.isEmpty()) {
            alias.put("subnetworkRangeName", range);
          }
        });
    return json;
  }

  /** Changes the NIC; returns the instance's URL. */
  String update(String zone, String name, String nic, String bodyText) {
    Machine machine = machine(zone, name);
    if (!nic.equals("nic0")) {
      throw Refusal.invalid("networkInterface", nic, "There is no such network interface.");
    }
    StrictBody body = StrictBody.of(bodyText, NIC_KEYS);
    String fingerprint = body.required("fingerprint");
    if (!fingerprint.equals(machine.fingerprint())) {
      throw new Refusal(
          412, "conditionNotMet", "Supplied fingerprint does not match current fingerprint.");
    }
    // All of it or nothing of it.
    IpPrefix ipv6 = ipv6(machine, body);
    Map<IpPrefix, String> aliases = aliases(machine, body);
    machine.ipv6 = ipv6;
    machine.aliases = aliases;
    return url(machine);
  }

  private @Nullable IpPrefix ipv6(Machine machine, StrictBody body) {
    IpPrefix now = machine.ipv6;
    String stack =
        body.word("stackType", now == null ? "IPV4_ONLY" : "IPV4_IPV6", "IPV4_ONLY", "IPV4_IPV6");
    Optional<String> first = body.text("ipv6Address");
    Optional<Integer> length = body.number("internalIpv6PrefixLength");
    if (!body.objects("ipv6AccessConfigs", ACCESS_KEYS).isEmpty()) {
      StrictBody access = body.objects("ipv6AccessConfigs", ACCESS_KEYS).get(0);
      access.word("type", "DIRECT_IPV6");
      first = access.text("externalIpv6");
      length = access.number("externalIpv6PrefixLength");
    }
    if (stack.equals("IPV4_ONLY")) {
      if (first.isPresent()) {
        throw Refusal.invalid("resource.stackType", stack, "An IPv6 address needs IPV4_IPV6.");
      }
      return null;
    }
    IpPrefix range = machine.subnetwork.ipv6();
    if (range == null) {
      throw Refusal.invalid("resource.stackType", stack, "The subnetwork has IPv4 only.");
    }
    if (machine.subnetwork.external() == body.has("ipv6Address")) {
      throw Refusal.invalid(
          "resource.ipv6Address", first.orElse(""), "It is not of the subnetwork's access type.");
    }
    if (first.isEmpty() || length.isEmpty() || length.get() != IPV6_LENGTH) {
      throw Refusal.invalid(
          "resource.internalIpv6PrefixLength", length + "", "This fake wants a /96 by name.");
    }
    IpPrefix block = IpPrefix.containing(IpAddress.parse(first.get()), IPV6_LENGTH);
    if (now != null && !now.equals(block)) {
      throw Refusal.invalid(
          "resource.ipv6Address", first.get(), "It can't be changed; remove IPv6 first.");
    }
    checkFree(machine, block);
    return block;
  }

  private Map<IpPrefix, String> aliases(Machine machine, StrictBody body) {
    if (!body.has("aliasIpRanges")) {
      return machine.aliases;
    }
    List<StrictBody> wanted = body.objects("aliasIpRanges", ALIAS_KEYS);
    if (wanted.size() > MOST_ALIASES) {
      throw Refusal.invalid("resource.aliasIpRanges", "…", "It has over 150 ranges.");
    }
    Map<IpPrefix, String> aliases = new LinkedHashMap<>();
    for (StrictBody alias : wanted) {
      String rangeName = alias.text("subnetworkRangeName").orElse("");
      IpPrefix range =
          rangeName.isEmpty()
              ? machine.subnetwork.primary()
              : machine.subnetwork.secondary().get(rangeName);
      if (range == null) {
        throw Refusal.invalid(
            "resource.aliasIpRanges", rangeName, "The subnetwork has no such secondary range.");
      }
      IpPrefix block = alias(machine, alias.required("ipCidrRange"), range, aliases);
      checkFree(machine, block);
      aliases.put(block, rangeName);
    }
    return aliases;
  }

  private IpPrefix alias(
      Machine machine, String cidr, IpPrefix range, Map<IpPrefix, String> beside) {
    if (cidr.matches("/[0-9]{1,2}")) {
      int length = Integer.parseInt(cidr.substring(1));
      List<IpPrefix> taken = new ArrayList<>(beside.keySet());
      blocks(urlOf(machine.subnetwork)).forEach(taken::add);
      for (IpPrefix block : range.split(length)) {
        if (taken.stream().noneMatch(block::overlaps)
            && !block.contains(machine.subnetwork.primary().first())) {
          return block;
        }
      }
      throw new Operations.Failed("IP_SPACE_EXHAUSTED", "IP space is exhausted.");
    }
    IpPrefix block = cidr.contains("/") ? IpPrefix.parse(cidr) : IpAddress.parse(cidr).toPrefix();
    if (block.family() != IpFamily.IPV4 || !range.contains(block)) {
      throw Refusal.invalid(
          "resource.aliasIpRanges", cidr, "It does not belong to the specified subnetwork range.");
    }
    return block;
  }

  private void checkFree(Machine machine, IpPrefix block) {
    String url = urlOf(machine.subnetwork);
    boolean taken =
        byKey.values().stream()
            .filter(other -> other != machine && urlOf(other.subnetwork).equals(url))
            .flatMap(Machine::blocks)
            .anyMatch(block::overlaps);
    if (taken) {
      throw new Operations.Failed(
          "IP_IN_USE_BY_ANOTHER_RESOURCE",
          "IP '%s' is already being used by another resource.".formatted(block.first()));
    }
  }

  /** Returns a page of instances grouped by zone, as an aggregated list shows it. */
  static ObjectNode byZone(List<ObjectNode> page) {
    ObjectNode items = JsonNodeFactory.instance.objectNode();
    for (ObjectNode instance : page) {
      JsonNode zone = instance.path("zone");
      String key = zone.asText().replaceFirst(".*/(zones/[^/]+)", "$1");
      items.withObject("/" + key.replace("/", "~1")).withArray("instances").add(instance);
    }
    return items;
  }
}
