package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.impl.director.bosh.AddressReader.Item;
import io.dualstack.impl.director.bosh.ManualNetworkReader.ReadSubnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one subnet of a manual network. */
final class ManualSubnetReader {

  private static final String CHOSEN_BY = "prefix_chosen_by";
  private static final List<String> KEYS =
      List.of(
          "range",
          "gateway",
          "dns",
          "reserved",
          "static",
          PrefixLengths.PREFIX,
          PrefixLengths.DELEGATION_SIZE,
          CHOSEN_BY,
          "az",
          "azs",
          "cloud_properties",
          "name",
          "netmask_bits");

  private final Zones zones;
  private final IpSet directorAddresses;
  private final Findings findings;
  private final AddressReader addresses;
  private final PrefixLengths lengths;

  ManualSubnetReader(Zones zones, IpSet directorAddresses, Findings findings) {
    this.zones = zones;
    this.directorAddresses = directorAddresses;
    this.findings = findings;
    this.addresses = new AddressReader(findings);
    this.lengths = new PrefixLengths(findings);
  }

  ReadSubnet read(Section subnet, boolean managed) {
    int before = findings.errors();
    checkKeys(subnet, managed);
    IpPrefix range = range(subnet, managed);
    IpAddress gateway = gateway(subnet, range, managed);
    List<IpAddress> dns = dns(subnet, addresses, findings);
    List<String> served = zones.of(subnet);
    Map<String, Object> properties = new PlainValues(findings).cloudProperties(subnet);
    List<Section> sections = withCloudProperties(subnet);
    PrefixChooser chooser = chooser(sections);
    int beforeLength = findings.errors();
    PrefixLengths.Length length = lengths.read(sections);
    boolean usable =
        range != null
            && findings.errors() == beforeLength
            && (length == null || lengths.fits(length, range));
    List<Item> reserved = items(subnet, "reserved");
    List<Item> statics = items(subnet, "static");
    if (range != null) {
      refuseOutside(reserved, range);
    }
    if (range == null || !usable) {
      return new ReadSubnet(subnet.value(), range, null, subnet.value(), served, null);
    }
    int bits = length == null ? range.family().bits() : length.bits();
    YamlValue lengthAt = length == null ? subnet.value() : length.at();
    IpSet kept = reserved(reserved, range);
    Restricted restricted = new Restricted(range, gateway, reserved, directorAddresses);
    IpSet whole = new StaticBlocks(range, bits, restricted, findings).of(statics);
    if (findings.errors() > before || served == null) {
      return new ReadSubnet(subnet.value(), range, bits, lengthAt, served, null);
    }
    Subnet right = new Subnet(range, bits, gateway, dns, kept, whole, served, chooser, properties);
    return new ReadSubnet(subnet.value(), range, bits, lengthAt, served, right);
  }

  private void checkKeys(Section subnet, boolean managed) {
    subnet.warnOfUnknown(KEYS, "a subnet of a manual network");
    if (managed) {
      String name = subnet.requiredText("name", "a subnet of a managed network needs a name");
      if (name != null && name.isBlank()) {
        findings.error(
            subnet.placeOfKey("name"),
            "ValidationInvalidValue",
            "\"\": is an empty name; name the subnet");
      }
    } else if (subnet.has("netmask_bits")) {
      findings.warning(
          subnet.placeOfKey("netmask_bits"),
          "IgnoredKey",
          "netmask_bits: has an effect on managed networks only; remove it");
    }
  }

  private @Nullable IpPrefix range(Section subnet, boolean managed) {
    YamlValue at = subnet.get("range");
    if (at == null) {
      subnet.missing(
          "range",
          managed
              ? "ranges that a director would choose are not supported; write the one it chose"
              : "write the range of the subnet, such as 10.0.0.0/24");
      return null;
    }
    IpPrefix range = addresses.network(at, "NetworkInvalidRange");
    if (range != null && range.isSingle()) {
      findings.error(
          at.place(),
          "NetworkInvalidRange",
          at.shown() + ": is one address; use a range of at least two");
      return null;
    }
    return range;
  }

