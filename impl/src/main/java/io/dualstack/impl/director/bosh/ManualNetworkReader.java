package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a network whose addresses are handed out, and checks its subnets against one another. */
final class ManualNetworkReader {

  private static final Set<String> KEYS = Set.of("name", "type", "subnets", "managed");

  /** What is known on subnets, or on networks of other types, and passed over on this one. */
  private static final List<String> MISPLACED =
      List.of(
          "az",
          "azs",
          "cloud_properties",
          "dns",
          "gateway",
          "prefix",
          PrefixLengths.DELEGATION_SIZE,
          "prefix_chosen_by",
          "range",
          "reserved",
          "static");

  private final Zones zones;
  private final IpSet directorAddresses;
  private final Findings findings;

  ManualNetworkReader(Zones zones, IpSet directorAddresses, Findings findings) {
    this.zones = zones;
    this.directorAddresses = directorAddresses;
    this.findings = findings;
  }

  /**
   * What could be read of a subnet.
   *
   * @param at where it stands
   * @param range its range; null if it has none that can be used
   * @param prefixLength the length of its blocks; null if that isn't known
   * @param lengthAt where that length stands; the subnet if it's the family's own
   * @param zones its zones; null if they couldn't be read
   * @param subnet all of it; null if there were errors
   */
  record ReadSubnet(
      YamlValue at,
      @Nullable IpPrefix range,
      @Nullable Integer prefixLength,
      YamlValue lengthAt,
      @Nullable List<String> zones,
      @Nullable Subnet subnet) {}

  /** The network; null, with errors, if it is not right. */
  NetworkDefinition.@Nullable Manual read(String name, Section network) {
    int before = findings.errors();
    boolean managed = managed(network);
    warnOfKeys(network);
    if (!network.has("subnets")) {
      network.missing("subnets", "a manual network needs at least one subnet");
      return null;
    }
    List<YamlValue> items = network.list("subnets");
    if (items == null) {
      return null;
    }
    if (items.isEmpty()) {
      findings.error(
          network.placeOfKey("subnets"),
          "NetworkInvalidProperty",
          "subnets: is an empty list; a manual network needs at least one subnet");
    }
    ManualSubnetReader reader = new ManualSubnetReader(zones, directorAddresses, findings);
    List<ReadSubnet> subnets = new ArrayList<>();
    for (YamlValue item : items) {
      Section section = Section.of(item, findings);
      if (section != null) {
        subnets.add(reader.read(section, managed));
      }
    }
    refuseOverlaps(subnets);
    refuseDifferentLengths(subnets);
    refuseMixedZones(subnets);
    List<Subnet> right = new ArrayList<>();
    for (ReadSubnet read : subnets) {
      if (read.subnet() != null) {
        right.add(read.subnet());
      }
    }
    return findings.errors() > before ? null : new NetworkDefinition.Manual(name, right);
  }

  private boolean managed(Section network) {
    boolean managed = Boolean.TRUE.equals(network.flag("managed"));
    if (managed) {
      findings.warning(
          network.placeOfKey("managed"),
          "IgnoredKey",
          "managed: only a director creates networks; the subnets are taken as they are given, and"
              + " have to exist before machines do");
    }
    return managed;
  }

  private void warnOfKeys(Section network) {
    List<String> known = new ArrayList<>(KEYS);
    for (String key : MISPLACED) {
      if (network.has(key)) {
        known.add(key);
        findings.warning(
            network.placeOfKey(key),
            "IgnoredKey",
            "%s: has no effect on a manual network itself; move it into each of its subnets"
                .formatted(key));
      }
    }
    network.warnOfUnknown(known, "a manual network");
  }

  /** Prefixes overlap only by one holding the other, and sorted the larger one comes first. */
  private void refuseOverlaps(List<ReadSubnet> subnets) {
    record Ranged(int index, YamlValue at, IpPrefix range) {}
    List<Ranged> sorted = new ArrayList<>();
    for (int i = 0; i < subnets.size(); i++) {
      IpPrefix range = subnets.get(i).range();
      if (range != null) {
        sorted.add(new Ranged(i, subnets.get(i).at(), range));
      }
    }
    sorted.sort(Comparator.comparing(Ranged::range).thenComparingInt(Ranged::index));
    Ranged outer = null;
    for (Ranged next : sorted) {
      if (outer == null || !outer.range().overlaps(next.range())) {
        outer = next;
        continue;
      }
      Ranged later = outer.index() > next.index() ? outer : next;
      Ranged earlier = outer.index() > next.index() ? next : outer;
      findings.error(
          rangeOf(later.at()),
          "NetworkOverlappingSubnets",
          "%s: overlaps %s of %s (line %d); give each subnet addresses of its own"
              .formatted(
                  later.range(),
                  earlier.range(),
                  earlier.at().path(),
                  rangeOf(earlier.at()).line()));
    }
  }

  private Place rangeOf(YamlValue subnet) {
    Section section = Section.of(subnet, findings);
    YamlValue range = section == null ? null : section.get("range");
    return range == null ? subnet.place() : range.place();
  }

  private void refuseDifferentLengths(List<ReadSubnet> subnets) {
    record Sized(ReadSubnet subnet, IpFamily family, int bits) {
      String words() {
        return "%s subnet %s hands out /%d".formatted(family.label(), subnet.at().path(), bits);
      }
    }
    Sized first = null;
    for (ReadSubnet subnet : subnets) {
      IpPrefix range = subnet.range();
      Integer bits = subnet.prefixLength();
      if (range == null || bits == null) {
        continue;
      }
      Sized next = new Sized(subnet, range.family(), bits);
      if (first == null) {
        first = next;
      } else if (next.bits() != first.bits() || next.family() != first.family()) {
        findings.error(
            subnet.lengthAt().place(),
            "NetworkPrefixSizesDiffer",
            "%d: %s, but %s (line %d); %s"
                .formatted(
                    bits,
                    next.words(),
                    first.words(),
                    first.subnet().lengthAt().place().line(),
                    next.family() == first.family()
                        ? "use one size in a network"
                        : "make it a network of its own, and let both share a nic_group"));
      }
    }
  }

  private void refuseMixedZones(List<ReadSubnet> subnets) {
    List<@Nullable List<String>> names = new ArrayList<>();
    subnets.forEach(subnet -> names.add(subnet.zones()));
    zones.refuseMixture(subnets.stream().map(ReadSubnet::at).toList(), names);
  }
}
