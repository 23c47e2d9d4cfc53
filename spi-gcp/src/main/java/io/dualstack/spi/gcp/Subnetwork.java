package io.dualstack.spi.gcp;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subnetwork as Compute Engine describes it.
 *
 * @param project its project
 * @param name its name
 * @param network the name of its network
 * @param url how requests name it
 * @param primary its primary IPv4 range; null if it has none
 * @param secondary its secondary IPv4 ranges, by name
 * @param ipv6 its IPv6 range; null if it has none
 * @param external whether its IPv6 addresses are of the Internet, and not of the network alone
 * @param gateway the router's IPv4 address; null if the service doesn't tell
 */
record Subnetwork(
    String project,
    String name,
    String network,
    String url,
    @Nullable IpPrefix primary,
    Map<String, IpPrefix> secondary,
    @Nullable IpPrefix ipv6,
    boolean external,
    @Nullable IpAddress gateway) {

  Subnetwork {
    secondary = Collections.unmodifiableMap(new LinkedHashMap<>(secondary));
  }

  /** Reads the service's description. */
  static Subnetwork of(
      String project, com.google.api.services.compute.model.Subnetwork description) {
    boolean external = "EXTERNAL".equals(description.getIpv6AccessType());
    Map<String, IpPrefix> secondary = new LinkedHashMap<>();
    if (description.getSecondaryIpRanges() != null) {
      description
          .getSecondaryIpRanges()
          .forEach(
              range -> secondary.put(range.getRangeName(), IpPrefix.parse(range.getIpCidrRange())));
    }
    String ipv6 =
        external ? description.getExternalIpv6Prefix() : description.getInternalIpv6Prefix();
    if (ipv6 == null) {
      ipv6 = description.getIpv6CidrRange();
    }
    String primary = description.getIpCidrRange();
    String gateway = description.getGatewayAddress();
    return new Subnetwork(
        project,
        description.getName(),
        Reservation.lastSegment(description.getNetwork()),
        description.getSelfLink(),
        primary == null ? null : IpPrefix.parse(primary),
        secondary,
        ipv6 == null ? null : IpPrefix.parse(ipv6),
        external,
        gateway == null ? null : IpAddress.parse(gateway));
  }

  /** Whether addresses of a family are of the Internet here. */
  boolean isExternal(IpFamily family) {
    return family == IpFamily.IPV6 && external;
  }

  /** All ranges. */
  List<IpPrefix> ranges() {
    List<IpPrefix> ranges = new ArrayList<>();
    if (primary != null) {
      ranges.add(primary);
    }
    ranges.addAll(secondary.values());
    if (ipv6 != null) {
      ranges.add(ipv6);
    }
    return ranges;
  }

  /** Returns the ranges from which blocks of a kind come. */
  List<IpPrefix> rangesFor(IpFamily family, boolean prefixes) {
    if (family == IpFamily.IPV6) {
      return ipv6 == null ? List.of() : List.of(ipv6);
    }
    List<IpPrefix> ranges = new ArrayList<>();
    if (primary != null) {
      ranges.add(primary);
    }
    if (prefixes) {
      ranges.addAll(secondary.values());
    }
    return ranges;
  }

  /** Returns the name of the secondary range that has a block; empty if it is of the primary. */
  Optional<String> secondaryRangeOf(IpPrefix block) {
    return secondary.entrySet().stream()
        .filter(range -> range.getValue().contains(block))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * The IPv4 addresses that Compute Engine keeps: the first two and the last two of the primary.
   */
  List<IpAddress> kept() {
    if (primary == null || primary.length() > 30) {
      return List.of();
    }
    IpAddress last = primary.last();
    return List.of(primary.first(), primary.first().plus(1), last.plus(-1), last);
  }

  /** The addresses of a family that Compute Engine doesn't keep, without secondary ranges. */
  IpSet usable(IpFamily family) {
    return IpSet.ofPrefixes(rangesFor(family, false))
        .subtract(IpSet.ofPrefixes(kept().stream().map(IpAddress::toPrefix).toList()));
  }

  /** Returns the subnetwork for people. */
  @Override
  public String toString() {
    return "subnetwork " + name;
  }
}
