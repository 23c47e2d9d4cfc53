package io.dualstack.impl.director.bosh;

import io.dualstack.net.AddressSyntaxException;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads addresses, ranges and prefixes in every form that BOSH takes. They are taken as written,
 * with or without quotes; where BOSH would not see text without quotes, there is a warning.
 */
final class AddressReader {

  /**
   * How deep lists of addresses may be in one another, far more than aliases in real files make.
   */
  private static final int MOST_LISTS = 20;

  private final Findings findings;

  AddressReader(Findings findings) {
    this.findings = findings;
  }

  /**
   * One item of {@code reserved}, {@code static} or {@code static_ips}.
   *
   * @param at where it stands
   * @param range the addresses
   */
  record Item(YamlValue at, IpRange range) {}

  /**
   * A single address, alone or with the full length behind it; null, with an error, if it's not.
   */
  @Nullable IpAddress single(YamlValue at, String code) {
    String text = text(at, "an address");
    if (text == null) {
      return null;
    }
    try {
      InterfaceAddress withLength = InterfaceAddress.tryParse(text).orElse(null);
      if (withLength != null && withLength.network().isSingle()) {
        return withLength.address().requireNative();
      }
      if (withLength != null || IpRange.tryParse(text).filter(r -> !r.isSingle()).isPresent()) {
        findings.error(
            at.place(), code, at.shown() + ": is not a single address; write one address");
        return null;
      }
      return IpAddress.parse(text).requireNative();
    } catch (IllegalArgumentException e) {
      findings.error(at.place(), code, message(at, e));
      return null;
    }
  }

  /** A prefix whose host bits are dropped, as BOSH does; null, with an error, if it is none. */
  @Nullable IpPrefix network(YamlValue at, String code) {
    String text = text(at, "a range in CIDR notation");
    if (text == null) {
      return null;
    }
    try {
      InterfaceAddress read = withNetmask(at, text);
      if (read == null) {
        read =
            IpAddress.tryParse(text)
                .map(address -> InterfaceAddress.of(address, address.family().bits()))
                .orElseGet(() -> InterfaceAddress.parse(text));
      }
      IpPrefix network = read.network().requireNative();
      if (!network.first().equals(read.address())) {
        warnOfHostBits(at, network);
      }
      return network;
    } catch (IllegalArgumentException e) {
      findings.error(at.place(), code, message(at, e));
      return null;
    }
  }

  /** The director's library takes a netmask for a length. */
  private @Nullable InterfaceAddress withNetmask(YamlValue at, String text) {
    int slash = text.indexOf('/');
    IpAddress mask = slash < 0 ? null : IpAddress.tryParse(text.substring(slash + 1)).orElse(null);
    if (mask == null) {
      return null;
    }
    IpAddress address = IpAddress.parse(text.substring(0, slash));
    for (int length = 0; length <= address.family().bits(); length++) {
      if (address.family().last().mask(length).equals(mask)) {
        findings.warning(
            at.place(),
            "YamlReadsDifferently",
            "%s: has a netmask; write %s/%d".formatted(at.shown(), address.mask(length), length));
        return InterfaceAddress.of(address, length);
      }
    }
    return null;
  }

  private void warnOfHostBits(YamlValue at, IpPrefix masked) {
    findings.warning(
        at.place(),
        "NetworkHostBitsSet",
        "%s: has host bits, which are dropped as BOSH drops them; write %s"
            .formatted(at.shown(), masked));
  }

  /**
   * All items of a value that is one item or a list of items, also of lists in lists, as aliases
   * make them; what is wrong is reported and left out.
   */
  List<Item> items(YamlValue value) {
    List<Item> items = new ArrayList<>();
    collect(value, items, 0);
    return items;
  }

  private void collect(YamlValue value, List<Item> into, int depth) {
    if (value.isSequence() && depth > MOST_LISTS) {
      findings.error(
          value.place(),
          "YamlRecursion",
          "a list holds itself, or %d lists one another; write one list".formatted(MOST_LISTS));
    } else if (value.isSequence()) {
      for (YamlValue item : value.items()) {
        collect(item, into, depth + 1);
      }
    } else if (!value.isNull()) {
      Item item = item(value);
      if (item != null) {
        into.add(item);
      }
    }
  }

  private @Nullable Item item(YamlValue at) {
    String text = text(at, "an address, a range or a prefix");
    if (text == null) {
      return null;
    }
    try {
      IpRange.Lenient read = IpRange.parseMasking(text.strip());
      if (read.warning().isPresent()) {
        warnOfHostBits(at, read.range().toPrefixes().get(0));
      }
      read.range().first().requireNative();
      read.range().last().requireNative();
      return new Item(at, read.range());
    } catch (IllegalArgumentException e) {
      String silently =
          isTwoAddresses(text) ? "; BOSH accepts this silently, but takes no address from it" : "";
      findings.error(at.place(), "NetworkInvalidIpRangeFormat", message(at, e) + silently);
      return null;
    }
  }

  private static boolean isTwoAddresses(String text) {
    String[] ends = text.split("-", -1);
    return ends.length == 2
        && IpAddress.tryParse(ends[0].strip()).isPresent()
        && IpAddress.tryParse(ends[1].strip()).isPresent();
  }

  private @Nullable String text(YamlValue at, String expected) {
    if (Placeholder.refuse(at, findings)) {
      return null;
    }
    PsychScalar scalar = at.scalar();
    if (scalar == null || scalar.isNull()) {
      String remedy =
          isSplitAtItsColon(at)
              ? "put an IPv6 address that ends in :: in quotes, or the last colon makes it a key"
              : "write it behind the key or the hyphen";
      Section.wrongType(at, expected, remedy, findings);
      return null;
    }
    if (scalar.kind() != PsychScalar.Kind.STRING && scalar.text().indexOf(':') >= 0) {
      findings.warning(
          at.place(),
          "YamlReadsDifferently",
          "%s: is %s to BOSH and not an address; put it in quotes"
              .formatted(at.shown(), scalar.reads()));
    }
    return scalar.text();
  }

  /** Whether this is {@code 2001:db8::} without quotes, of which YAML makes a key and a colon. */
  private static boolean isSplitAtItsColon(YamlValue at) {
    return at.node() instanceof MappingNode mapping
        && mapping.getValue().size() == 1
        && mapping.getValue().get(0).getKeyNode() instanceof ScalarNode key
        && key.getValue().endsWith(":");
  }

  private static String message(YamlValue at, IllegalArgumentException e) {
    return e instanceof AddressSyntaxException syntax
        ? at.shown() + ": " + syntax.problem()
        : String.valueOf(e.getMessage());
  }
}
