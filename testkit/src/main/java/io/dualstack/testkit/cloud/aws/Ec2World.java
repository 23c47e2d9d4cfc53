package io.dualstack.testkit.cloud.aws;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the fake knows: subnets, security groups and network interfaces, the latter as they are, and
 * as they are seen when changes show late. Not thread-safe.
 */
final class Ec2World {
  /** A subnet. */
  record Net(String id, String vpc, String zone, List<IpPrefix> ranges) {
    Optional<IpPrefix> range(IpFamily family) {
      return ranges.stream().filter(range -> range.family() == family).findFirst();
    }

    /** The first four addresses and the last of each range. */
    IpSet kept() {
      List<IpRange> kept = new ArrayList<>();
      for (IpPrefix range : ranges) {
        kept.add(IpRange.of(range.first(), range.first().plus(3)));
        kept.add(IpRange.single(range.last()));
      }
      return IpSet.of(kept);
    }

    List<String> filtered(String filter) {
      return switch (filter) {
        case "subnet-id" -> List.of(id);
        case "vpc-id" -> List.of(vpc);
        case "availability-zone" -> List.of(zone);
        default -> throw Ec2Filters.unknown(filter);
      };
    }
  }

  /** A security group. */
  record Group(String id, String vpc, String name) {
    List<String> filtered(String filter) {
      return switch (filter) {
        case "group-id" -> List.of(id);
        case "group-name" -> List.of(name);
        case "vpc-id" -> List.of(vpc);
        default -> throw Ec2Filters.unknown(filter);
      };
    }
  }

  final Map<String, Net> subnets = new TreeMap<>();
  final Map<String, Group> groups = new TreeMap<>();
  final Set<String> addsIpv6 = new TreeSet<>();
  int slots = 50;
  int quota = 5000;
  int lag;
  int pending;

  private final Map<String, Eni> enis = new TreeMap<>();
  private final Map<String, @Nullable Eni> seenInstead = new HashMap<>();
  private final Map<String, Integer> looksLeft = new TreeMap<>();
  private int made;
  private int attached;

  Collection<Eni> enis() {
    return enis.values();
  }

