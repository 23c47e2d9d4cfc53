package io.dualstack.testkit.cloud.gcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The address resources of the region, and what may become one. */
final class Addresses {
  private static final Set<String> KEYS =
      Set.of(
          "address",
          "addressType",
          "description",
          "ipVersion",
          "ipv6EndpointType",
          "name",
          "networkTier",
          "prefixLength",
          "purpose",
          "subnetwork");
  private static final int IPV6_LENGTH = 96;
  private static final int LONGEST_DESCRIPTION = 2048;

  /** Spreads picks over a /64; odd, so that none comes twice. */
  private static final long STRIDE = 0x9E3779B1L;

  private record Listed(ObjectNode address, long fromList, long toList) {}

  /** One address resource, by what the rules need of it. */
  record Reserved(String name, String subnetwork, IpPrefix block, ObjectNode json) {}

  private final Function<String, FakeSubnetwork> subnetworks;
  private final Instances instances;
  private final Supplier<String> time;
  private final Map<String, Reserved> byName = new LinkedHashMap<>();
  private final List<Listed> gone = new ArrayList<>();
  private final Map<String, Long> seenFrom = new LinkedHashMap<>();
  private long lists;
  private long picks;
  private int lag;
  private int quota = 1000;

  Addresses(
      Function<String, FakeSubnetwork> subnetworks, Instances instances, Supplier<String> time) {
    this.subnetworks = subnetworks;
    this.instances = instances;
    this.time = time;
  }

  void lag(int number) {
    lag = number;
  }

  void quota(int number) {
    quota = number;
  }

  int quota() {
    return quota;
  }

  int size() {
    return byName.size();
  }

  /** All, as they are. */
  List<ObjectNode> all() {
    return byName.values().stream().map(this::shown).toList();
  }

  /** All, as a listing shows them, which may be late. */
  List<ObjectNode> listed() {
    lists++;
    List<ObjectNode> listed =
        new ArrayList<>(
            byName.values().stream()
                .filter(reserved -> seenFrom.getOrDefault(reserved.name(), 0L) < lists)
                .map(this::shown)
                .toList());
    gone.stream()
        .filter(one -> one.toList() >= lists && one.fromList() < lists)
        .map(Listed::address)
        .forEach(listed::add);
    return listed;
  }

  ObjectNode get(String name) {
    Reserved reserved = byName.get(name);
    if (reserved == null) {
      throw Refusal.notFound("addresses/" + name);
    }
    return shown(reserved);
  }

  /** With the status and the users that follow from the instances. */
  private ObjectNode shown(Reserved reserved) {
    ObjectNode json = reserved.json().deepCopy();
    Optional<String> user = instances.userOf(reserved.subnetwork(), reserved.block());
    json.put("status", user.isPresent() ? "IN_USE" : "RESERVED");
    user.ifPresent(url -> json.putArray("users").add(url));
    return json;
  }

  /** Makes one; returns its URL. */
  String insert(String region, String regionUrl, String bodyText) {
    StrictBody body = StrictBody.of(bodyText, KEYS);
    String name = body.required("name");
    if (!name.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw Refusal.invalid("resource.name", name, "Must be a match of regex.");
    }
    if (body.text("description").orElse("").length() > LONGEST_DESCRIPTION) {
      throw Refusal.invalid("resource.description", "…", "It has over 2048 characters.");
    }
    if (byName.containsKey(name)) {
      throw new Refusal(
          409, "alreadyExists", "The resource 'addresses/%s' already exists".formatted(name));
    }
    if (byName.size() >= quota) {
      throw new Refusal(
          403,
          "quotaExceeded",
          "Quota 'INTERNAL_ADDRESSES' exceeded. Limit: %d.0 in region %s."
              .formatted(quota, region));
    }
    FakeSubnetwork subnetwork = subnetworks.apply(body.required("subnetwork"));
    boolean ipv6 = body.word("ipVersion", "IPV4", "IPV6").equals("IPV6");
    String type = body.word("addressType", "EXTERNAL", "INTERNAL");
    IpPrefix block = ipv6 ? ipv6(body, subnetwork, type) : ipv4(body, subnetwork, type);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", "compute#address")
        .put("name", name)
        .put("creationTimestamp", time.get())
        .put("description", body.text("description").orElse(""))
        .put("address", block.first().toString())
        .put("addressType", type)
        .put("networkTier", "PREMIUM")
        .put("region", regionUrl)
        .put("subnetwork", instances.urlOf(subnetwork))
        .put("selfLink", regionUrl + "/addresses/" + name);
    if (ipv6) {
      json.put("ipVersion", "IPV6").put("ipv6EndpointType", "VM").put("prefixLength", IPV6_LENGTH);
    }
    body.text("purpose").ifPresent(purpose -> json.put("purpose", purpose));
    byName.put(name, new Reserved(name, instances.urlOf(subnetwork), block, json));
    seenFrom.put(name, lists + lag);
    return json.path("selfLink").asText();
  }

