package io.dualstack.impl.firewall;

import io.dualstack.firewall.Traffic;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads destinations: addresses, CIDR blocks and ranges. What Cloud Controller lets through and
 * Diego then refuses (zones, netmasks, brackets, IPv4-mapped addresses) is refused here, since one
 * such rule keeps every application of a space from starting.
 */
final class DestinationReader {
  /** The most destinations of one rule. */
  static final int MOST = 6000;

  private static final String CODE = "SecurityGroupDestinationInvalid";
  private static final String IPV6_IS_OFF = "IPv6 is off: switch enable_ipv6 on (--ipv6) to use it";
  private static final Pattern BLANK = Pattern.compile("[\\s\\p{Z}]");
  private static final Pattern LEADING_ZERO = Pattern.compile("(^|[.:/-])0[0-9]+(?=\\.|$|[/-])");

  private final RuleOptions options;

  DestinationReader(RuleOptions options) {
    this.options = options;
  }

  /** Returns the addresses that were read; faults are noted at the place. */
  IpSet read(Place place, @Nullable Traffic traffic) {
    if (place.isAbsent() || place.value().isNull()) {
      place.refusePart("", CODE, "is missing; give an address, a CIDR block or a range");
      return IpSet.EMPTY;
    }
    if (!place.value().isTextual()) {
      place.refuse(CODE, "must be a string; write it in quotes");
      return IpSet.EMPTY;
    }
    String text = place.value().textValue();
    if (text.isEmpty()) {
      place.refuse(CODE, "is empty; " + expected());
      return IpSet.EMPTY;
    }
    if (BLANK.matcher(text).find()) {
      place.refuse(CODE, "has white space; write it without");
      return IpSet.EMPTY;
    }
    if (!options.lists() && text.indexOf(',') >= 0) {
      place.refuse(
          CODE,
          "has a comma, and lists are off; give one destination to a rule, or switch"
              + " enable_comma_delimited_destinations on (--lists)");
      return IpSet.EMPTY;
    }
    String[] items = text.split(",", -1);
    if (items.length > MOST) {
      place.refuse(
          CODE,
          "has %d destinations; the maximum of a rule is %d: split it"
              .formatted(items.length, MOST));
      return IpSet.EMPTY;
    }
    List<IpRange> ranges = new ArrayList<>(items.length);
    for (String item : items) {
      IpRange range = item(place, item);
      if (range != null && fits(place, item, range, traffic)) {
        ranges.add(range);
      }
    }
    return IpSet.of(ranges);
  }

  private String expected() {
    return options.lists()
        ? "needs valid CIDR blocks, addresses or address ranges"
        : "needs a valid CIDR block, address or address range";
  }

  private @Nullable IpRange item(Place place, String item) {
    if (item.isEmpty()) {
      place.refusePart("", CODE, "has an empty destination in its list; take out the comma");
      place.refuse(CODE, expected());
      return null;
    }
    if (item.indexOf('.') >= 0 && LEADING_ZERO.matcher(dotted(item)).find()) {
      place.refusePart(item, CODE, "has an octet with a leading zero; write octets without");
      return null;
    }
    int hyphen = item.indexOf('-');
    return hyphen < 0 ? block(place, item) : range(place, item, hyphen);
  }

  /** Only octets count: groups of IPv6 and lengths of prefixes may be written as they like. */
  private static String dotted(String item) {
    StringBuilder octets = new StringBuilder();
    for (String end : item.split("-", -1)) {
      String address = end.split("/", 2)[0];
      if (address.indexOf('.') >= 0) {
        octets.append(address.substring(address.lastIndexOf(':') + 1)).append('-');
      }
    }
    return octets.toString();
  }

  private @Nullable IpRange block(Place place, String item) {
    boolean isAddress = item.indexOf('/') < 0;
    Optional<InterfaceAddress> block =
        isAddress
            ? IpAddress.tryParse(item)
                .map(address -> new InterfaceAddress(address, address.family().bits()))
            : InterfaceAddress.tryParse(item);
    if (block.isEmpty()) {
      place.refusePart(item, CODE, expected() + reason(item, isAddress));
      return null;
    }
    IpAddress address = block.get().address();
    return isUsable(place, item, address) ? block.get().network().toRange() : null;
  }

  /** What the strict parser says of it. */
  private static String reason(String item, boolean isAddress) {
    try {
      if (isAddress) {
        IpAddress.parse(item);
      } else {
        InterfaceAddress.parse(item);
      }
      return "";
    } catch (io.dualstack.net.AddressSyntaxException e) {
      return ": " + e.problem();
    }
  }

  private @Nullable IpRange range(Place place, String item, int hyphen) {
    IpAddress first = IpAddress.tryParse(item.substring(0, hyphen)).orElse(null);
    IpAddress last = IpAddress.tryParse(item.substring(hyphen + 1)).orElse(null);
    if (first == null || last == null || first.family() != last.family()) {
      place.refusePart(
          item, CODE, "is an invalid range; write two addresses of one family, first-last");
      return null;
    }
    if (first.family() == IpFamily.IPV6 && !options.ipv6()) {
      place.refusePart(item, CODE, "is an invalid range; " + IPV6_IS_OFF);
      return null;
    }
    if (!isUsable(place, item, first) || !isUsable(place, item, last)) {
      return null;
    }
    if (first.compareTo(last) > 0) {
      place.refusePart(item, CODE, "has inverted endpoints; write %s-%s".formatted(last, first));
      return null;
    }
    return IpRange.of(first, last);
  }

  private boolean isUsable(Place place, String item, IpAddress address) {
    if (address.family() == IpFamily.IPV6 && !options.ipv6()) {
      place.refusePart(item, CODE, expected() + "; " + IPV6_IS_OFF);
      return false;
    }
    if (address.isIpv4Mapped()) {
      place.refusePart(
          item,
          CODE,
          "is IPv4 in IPv6 notation; write the IPv4 form: " + address.mappedIpv4().orElseThrow());
      return false;
    }
    return true;
  }

  private static boolean fits(Place place, String item, IpRange range, @Nullable Traffic traffic) {
    if (traffic == null || traffic.runsOver(range.family())) {
      return true;
    }
    place.refusePart(
        item,
        "SecurityGroupFamilyMismatch",
        "is %s, and protocol %s needs %s destinations; use protocol %s for these"
            .formatted(
                range.family().label(),
                traffic.protocol(),
                range.family().other().label(),
                io.dualstack.net.Protocol.icmpOf(range.family())));
    return false;
  }
}
