package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkDefinition.DynamicSubnet;
import io.dualstack.net.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a network whose addresses the infrastructure hands out. */
final class DynamicNetworkReader {

  private static final List<String> KEYS =
      List.of("name", "type", "subnets", "dns", "cloud_properties");
  private static final List<String> SUBNET_KEYS =
      List.of("name", "dns", "cloud_properties", "az", "azs", PrefixLengths.PREFIX);
  private static final List<String> FORBIDDEN =
      List.of("az", "azs", "managed", PrefixLengths.PREFIX, PrefixLengths.DELEGATION_SIZE);
  private static final BigInteger ONLY_LENGTH = BigInteger.valueOf(32);
  private static final String CODE = "NetworkInvalidProperty";

  private final Zones zones;
  private final Findings findings;
  private final AddressReader addresses;

  DynamicNetworkReader(Zones zones, Findings findings) {
    this.zones = zones;
    this.findings = findings;
    this.addresses = new AddressReader(findings);
  }

  /** The network; null, with errors, if it is not right. */
  NetworkDefinition.@Nullable Dynamic read(String name, Section network) {
    int before = findings.errors();
    List<String> known = new ArrayList<>(KEYS);
    for (String key : FORBIDDEN) {
      if (network.has(key)) {
        known.add(key);
        findings.error(
            network.placeOfKey(key),
            CODE,
            "%s: has no place on a dynamic network; %s"
                .formatted(key, key.startsWith("az") ? "move it into its subnets" : "remove it"));
      }
    }
    network.warnOfUnknown(known, "a dynamic network");
    List<DynamicSubnet> subnets =
        network.has("subnets") ? subnets(network) : List.of(whole(network));
    return findings.errors() > before ? null : new NetworkDefinition.Dynamic(name, subnets);
  }

  private DynamicSubnet whole(Section network) {
    return new DynamicSubnet(dns(network), List.of(), cloudProperties(network));
  }

  private List<DynamicSubnet> subnets(Section network) {
    for (String key : List.of("dns", "cloud_properties")) {
      if (network.has(key)) {
        findings.error(
            network.placeOfKey(key),
            CODE,
            key + ": stands beside subnets; move it into each of them");
      }
    }
    List<YamlValue> items = network.list("subnets");
    if (items != null && items.isEmpty()) {
      findings.error(
          network.placeOfKey("subnets"),
          CODE,
          "subnets: is an empty list; define a subnet, or leave it out");
    }
    List<YamlValue> places = new ArrayList<>();
    List<@Nullable List<String>> served = new ArrayList<>();
    List<DynamicSubnet> subnets = new ArrayList<>();
    for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
      Section subnet = Section.of(item, findings);
      if (subnet != null) {
        subnet.warnOfUnknown(SUBNET_KEYS, "a subnet of a dynamic network");
        checkPrefix(subnet);
        List<String> names = zones.of(subnet);
        places.add(item);
        served.add(names);
        subnets.add(
            new DynamicSubnet(
                dns(subnet), names == null ? List.of() : names, cloudProperties(subnet)));
      }
    }
    zones.refuseMixture(places, served);
    return subnets;
  }

  private void checkPrefix(Section subnet) {
    YamlValue at = subnet.get(PrefixLengths.PREFIX);
    BigInteger length = subnet.integer(PrefixLengths.PREFIX);
    if (at != null && length != null && !length.equals(ONLY_LENGTH)) {
      findings.error(
          at.place(),
          CODE,
          at.shown()
              + ": dynamic networks hand out single IPv4 addresses only; remove it, or use a manual"
              + " network");
    }
  }

  private List<IpAddress> dns(Section section) {
    return ManualSubnetReader.dns(section, addresses, findings);
  }

  private Map<String, Object> cloudProperties(Section section) {
    return new PlainValues(findings).cloudProperties(section);
  }
}
