package io.dualstack.spi.aws;

import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares networks with the subnets, security groups and quotas that the account has. */
final class NetworkVerification {
  private final Ec2Subnets subnets;
  private final Ec2SecurityGroups groups;
  private final List<String> commonGroups;
  private final Ec2Interfaces interfaces;
  private final InterfaceQuota quota;
  private final List<Diagnostic> findings = new ArrayList<>();

  /** Which groups of a VPC are asked for where. */
  private final Map<String, Map<String, Set<String>>> groupPaths = new TreeMap<>();

  /** Which EC2 zones a zone of the networks lies in, and a path to say so at. */
  private final Map<String, Map<String, String>> zones = new TreeMap<>();

  /** The EC2 zones that the subnets lie in, and a path to say so at. */
  private final Map<String, String> ec2Zones = new TreeMap<>();

  NetworkVerification(
      Ec2Subnets subnets,
      Ec2SecurityGroups groups,
      List<String> commonGroups,
      Ec2Interfaces interfaces,
      InterfaceQuota quota) {
    this.subnets = subnets;
    this.groups = groups;
    this.commonGroups = commonGroups;
    this.interfaces = interfaces;
    this.quota = quota;
  }

  /** One subnet of a network. */
  private record Place(String network, int index, Subnet subnet) {
    String path(String more) {
      return "networks." + network + ".subnets[" + index + "]." + more;
    }
  }

  List<Diagnostic> verify(NetworkSet networks) {
    List<Place> places = new ArrayList<>();
    for (Manual network : networks.manual()) {
      for (int i = 0; i < network.subnets().size(); i++) {
        places.add(new Place(network.name(), i, network.subnets().get(i)));
      }
    }
    Set<String> ids = new TreeSet<>();
    places.forEach(
        place -> NicProperties.subnetOf(place.subnet().cloudProperties()).ifPresent(ids::add));
    Map<String, software.amazon.awssdk.services.ec2.model.Subnet> found =
        ids.isEmpty() ? Map.of() : subnets.find(ids);
    places.forEach(place -> check(place, found));
    checkGroups();
    checkZones();
    if (!ec2Zones.isEmpty()) {
      checkQuota();
    }
    return List.copyOf(findings);
  }

  private void check(
      Place place, Map<String, software.amazon.awssdk.services.ec2.model.Subnet> found) {
    Map<String, Object> properties = place.subnet().cloudProperties();
    String path = place.path("cloud_properties." + NicProperties.SUBNET);
    String id = NicProperties.subnetOf(properties).orElse(null);
    if (id == null) {
      error(path, "SubnetMissing", NicProperties.notSubnet(properties));
      return;
    }
    software.amazon.awssdk.services.ec2.model.@Nullable Subnet there = found.get(id);
    if (there == null) {
      error(
          path,
          "SubnetNotFound",
          id + ": does not exist in this region and account; use one that does");
      return;
    }
    checkRange(place, there);
    checkPicks(place, there);
    rememberGroups(place, properties, there.vpcId());
    if (there.availabilityZone() != null) {
      ec2Zones.putIfAbsent(there.availabilityZone(), path);
    }
    for (String zone : place.subnet().zones()) {
      zones
          .computeIfAbsent(zone, key -> new TreeMap<>())
          .putIfAbsent(String.valueOf(there.availabilityZone()), path);
    }
  }

  private void checkRange(Place place, software.amazon.awssdk.services.ec2.model.Subnet there) {
    Subnet subnet = place.subnet();
    List<IpPrefix> ranges = Ec2Subnets.ranges(there);
    if (ranges.stream().noneMatch(range -> range.contains(subnet.range()))) {
      error(
          place.path("range"),
          "RangeOutsideSubnet",
          "%s: is not inside %s, which has %s; use a range inside it, or give it one"
              .formatted(subnet.range(), there.subnetId(), ranges));
      return;
    }
    List<IpPrefix> handedOut =
        Ec2Subnets.kept(there).intersect(IpSet.of(IpRange.of(subnet.range()))).prefixes().stream()
            .flatMap(kept -> keptAddresses(kept).stream())
            .map(kept -> IpPrefix.containing(kept.first(), subnet.prefixLength()))
            .distinct()
            .filter(block -> !subnet.restricted().overlaps(block))
            .toList();
    if (!handedOut.isEmpty()) {
      warning(
          place.path("reserved"),
          "KeptByEc2",
          "%s: EC2 keeps the first four addresses and the last of a subnet for itself; reserve them"
              .formatted(handedOut));
    }
    if (subnet.family() == IpFamily.IPV4
        && there.availableIpAddressCount() != null
        && there.availableIpAddressCount() == 0) {
      warning(
          place.path("range"),
          "SubnetFull",
          "%s: %s has no free IPv4 address; free some or use another"
              .formatted(subnet.range(), there.subnetId()));
    }
  }

