package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkDefinition.VipSubnet;
import io.dualstack.impl.director.bosh.AddressReader.Item;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a network of floating addresses. */
final class VipNetworkReader {

  private static final List<String> KEYS = List.of("name", "type", "subnets", "cloud_properties");
  private static final List<String> SUBNET_KEYS =
      List.of("static", "az", "azs", PrefixLengths.PREFIX);

  /** What the director takes for both families if nothing is said. */
  private static final int DIRECTORS_DEFAULT = 32;

  private final Zones zones;
  private final Findings findings;
  private final AddressReader addresses;
  private final PrefixLengths lengths;

  VipNetworkReader(Zones zones, Findings findings) {
    this.zones = zones;
    this.findings = findings;
    this.addresses = new AddressReader(findings);
    this.lengths = new PrefixLengths(findings);
  }

  /** The network; null, with errors, if it is not right. */
  NetworkDefinition.@Nullable Vip read(String name, Section network) {
    int before = findings.errors();
    network.warnOfUnknown(KEYS, "a vip network");
    List<VipSubnet> subnets = new ArrayList<>();
    List<YamlValue> items = network.list("subnets");
    for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
      Section subnet = Section.of(item, findings);
      if (subnet != null) {
        subnets.add(subnet(subnet));
      }
    }
    NetworkDefinition.Vip read =
        new NetworkDefinition.Vip(
            name, subnets, new PlainValues(findings).cloudProperties(network));
    return findings.errors() > before ? null : read;
  }

  private VipSubnet subnet(Section subnet) {
    subnet.warnOfUnknown(SUBNET_KEYS, "a subnet of a vip network");
    List<Item> statics = new ArrayList<>();
    List<YamlValue> list = subnet.list("static");
    YamlValue at = subnet.get("static");
    if (list != null && at != null) {
      statics = addresses.items(at);
    }
    PrefixLengths.Length length = lengths.read(List.of(subnet));
    if (length != null) {
      check(length, statics);
    }
    List<String> served = zones.of(subnet);
    return new VipSubnet(
        statics.stream().map(Item::range).toList(), served == null ? List.of() : served);
  }

  private void check(PrefixLengths.Length length, List<Item> statics) {
    boolean fits =
        length.bits() == DIRECTORS_DEFAULT
            || (!statics.isEmpty()
                && statics.stream().allMatch(s -> s.range().family().bits() == length.bits()));
    if (!fits) {
      findings.error(
          length.at().place(),
          "NetworkInvalidProperty",
          "%d: floating addresses are single addresses; remove it".formatted(length.bits()));
    }
  }
}