  private @Nullable IpAddress gateway(Section subnet, @Nullable IpPrefix range, boolean managed) {
    YamlValue at = subnet.get("gateway");
    if (at == null) {
      if (!managed) {
        subnet.missing(
            "gateway",
            "write the router's address; a range without a router is refused as by a director that"
                + " isn't told to ignore it");
      }
      return null;
    }
    IpAddress gateway = addresses.single(at, "NetworkInvalidGateway");
    if (gateway == null || range == null) {
      return gateway;
    }
    String problem = "";
    if (!range.contains(gateway)) {
      problem = "is outside range %s; use an address inside it";
    } else if (gateway.equals(range.first())) {
      problem = "is the first address of range %s, which stands for the network; use another";
    } else if (gateway.equals(range.last())) {
      problem = "is the last address of range %s, which is never used; use another";
    }
    if (!problem.isEmpty()) {
      findings.error(
          at.place(), "NetworkInvalidGateway", at.shown() + ": " + problem.formatted(range));
    }
    return gateway;
  }

  /** The name servers of a subnet or network; what is wrong is reported and left out. */
  static List<IpAddress> dns(Section section, AddressReader addresses, Findings findings) {
    List<IpAddress> servers = new ArrayList<>();
    List<YamlValue> items = section.list("dns");
    for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
      IpAddress server = addresses.single(item, "NetworkInvalidDns");
      if (server != null) {
        servers.add(server);
      }
    }
    return servers;
  }

  private List<Section> withCloudProperties(Section subnet) {
    YamlValue at = subnet.get("cloud_properties");
    Section properties = at != null && at.isMapping() ? Section.of(at, findings) : null;
    return properties == null ? List.of(subnet) : List.of(subnet, properties);
  }

  private PrefixChooser chooser(List<Section> sections) {
    String said = "";
    for (Section section : sections) {
      YamlValue at = section.get(CHOSEN_BY);
      String text = section.text(CHOSEN_BY);
      if (at == null || text == null) {
        continue;
      }
      if (!text.equals("director") && !text.equals("provider")) {
        findings.error(
            at.place(),
            "NetworkInvalidProperty",
            at.shown() + ": nobody of that name chooses prefixes; use director or provider");
      } else if (!said.isEmpty() && !said.equals(text)) {
        findings.error(
            at.place(),
            "NetworkInvalidProperty",
            "%s: the subnet says %s and its cloud_properties say %s; keep one of them"
                .formatted(text, said, text));
      } else {
        said = text;
      }
    }
    return said.isEmpty()
        ? PrefixChooser.DIRECTOR
        : PrefixChooser.valueOf(said.toUpperCase(Locale.ROOT));
  }

  private List<Item> items(Section subnet, String key) {
    YamlValue at = subnet.get(key);
    return at == null ? List.of() : addresses.items(at);
  }

  private void refuseOutside(List<Item> reserved, IpPrefix range) {
    IpSet inside = IpSet.of(range.toRange());
    for (Item item : reserved) {
      IpSet outside = IpSet.of(item.range()).subtract(inside);
      if (!outside.isEmpty()) {
        String block =
            item.range().overlaps(range) ? outside.ranges().get(0).toPrefixes().get(0) + " " : "";
        findings.error(
            item.at().place(),
            "NetworkReservedIpOutOfRange",
            "%s: %sis outside range %s; reserve addresses inside it"
                .formatted(item.at().shown(), block, range));
      }
    }
  }

  private IpSet reserved(List<Item> items, IpPrefix range) {
    List<IpRange> ranges = new ArrayList<>();
    items.forEach(item -> ranges.add(item.range()));
    return IpSet.of(ranges).union(directorAddresses.intersect(IpSet.of(range.toRange())));
  }
}
