package io.dualstack.impl.director.bosh;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.Subnet;
import io.dualstack.impl.director.bosh.AddressReader.Item;
import io.dualstack.impl.director.bosh.NetworkUseReader.ReadUse;
import io.dualstack.impl.director.zones.ZoneSpread;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks the static addresses of groups against the subnets that set them aside. */
final class StaticIps {

  private static final String MISMATCH = "InstanceGroupNetworkInstanceIpMismatch";
  private static final String VIP = "NetworkReservationVipMisconfigured";

  private final StaticClaims claims;
  private final Findings findings;
  private final Map<String, SetAside> byNetwork = new HashMap<>();

  StaticIps(StaticClaims claims, Findings findings) {
    this.claims = claims;
    this.findings = findings;
  }

  /** What a manual network has for static use; made once for all groups. */
  private record SetAside(IpSet addresses, NavigableMap<IpAddress, Subnet> subnets) {
    static SetAside of(Manual network) {
      NavigableMap<IpAddress, Subnet> subnets = new TreeMap<>();
      List<IpRange> ranges = new ArrayList<>();
      for (Subnet subnet : network.subnets()) {
        subnets.put(subnet.range().first(), subnet);
        ranges.addAll(subnet.statics().ranges());
      }
      return new SetAside(IpSet.of(ranges), subnets);
    }

    /** The subnets that a range may reach into. */
    Collection<Subnet> around(IpRange range) {
      IpAddress from = Optional.ofNullable(subnets.floorKey(range.first())).orElse(range.first());
      return from.compareTo(range.last()) > 0
          ? List.of()
          : subnets.subMap(from, true, range.last(), true).values();
    }
  }

  /**
   * Checks the static addresses of a group's networks, each by itself and then against one another.
   *
   * @param uses the networks
   * @param instances how many instances there are; null if that couldn't be read
   * @param zones the zones of the group
   * @return for each network the addresses, as many as instances; of a network of delegated
   *     prefixes the first address of each
   */
  List<List<IpRange>> of(List<ReadUse> uses, @Nullable Integer instances, List<String> zones) {
    List<List<IpRange>> addresses = new ArrayList<>();
    List<ReadUse> spread = new ArrayList<>();
    List<Map<List<String>, Integer>> kinds = new ArrayList<>();
    boolean possible = true;
    for (ReadUse use : uses) {
      List<IpRange> of = of(use, instances, zones);
      addresses.add(of);
      if (possible && use.definition() instanceof Manual && !of.isEmpty() && !zones.isEmpty()) {
        spread.add(use);
        kinds.add(byZones(use, of, zones));
        possible = checkSpread(spread, kinds, instances, zones);
      }
    }
    return addresses;
  }

  /** How many addresses there are in each set of the group's zones. */
  private Map<List<String>, Integer> byZones(ReadUse use, List<IpRange> of, List<String> zones) {
    SetAside aside = requireNonNull(byNetwork.get(use.name()));
    Map<List<String>, Integer> kinds = new LinkedHashMap<>();
    for (IpRange range : of) {
      for (Subnet subnet : aside.around(range)) {
        List<String> served = zones.stream().filter(subnet.zones()::contains).toList();
        range
            .intersect(subnet.range().toRange())
            .ifPresent(part -> kinds.merge(served, part.size().intValueExact(), Integer::sum));
      }
    }
    return kinds;
  }

  /**
   * Checks that a zone can have as many addresses of the last network as of those before it. False
   * if it can't, or that isn't known.
   */
  private boolean checkSpread(
      List<ReadUse> uses,
      List<Map<List<String>, Integer>> kinds,
      @Nullable Integer instances,
      List<String> zones) {
    Map<List<String>, Integer> last = kinds.get(kinds.size() - 1);
    int sum = last.values().stream().mapToInt(Integer::intValue).sum();
    if (instances == null || sum != instances || last.containsKey(List.<String>of())) {
      return false;
    }
    if (kinds.size() < 2 || ZoneSpread.of(zones, kinds).isPresent()) {
      return true;
    }
    ReadUse use = uses.get(uses.size() - 1);
    List<String> each = new ArrayList<>();
    for (int i = 0; i < uses.size(); i++) {
      each.add(Shown.text(uses.get(i).name()) + " has " + shown(kinds.get(i)));
    }
    findings.error(
        use.section().placeOfKey("static_ips"),
        MISMATCH,
        "static_ips: can't be spread evenly over the zones of the group: %s; name as many addresses"
                .formatted(String.join(", ", each))
            + " of each network in each zone");
    return false;
  }

  private static String shown(Map<List<String>, Integer> kinds) {
    return kinds.entrySet().stream()
        .map(kind -> kind.getValue() + " in " + String.join(" or ", kind.getKey()))
        .collect(Collectors.joining(" and "));
  }

