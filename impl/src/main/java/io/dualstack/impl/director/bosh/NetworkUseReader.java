package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.Subnet;
import io.dualstack.host.DefaultFor;
import io.dualstack.impl.director.bosh.AddressReader.Item;
import io.dualstack.impl.director.bosh.CloudConfig.Network;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an entry under {@code networks} of an instance group, as far as it stands by itself. */
final class NetworkUseReader {

  private static final List<String> KEYS =
      List.of(
          "name",
          "default",
          "static_ips",
          "nic_group",
          PrefixLengths.DELEGATION_SIZE,
          PrefixLengths.PREFIX);
  private static final List<String> DEFAULTS =
      Arrays.stream(DefaultFor.values()).map(DefaultFor::keyword).toList();
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final BigInteger LARGEST_NIC_GROUP = BigInteger.valueOf(999_999_999);

  private final CloudConfig config;
  private final Findings findings;
  private final AddressReader addresses;
  private final PrefixLengths lengths;

  NetworkUseReader(CloudConfig config, Findings findings) {
    this.config = config;
    this.findings = findings;
    this.addresses = new AddressReader(findings);
    this.lengths = new PrefixLengths(findings);
  }

  /**
   * What an entry says.
   *
   * @param section the entry
   * @param name the network's name
   * @param network the network; null, with an error, if it is unknown
   * @param defaults what it is the default for, and where that is said
   * @param statics the items of static_ips; null if there is no such key
   * @param readable whether all of those could be read
   * @param nicGroup the number of its NIC group; null for none
   * @param length the length that is wanted in place of the network's; null for none
   */
  record ReadUse(
      Section section,
      String name,
      @Nullable Network network,
      Map<DefaultFor, YamlValue> defaults,
      @Nullable List<Item> statics,
      boolean readable,
      @Nullable Integer nicGroup,
      @Nullable Integer length) {

    @Nullable NetworkDefinition definition() {
      return network == null ? null : network.definition();
    }

    /** Whether it is known on which NIC it is. */
    boolean isNicKnown() {
      return nicGroup != null || !section.has("nic_group");
    }

    /** Where the network is named. */
    Place place() {
      YamlValue at = section.get("name");
      return at == null ? section.value().place() : at.place();
    }

    /**
     * The length of the blocks it hands out; null if that isn't known or it's no manual network.
     */
    @Nullable Integer effectiveLength() {
      if (definition() instanceof NetworkDefinition.Manual manual) {
        return length == null ? (Integer) manual.prefixLength() : length;
      }
      return null;
    }

    /** Whether it hands out delegated prefixes. */
    boolean delegatesPrefixes() {
      Integer bits = effectiveLength();
      return definition() instanceof NetworkDefinition.Manual manual
          && bits != null
          && bits < manual.family().bits();
    }
  }

  /** The entry; null, with an error, if it names no network. */
  @Nullable ReadUse read(Section use) {
    use.warnOfUnknown(KEYS, "a network of an instance group");
    String name = use.requiredText("name", "name a network of the cloud config");
    Network network = name == null ? null : lookUp(name, use);
    Map<DefaultFor, YamlValue> defaults = defaults(use);
    int before = findings.errors();
    YamlValue staticIps = use.get("static_ips");
    List<Item> statics =
        staticIps == null || staticIps.isNull() ? null : addresses.items(staticIps);
    boolean readable = findings.errors() == before;
    Integer nicGroup = nicGroup(use);
    Integer length = length(use, network);
    return name == null
        ? null
        : new ReadUse(use, name, network, defaults, statics, readable, nicGroup, length);
  }

  private @Nullable Network lookUp(String name, Section use) {
    Network network = config.networks().get(name);
    if (network == null && config.complete()) {
      String question = NearestKey.question(name, config.networks().keySet());
      findings.error(
          use.placeOfKey("name"),
          "JobUnknownNetwork",
          "%s: is no network of the cloud config;%s"
              .formatted(Shown.text(name), question.isEmpty() ? " define it there" : question));
    }
    return network;
  }

  private Map<DefaultFor, YamlValue> defaults(Section use) {
    Map<DefaultFor, YamlValue> defaults = new EnumMap<>(DefaultFor.class);
    List<YamlValue> items = use.list("default");
    for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
      if (Placeholder.refuse(item, findings)) {
        continue;
      }
      PsychScalar scalar = item.scalar();
      String text = scalar == null ? "" : scalar.text();
      int index = DEFAULTS.indexOf(text);
      if (index >= 0) {
        defaults.putIfAbsent(DefaultFor.values()[index], item);
      } else {
        findings.error(
            item.place(),
            "JobNetworkInvalidDefault",
            "%s: is nothing that a network is the default for; use dns, gateway or addressable.%s"
                .formatted(item.shown(), NearestKey.question(text, DEFAULTS)));
      }
    }
    return defaults;
  }

  private @Nullable Integer nicGroup(Section use) {
    YamlValue at = use.get("nic_group");
    if (at == null || Placeholder.refuse(at, findings)) {
      return null;
    }
    PsychScalar scalar = at.scalar();
    if (scalar != null && scalar.value() instanceof BigInteger number) {
      Section.warnOfNotation(at, scalar, findings);
      if (number.signum() >= 0 && number.compareTo(LARGEST_NIC_GROUP) <= 0) {
        return number.intValue();
      }
    } else if (scalar != null && DECIMAL.matcher(scalar.text()).matches()) {
      return Integer.parseInt(scalar.text());
    }
    findings.error(
        at.place(),
        "ValidationInvalidType",
        "%s: is no number of a NIC group%s; use a whole number, at most %d"
            .formatted(
                at.shown(),
                scalar != null && scalar.kind() == PsychScalar.Kind.STRING
                    ? "; BOSH accepts this silently, but takes what is no number for 0"
                    : "",
                LARGEST_NIC_GROUP));
    return null;
  }

  private @Nullable Integer length(Section use, @Nullable Network network) {
    PrefixLengths.Length length = lengths.read(List.of(use));
    if (length == null || network == null || network.definition() == null) {
      return null;
    }
    NetworkDefinition definition = network.definition();
    if (!(definition instanceof NetworkDefinition.Manual manual)) {
      findings.error(
          length.at().place(),
          "NetworkInvalidProperty",
          "%d: %s hands out single addresses; only manual networks delegate prefixes"
              .formatted(length.bits(), Shown.text(network.name())));
      return null;
    }
    Subnet smallest =
        manual.subnets().stream()
            .max(Comparator.comparingInt(subnet -> subnet.range().length()))
            .orElseThrow();
    return lengths.fits(length, smallest.range()) ? (Integer) length.bits() : null;
  }
}
