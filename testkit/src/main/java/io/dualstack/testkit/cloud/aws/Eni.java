package io.dualstack.testkit.cloud.aws;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A network interface as the fake keeps it. Mutable. */
final class Eni {
  final String id;
  final String vpc;
  final Ec2World.Net subnet;
  final List<String> groups;
  final String description;
  final Map<String, String> tags = new TreeMap<>();

  /** Addresses and prefixes; the first IPv4 address is the primary one. */
  final List<IpPrefix> blocks = new ArrayList<>();

  final String mac;
  String instance = "";
  String attachment = "";
  int deviceIndex;
  boolean isDetaching;
  int pendingLooks;

  Eni(String id, String mac, Ec2World.Net subnet, List<String> groups, String description) {
    this.id = id;
    this.mac = mac;
    this.vpc = subnet.vpc();
    this.subnet = subnet;
    this.groups = List.copyOf(groups);
    this.description = description;
  }

  Eni copy() {
    Eni copy = new Eni(id, mac, subnet, groups, description);
    copy.tags.putAll(tags);
    copy.blocks.addAll(blocks);
    copy.instance = instance;
    copy.attachment = attachment;
    copy.deviceIndex = deviceIndex;
    copy.isDetaching = isDetaching;
    copy.pendingLooks = pendingLooks;
    return copy;
  }

  List<IpPrefix> of(IpFamily family, boolean prefixes) {
    return blocks.stream()
        .filter(block -> block.family() == family && block.isSingle() != prefixes)
        .toList();
  }

  boolean isPrimary(IpPrefix block) {
    List<IpPrefix> addresses = of(IpFamily.IPV4, false);
    return !addresses.isEmpty() && addresses.get(0).equals(block);
  }

  String status() {
    if (pendingLooks > 0) {
      return "pending";
    }
    return instance.isEmpty() ? "available" : "in-use";
  }

  FakeNetworkInterface snapshot() {
    List<IpPrefix> ordered = new ArrayList<>(of(IpFamily.IPV4, false));
    ordered.addAll(of(IpFamily.IPV4, true));
    ordered.addAll(of(IpFamily.IPV6, false));
    ordered.addAll(of(IpFamily.IPV6, true));
    return new FakeNetworkInterface(id, subnet.id(), groups, ordered, tags, instance);
  }

  List<String> filtered(String filter) {
    if (filter.startsWith("tag:")) {
      String value = tags.get(filter.substring("tag:".length()));
      return value == null ? List.of() : List.of(value);
    }
    return switch (filter) {
      case "network-interface-id" -> List.of(id);
      case "subnet-id" -> List.of(subnet.id());
      case "vpc-id" -> List.of(vpc);
      case "availability-zone" -> List.of(subnet.zone());
      case "status" -> List.of(status());
      case "mac-address" -> List.of(mac);
      case "description" -> List.of(description);
      case "group-id" -> groups;
      case "tag-key" -> List.copyOf(tags.keySet());
      case "attachment.instance-id" -> instance.isEmpty() ? List.of() : List.of(instance);
      case "addresses.private-ip-address", "private-ip-address" ->
          of(IpFamily.IPV4, false).stream().map(block -> block.address().toString()).toList();
      case "ipv6-addresses.ipv6-address" ->
          of(IpFamily.IPV6, false).stream().map(block -> block.address().toString()).toList();
      default -> throw Ec2Filters.unknown(filter);
    };
  }

  void write(Ec2Xml xml) {
    xml.element("networkInterfaceId", id)
        .element("subnetId", subnet.id())
        .element("vpcId", vpc)
        .element("availabilityZone", subnet.zone())
        .element("description", description)
        .element("interfaceType", "interface")
        .element("macAddress", mac)
        .element("requesterManaged", false)
        .element("sourceDestCheck", true)
        .element("status", status());
    xml.items("groupSet", groups, (item, group) -> item.element("groupId", group));
    if (!instance.isEmpty()) {
      xml.open("attachment")
          .element("attachmentId", attachment)
          .element("deviceIndex", deviceIndex)
          .element("instanceId", instance)
          .element("status", isDetaching ? "detaching" : "attached")
          .close("attachment");
    }
    xml.items(
        "tagSet",
        tags.entrySet(),
        (item, tag) -> item.element("key", tag.getKey()).element("value", tag.getValue()));
    List<IpPrefix> addresses = of(IpFamily.IPV4, false);
    if (!addresses.isEmpty()) {
      xml.element("privateIpAddress", addresses.get(0).address());
    }
    xml.items(
            "privateIpAddressesSet",
            addresses,
            (item, block) ->
                item.element("privateIpAddress", block.address())
                    .element("primary", isPrimary(block)))
        .items(
            "ipv4PrefixSet",
            of(IpFamily.IPV4, true),
            (item, block) -> item.element("ipv4Prefix", block))
        .items(
            "ipv6AddressesSet",
            of(IpFamily.IPV6, false),
            (item, block) -> item.element("ipv6Address", block.address()))
        .items(
            "ipv6PrefixSet",
            of(IpFamily.IPV6, true),
            (item, block) -> item.element("ipv6Prefix", block));
  }
}
