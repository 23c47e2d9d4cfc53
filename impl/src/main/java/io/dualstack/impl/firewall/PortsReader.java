package io.dualstack.impl.firewall;

import io.dualstack.net.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads ports: a list of ports, or one range. Blanks around numbers, leading zeros and commas at
 * the end are fine, as they are for Cloud Controller.
 */
final class PortsReader {
  private static final String CODE = "SecurityGroupPortsInvalid";
  private static final Pattern NUMBER = Pattern.compile("0*([0-9]{1,5})");

  private PortsReader() {}

  /** Returns the ports that were read; none if a fault was noted. */
  static List<PortRange> read(Place place) {
    if (place.isAbsent() || place.value().isNull()) {
      place.refusePart("", CODE, "is missing; tcp and udp need a port, a list or a range");
      return List.of();
    }
    if (!place.value().isTextual()) {
      place.refuse(CODE, "must be a string; write it in quotes");
      return List.of();
    }
    String text = place.value().textValue();
    boolean isRange = text.indexOf('-') >= 0;
    if (isRange && text.indexOf(',') >= 0) {
      place.refuse(CODE, "mixes a list and a range; make two rules of it");
      return List.of();
    }
    String[] parts = isRange ? text.split("-", -1) : text.split(",");
    List<Integer> numbers = new ArrayList<>(parts.length);
    for (String part : parts) {
      var digits = NUMBER.matcher(part.strip());
      int number = digits.matches() ? Integer.parseInt(digits.group(1)) : 0;
      if (number < 1 || number > PortRange.MAX) {
        place.refuse(CODE, "is no list of ports and no range; use numbers from 1 to 65535");
        return List.of();
      }
      numbers.add(number);
    }
    if (numbers.isEmpty() || (isRange && numbers.size() != 2)) {
      place.refuse(CODE, "is no list of ports and no range; write 80,443 or 8000-8999");
      return List.of();
    }
    if (!isRange) {
      return PortRange.summarize(numbers.stream().map(PortRange::single).toList());
    }
    if (numbers.get(0) >= numbers.get(1)) {
      place.refuse(CODE, "must ascend; write the lower port first, or one port alone");
      return List.of();
    }
    return List.of(PortRange.of(numbers.get(0), numbers.get(1)));
  }
}