  private static List<IpPrefix> keptAddresses(IpPrefix kept) {
    List<IpPrefix> each = new ArrayList<>();
    kept.split(kept.family().bits()).forEach(each::add);
    return each;
  }

  /** EC2 picks a primary IPv4 address anywhere in its subnet, and it can't be given back. */
  private void checkPicks(Place place, software.amazon.awssdk.services.ec2.model.Subnet there) {
    Subnet subnet = place.subnet();
    if (subnet.chooser() != PrefixChooser.PROVIDER
        || subnet.delegatesPrefixes()
        || subnet.family() != IpFamily.IPV4) {
      return;
    }
    IpSet never = subnet.restricted().union(subnet.statics()).subtract(Ec2Subnets.kept(there));
    if (!Ec2Subnets.ranges(there).contains(subnet.range()) || !never.isEmpty()) {
      error(
          place.path("range"),
          "AddressChooserUnsupported",
          ("%s: EC2 picks single IPv4 addresses anywhere in %s; let the director choose them, or use"
                  + " the whole subnet without reserved and static addresses")
              .formatted(subnet.range(), there.subnetId()));
    }
  }

  private void rememberGroups(Place place, Map<String, Object> properties, String vpc) {
    String path = place.path("cloud_properties." + NicProperties.SECURITY_GROUPS);
    List<String> named = NicProperties.groupsOf(properties).orElse(null);
    if (named == null) {
      error(path, "SecurityGroupsInvalid", NicProperties.notGroups(properties));
      return;
    }
    List<String> used = named.isEmpty() ? commonGroups : named;
    for (String group : used) {
      groupPaths
          .computeIfAbsent(vpc, key -> new HashMap<>())
          .computeIfAbsent(group, key -> new LinkedHashSet<>())
          .add(path);
    }
  }

  private void checkGroups() {
    groupPaths.forEach(
        (vpc, asked) -> {
          Map<String, String> found = groups.find(vpc, asked.keySet());
          asked.forEach(
              (group, paths) -> {
                if (!found.containsKey(group)) {
                  paths.forEach(
                      path ->
                          error(
                              path,
                              "SecurityGroupNotFound",
                              group + ": " + Ec2SecurityGroups.missing(vpc, group)));
                }
              });
        });
  }

  private void checkZones() {
    zones.forEach(
        (zone, places) -> {
          if (places.size() > 1) {
            places.forEach(
                (place, path) ->
                    warning(
                        path,
                        "ZonesDiffer",
                        ("the subnets of zone %s lie in the EC2 zones %s, and a machine in one of"
                                + " them; use subnets of one for each zone")
                            .formatted(zone, places.keySet())));
          }
        });
  }

  private void checkQuota() {
    OptionalLong most;
    try {
      most = quota.most();
    } catch (ProviderException unknown) {
      warning(
          ec2Zones.values().iterator().next(),
          "QuotaUnknown",
          "whether network interfaces can be added isn't known, and EC2 refuses those that can't: "
              + unknown.getMessage());
      return;
    }
    if (most.isEmpty()) {
      return;
    }
    Map<String, Long> used = interfaces.numberIn(ec2Zones.keySet());
    ec2Zones.forEach(
        (zone, path) -> {
          if (used.getOrDefault(zone, 0L) >= most.getAsLong()) {
            warning(
                path,
                "InterfaceQuotaUsedUp",
                ("the quota of %d network interfaces (%s, %s) is used up in %s, so that no NIC can"
                        + " be added there; remove some, or have it raised")
                    .formatted(
                        most.getAsLong(), InterfaceQuota.SERVICE, InterfaceQuota.CODE, zone));
          }
        });
  }

  private void error(String path, String code, String message) {
    findings.add(Diagnostic.error(path, code, message));
  }

  private void warning(String path, String code, String message) {
    findings.add(new Diagnostic(Severity.WARNING, "", path, 0, 0, code, message));
  }
}