  private IpPrefix ipv4(StrictBody body, FakeSubnetwork subnetwork, String type) {
    if (!type.equals("INTERNAL")) {
      throw Refusal.invalid("resource.addressType", type, "A subnetwork goes with INTERNAL.");
    }
    body.word("purpose", "GCE_ENDPOINT");
    if (body.has("prefixLength") || body.has("ipv6EndpointType")) {
      throw Refusal.invalid(
          "resource.prefixLength", "…", "An address of a subnetwork has no length in IPv4.");
    }
    String url = instances.urlOf(subnetwork);
    if (body.has("address")) {
      IpPrefix address = parsed(body.required("address")).toPrefix();
      if (!subnetwork.has(address) || subnetwork.keeps(address.first())) {
        throw Refusal.invalid(
            "resource.address",
            address.first().toString(),
            "The IP address is outside the subnetwork's ranges, or reserved by the system.");
      }
      checkFree(url, address);
      return address;
    }
    for (IpPrefix address : subnetwork.primary().split(32)) {
      if (!subnetwork.keeps(address.first()) && isFree(url, address)) {
        return address;
      }
    }
    throw exhausted(subnetwork);
  }

  private IpPrefix ipv6(StrictBody body, FakeSubnetwork subnetwork, String type) {
    IpPrefix range = subnetwork.ipv6();
    if (range == null || subnetwork.external() != type.equals("EXTERNAL")) {
      throw Refusal.invalid(
          "resource.ipVersion", "IPV6", "The subnetwork has no IPv6 addresses of this type.");
    }
    if (subnetwork.external() && body.has("purpose")) {
      throw Refusal.invalid("resource.purpose", "…", "External addresses have none.");
    }
    body.word("purpose", "GCE_ENDPOINT");
    if (!body.required("ipv6EndpointType").equals("VM")) {
      throw Refusal.invalid("resource.ipv6EndpointType", "…", "The subnetwork is for VMs.");
    }
    if (body.number("prefixLength").filter(length -> length != IPV6_LENGTH).isPresent()) {
      throw Refusal.invalid("resource.prefixLength", "…", "It must be 96.");
    }
    String url = instances.urlOf(subnetwork);
    if (body.has("address")) {
      if (subnetwork.external()) {
        throw Refusal.invalid(
            "resource.address", "…", "External IPv6 addresses are picked by the service.");
      }
      IpAddress first = parsed(body.required("address"));
      IpPrefix block = IpPrefix.containing(first, IPV6_LENGTH);
      if (!block.first().equals(first) || !range.contains(block)) {
        throw Refusal.invalid(
            "resource.address",
            first.toString(),
            "It must be the first of a /96 inside the subnetwork's range.");
      }
      checkFree(url, block);
      return block;
    }
    long count = 1L << Math.min(32, IPV6_LENGTH - range.length());
    for (long tries = 0; tries < count; tries++) {
      IpPrefix block = range.nth(IPV6_LENGTH, (++picks * STRIDE) % count);
      if (isFree(url, block)) {
        return block;
      }
    }
    throw exhausted(subnetwork);
  }

  private static Operations.Failed exhausted(FakeSubnetwork subnetwork) {
    return new Operations.Failed(
        "IP_SPACE_EXHAUSTED", "IP space of '%s' is exhausted.".formatted(subnetwork.name()));
  }

  private static IpAddress parsed(String text) {
    return IpAddress.tryParse(text)
        .orElseThrow(
            () -> Refusal.invalid("resource.address", text, "Must be a valid IP address."));
  }

  /** What an instance uses may be reserved for it; what is reserved may not. */
  private void checkFree(String subnetworkUrl, IpPrefix block) {
    if (reserved(subnetworkUrl).anyMatch(block::overlaps)) {
      throw new Operations.Failed(
          "IP_IN_USE_BY_ANOTHER_RESOURCE",
          "IP '%s' is already being used by another resource.".formatted(block.first()));
    }
  }

  private boolean isFree(String subnetworkUrl, IpPrefix block) {
    return reserved(subnetworkUrl).noneMatch(block::overlaps)
        && instances.blocks(subnetworkUrl).noneMatch(block::overlaps);
  }

  private Stream<IpPrefix> reserved(String subnetworkUrl) {
    return byName.values().stream()
        .filter(reserved -> reserved.subnetwork().equals(subnetworkUrl))
        .map(Reserved::block);
  }

  /** Releases one; an instance keeps what it uses. */
  String delete(String name) {
    ObjectNode last = get(name);
    byName.remove(name);
    gone.add(new Listed(last, seenFrom.getOrDefault(name, 0L), lists + lag));
    return last.path("selfLink").asText();
  }
}
