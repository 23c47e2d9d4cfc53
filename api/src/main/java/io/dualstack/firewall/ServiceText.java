package io.dualstack.firewall;

import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Services in words, protocol by protocol. */
final class ServiceText {
  private static final int DETAILS = PortRange.MAX + 1;
  private static final int BYTE = 256;

  private ServiceText() {}

  static String of(NumberSet numbers) {
    List<String> parts = new ArrayList<>();
    int run = -1;
    for (int number = 0; number <= BYTE; number++) {
      NumberSet details = number == BYTE ? NumberSet.EMPTY : details(numbers, number);
      // Protocols that people look for are named, wherever they stand in a run of others.
      boolean inRun = isWhole(details) && !Service.hasDetail(Protocol.of(number));
      if (!inRun && run >= 0) {
        parts.add(run(run, number - 1));
        run = -1;
      }
      if (inRun) {
        run = run < 0 ? number : run;
      } else if (isWhole(details)) {
        parts.add(Protocol.of(number).toString());
      } else if (!details.isEmpty()) {
        parts.add(part(Protocol.of(number), details));
      }
    }
    return parts.isEmpty() ? "nothing" : String.join(", ", parts);
  }

  private static NumberSet details(NumberSet numbers, int protocol) {
    long first = (long) protocol * DETAILS;
    return numbers.intersect(NumberSet.of(first, first + PortRange.MAX));
  }

  private static boolean isWhole(NumberSet details) {
    return !details.isEmpty()
        && details.ranges().get(0).last() - details.ranges().get(0).first() == PortRange.MAX;
  }

  /** Protocols that follow one another: a few by name, many by number. */
  private static String run(int first, int last) {
    if (last - first < 3) {
      List<String> names = new ArrayList<>();
      for (int number = first; number <= last; number++) {
        names.add(Protocol.of(number).toString());
      }
      return String.join(", ", names);
    }
    return "protocols %d-%d".formatted(first, last);
  }

  private static String part(Protocol protocol, NumberSet details) {
    long base = (long) protocol.number() * DETAILS;
    if (protocol.isIcmp()) {
      return details.ranges().stream()
          .flatMap(
              range ->
                  messages(protocol, (int) (range.first() - base), (int) (range.last() - base)))
          .collect(Collectors.joining(", "));
    }
    return protocol
        + "/"
        + details.ranges().stream()
            .map(range -> new NumberSet.Range(range.first() - base, range.last() - base).toString())
            .collect(Collectors.joining(","));
  }

  /** A first and a last message, cut where a type is not there with all its codes. */
  private static Stream<String> messages(Protocol protocol, int first, int last) {
    int type = first / BYTE;
    if (first == last) {
      return Stream.of("%s type %d code %d".formatted(protocol, type, first % BYTE));
    }
    if (first % BYTE == 0 && last % BYTE == BYTE - 1) {
      return Stream.of(protocol + " type " + new NumberSet.Range(type, last / BYTE));
    }
    if (type == last / BYTE) {
      return Stream.of(
          "%s type %d code %d-%d".formatted(protocol, type, first % BYTE, last % BYTE));
    }
    int cut = first % BYTE != 0 ? (type + 1) * BYTE : last / BYTE * BYTE;
    return Stream.concat(messages(protocol, first, cut - 1), messages(protocol, cut, last));
  }
}