  Net subnet(String id) {
    Net net = subnets.get(id);
    if (net == null) {
      throw new Ec2Refusal("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
    }
    return net;
  }

  /** Adds an interface without blocks. */
  Eni add(Net subnet, List<String> groupIds, String description) {
    if (enis.size() >= quota) {
      throw new Ec2Refusal(
          "NetworkInterfaceLimitExceeded",
          "You have reached the limit of " + quota + " network interfaces");
    }
    int number = ++made;
    Eni eni =
        new Eni(
            "eni-%017x".formatted(number),
            "02:00:00:%02x:%02x:%02x"
                .formatted(number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff),
            subnet,
            groupIds,
            description);
    eni.pendingLooks = pending;
    changing(eni.id);
    enis.put(eni.id, eni);
    return eni;
  }

  /** Takes back an interface that could not be made. */
  void forget(String id) {
    enis.remove(id);
    seenInstead.remove(id);
    looksLeft.remove(id);
  }

  void attach(String id, String instance, int deviceIndex) {
    Eni eni = real(id);
    eni.instance = instance;
    eni.attachment = "eni-attach-%017x".formatted(++attached);
    eni.deviceIndex = deviceIndex;
    eni.isDetaching = false;
  }

  Eni byAttachment(String attachment) {
    return enis.values().stream()
        .filter(eni -> eni.attachment.equals(attachment))
        .findFirst()
        .orElseThrow(
            () ->
                new Ec2Refusal(
                    "InvalidAttachmentID.NotFound",
                    "The attachment '" + attachment + "' does not exist"));
  }

  /** Removes an interface; as far as is seen, later. */
  void remove(String id) {
    changing(id);
    enis.remove(id);
  }

  Eni real(String id) {
    Eni eni = enis.get(id);
    if (eni == null) {
      throw Ec2Refusal.noInterface(id);
    }
    return eni;
  }

  /** Returns an interface to be changed, if those who change interfaces know it yet. */
  Eni toChange(String id) {
    Eni eni = real(id);
    if (looksLeft.containsKey(id) && seenInstead.get(id) == null) {
      throw Ec2Refusal.noInterface(id);
    }
    changing(id);
    return eni;
  }

  private void changing(String id) {
    if (lag == 0) {
      return;
    }
    if (!looksLeft.containsKey(id)) {
      Eni before = enis.get(id);
      seenInstead.put(id, before == null ? null : before.copy());
    }
    looksLeft.put(id, lag);
  }

  /** Returns the interfaces as they are seen, and lets time pass. */
  List<Eni> look() {
    Map<String, Eni> seen = new TreeMap<>();
    enis.forEach((id, eni) -> seen.put(id, eni.copy()));
    seenInstead.forEach(
        (id, instead) -> {
          if (instead == null) {
            seen.remove(id);
          } else {
            seen.put(id, instead);
          }
        });
    Iterator<Map.Entry<String, Integer>> stale = looksLeft.entrySet().iterator();
    while (stale.hasNext()) {
      Map.Entry<String, Integer> one = stale.next();
      if (one.getValue() <= 1) {
        seenInstead.remove(one.getKey());
        stale.remove();
      } else {
        one.setValue(one.getValue() - 1);
      }
    }
    for (Eni eni : enis.values()) {
      eni.pendingLooks = Math.max(0, eni.pendingLooks - 1);
      if (eni.isDetaching) {
        eni.isDetaching = false;
        eni.instance = "";
        eni.attachment = "";
      }
    }
    return List.copyOf(seen.values());
  }

  private IpSet used(Net subnet) {
    return IpSet.ofPrefixes(
        enis.values().stream()
            .filter(eni -> eni.subnet.equals(subnet))
            .flatMap(eni -> eni.blocks.stream())
            .toList());
  }

  int freeIpv4(Net subnet) {
    return subnet
        .range(IpFamily.IPV4)
        .map(
            range ->
                IpSet.of(range.toRange())
                    .subtract(subnet.kept())
                    .subtract(used(subnet))
                    .size(IpFamily.IPV4)
                    .intValue())
        .orElse(0);
  }

  /** Puts named blocks on an interface, all or none. */
  void assign(Eni eni, List<IpPrefix> blocks) {
    Net subnet = eni.subnet;
    IpSet used = used(subnet);
    for (IpPrefix block : blocks) {
      if (subnet.range(block.family()).filter(range -> range.contains(block)).isEmpty()) {
        throw Ec2Refusal.value(
            block.toString(), "address", "It is not in the range of subnet " + subnet.id() + ".");
      }
      if (subnet.kept().overlaps(block)) {
        throw Ec2Refusal.value(
            block.toString(), "address", "It is in the subnet's reserved address range.");
      }
      if (used.overlaps(block)) {
        throw new Ec2Refusal("InvalidIPAddress.InUse", "Address " + block + " is in use.");
      }
      used = used.union(IpSet.of(block.toRange()));
    }
    for (IpFamily family : IpFamily.values()) {
      long has = eni.blocks.stream().filter(block -> block.family() == family).count();
      long more = blocks.stream().filter(block -> block.family() == family).count();
      if (has + more > slots) {
        throw new Ec2Refusal(
            "PrivateIpAddressLimitExceeded",
            "Number of addresses will exceed limit of " + slots + " per interface.");
      }
    }
    eni.blocks.addAll(blocks);
  }

  /** Returns the lowest free blocks beside some others. */
  List<IpPrefix> pickBeside(
      List<IpPrefix> others, Net subnet, IpFamily family, boolean prefixes, int count) {
    if (count == 0) {
      return List.of();
    }
    int length = prefixes ? (family == IpFamily.IPV4 ? 28 : 80) : family.bits();
    IpSet free =
        IpSet.ofPrefixes(subnet.range(family).stream().toList())
            .subtract(subnet.kept())
            .subtract(IpSet.ofPrefixes(others))
            .subtract(used(subnet));
    List<IpPrefix> picked = new ArrayList<>();
    for (IpPrefix part : free.prefixes()) {
      Iterator<IpPrefix> blocks =
          part.length() <= length ? part.split(length).iterator() : List.<IpPrefix>of().iterator();
      while (picked.size() < count && blocks.hasNext()) {
        picked.add(blocks.next());
      }
    }
    if (picked.size() < count) {
      throw prefixes
          ? new Ec2Refusal(
              "InsufficientCidrBlocks",
              "There are not enough free cidr blocks in the specified subnet.")
          : new Ec2Refusal(
              "InsufficientFreeAddressesInSubnet",
              "There are not enough free addresses in subnet '" + subnet.id() + "'.");
    }
    return picked;
  }

  void unassign(Eni eni, List<IpPrefix> blocks) {
    for (IpPrefix block : blocks) {
      if (eni.isPrimary(block)) {
        throw Ec2Refusal.value(
            block.toString(), "address", "It is the primary address of " + eni.id + ".");
      }
      if (!eni.blocks.contains(block)) {
        throw Ec2Refusal.value(
            block.toString(), "address", "It is not assigned to " + eni.id + ".");
      }
    }
    eni.blocks.removeAll(blocks);
  }
}