  /**
   * Checks the static addresses of one network of a group.
   *
   * @param instances how many instances there are; null if that couldn't be read
   * @param zones the zones of the group
   * @return the addresses, as many as instances; of a network of delegated prefixes the first
   *     address of each
   */
  private List<IpRange> of(ReadUse use, @Nullable Integer instances, List<String> zones) {
    NetworkDefinition definition = use.definition();
    List<Item> items = use.statics();
    if (definition instanceof NetworkDefinition.Dynamic) {
      refuseOnDynamic(use);
      return List.of();
    }
    if (!use.readable()) {
      return List.of();
    }
    if (definition instanceof NetworkDefinition.Vip vip) {
      return ofVip(use, vip, items, instances);
    }
    Integer length = use.effectiveLength();
    if (!(definition instanceof Manual manual) || items == null || length == null) {
      return List.of();
    }
    SetAside aside = byNetwork.computeIfAbsent(use.name(), name -> SetAside.of(manual));
    int hostBits = manual.family().bits() - length;
    List<IpRange> blocks = new ArrayList<>();
    BigInteger count = BigInteger.ZERO;
    int before = findings.errors();
    for (Item item : items) {
      boolean isOfFamily = item.range().family() == manual.family();
      IpRange whole = isOfFamily ? whole(item, length, use) : item.range();
      if (whole != null) {
        claims.add(item.at(), whole);
        checkSetAside(item, whole, length, aside, use);
        checkZone(item, whole, aside, zones);
        blocks.add(whole);
        count = count.add(whole.size().shiftRight(hostBits));
      }
    }
    if (findings.errors() == before) {
      checkCount(use, count, instances);
    }
    return findings.errors() > before ? List.of() : firstAddresses(blocks, length);
  }

  private void refuseOnDynamic(ReadUse use) {
    if (use.section().has("static_ips")) {
      findings.error(
          use.section().placeOfKey("static_ips"),
          "JobStaticIPNotSupportedOnDynamicNetwork",
          "static_ips: %s is a dynamic network, whose addresses the infrastructure chooses; remove it"
              .formatted(Shown.text(use.name())));
    }
  }

  private List<IpRange> ofVip(
      ReadUse use,
      NetworkDefinition.Vip vip,
      @Nullable List<Item> items,
      @Nullable Integer instances) {
    boolean given = items != null && !items.isEmpty();
    if (!vip.subnets().isEmpty()) {
      if (given) {
        findings.error(
            use.section().placeOfKey("static_ips"),
            VIP,
            "static_ips: vip network %s has addresses in the cloud config, from which they are chosen;"
                    .formatted(Shown.text(use.name()))
                + " keep them there or here");
      }
      return List.of();
    }
    if (!given || items == null) {
      if (instances != null && instances > 0) {
        findings.error(
            use.section().value().placeOfMissing("static_ips"),
            VIP,
            "static_ips: is missing, and vip network %s has no addresses in the cloud config; name one"
                    .formatted(Shown.text(use.name()))
                + " for each instance");
      }
      return List.of();
    }
    List<IpRange> ranges = new ArrayList<>();
    BigInteger count = BigInteger.ZERO;
    for (Item item : items) {
      claims.add(item.at(), item.range());
      ranges.add(item.range());
      count = count.add(item.range().size());
    }
    checkCount(use, count, instances);
    return ranges;
  }

  /** The blocks that an item stands for; null, with an error, if it doesn't start with one. */
  private @Nullable IpRange whole(Item item, int length, ReadUse use) {
    Optional<IpRange> whole = StaticBlocks.wholeBlocks(item.range(), length);
    if (whole.isPresent() && whole.get().first().equals(item.range().first())) {
      return whole.get();
    }
    if (!use.delegatesPrefixes()) {
      return item.range();
    }
    findings.error(
        item.at().place(),
        "NetworkPrefixStaticIpNotBaseAddress",
        "%s: is not the first address of a /%d, of which network %s hands out; write %s"
            .formatted(
                item.at().shown(),
                length,
                Shown.text(use.name()),
                item.range().first().mask(length)));
    return null;
  }

  private void checkSetAside(Item item, IpRange whole, int length, SetAside aside, ReadUse use) {
    IpSet missing = IpSet.of(whole).subtract(aside.addresses());
    if (missing.isEmpty()) {
      return;
    }
    IpAddress first = missing.ranges().get(0).first();
    String which = "";
    if (use.delegatesPrefixes() && length <= first.family().bits()) {
      which = IpPrefix.containing(first, length) + " ";
    } else if (!item.range().isSingle()) {
      which = first + " ";
    }
    findings.error(
        item.at().place(),
        MISMATCH,
        "%s: %sis in the static range of no subnet of network %s; add it there, or use another"
            .formatted(item.at().shown(), which, Shown.text(use.name())));
  }

  private void checkZone(Item item, IpRange whole, SetAside aside, List<String> zones) {
    if (zones.isEmpty()) {
      return;
    }
    for (Subnet subnet : aside.around(whole)) {
      if (subnet.range().toRange().overlaps(whole)
          && !subnet.zones().isEmpty()
          && Collections.disjoint(subnet.zones(), zones)) {
        findings.error(
            item.at().place(),
            "JobStaticIpsFromInvalidAvailabilityZone",
            "%s: is in subnet %s, which serves %s, and the group is in %s; use an address of its zones"
                .formatted(
                    item.at().shown(),
                    subnet.range(),
                    Shown.list(subnet.zones()),
                    Shown.list(zones)));
        return;
      }
    }
  }

  private void checkCount(ReadUse use, BigInteger count, @Nullable Integer instances) {
    if (instances != null && !count.equals(BigInteger.valueOf(instances))) {
      findings.error(
          use.section().placeOfKey("static_ips"),
          MISMATCH,
          "static_ips: the addresses of network %s are %s, but the instances are %d; name one for each"
                  .formatted(Shown.text(use.name()), count, instances)
              + " instance");
    }
  }

  private static List<IpRange> firstAddresses(List<IpRange> blocks, int length) {
    List<IpRange> singles = new ArrayList<>();
    for (IpRange whole : blocks) {
      if (length == whole.family().bits()) {
        singles.add(whole);
        continue;
      }
      IpAddress at = whole.first();
      while (true) {
        singles.add(IpRange.single(at));
        IpAddress last = IpPrefix.containing(at, length).last();
        if (last.equals(whole.last())) {
          break;
        }
        at = last.next().orElseThrow();
      }
    }
    return singles;
  }
}
