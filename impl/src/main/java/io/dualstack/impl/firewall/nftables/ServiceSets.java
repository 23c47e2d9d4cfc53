package io.dualstack.impl.firewall.nftables;

import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.impl.firewall.Boxes;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Destinations and services of rules that treat packets alike, as conditions on sets of the kernel.
 *
 * <p>Sets of intervals take no elements that overlap in part, so they are cut into boxes. What is
 * one address and one port goes to a set of its own, in which a packet is found by one hash.
 */
final class ServiceSets {
  private static final int BYTE = 256;

  /** How the kernel tells services apart: the fields, and their types. */
  private enum Kind {
    PORTS("meta l4proto . th dport", "inet_proto . inet_service"),
    ICMP("icmp type . icmp code", "icmp_type . icmp_code"),
    ICMPV6("icmpv6 type . icmpv6 code", "icmpv6_type . icmpv6_code"),
    OTHERS("meta l4proto", "inet_proto");

    private final String fields;
    private final String types;

    Kind(String fields, String types) {
      this.fields = fields;
      this.types = types;
    }
  }

  /** One element: destinations, and the numbers of the fields. */
  private record Entry(IpRange destinations, List<NumberSet.Range> fields) {
    boolean isPoint() {
      return destinations.isSingle()
          && fields.stream().allMatch(field -> field.first() == field.last());
    }

    String services() {
      return fields.stream().map(NumberSet.Range::toString).collect(Collectors.joining(" . "));
    }

    String text() {
      return ChainText.range(destinations) + " . " + services();
    }
  }

  private final IpFamily family;
  private final ChainText chain;

  ServiceSets(IpFamily family, ChainText chain) {
    this.family = family;
    this.chain = chain;
  }

  /** Returns conditions of which a packet meets one at least if, and only if, a match has it. */
  List<String> conditions(List<Match> matches) {
    List<String> conditions = new ArrayList<>();
    IpSet whole =
        IpSet.of(
            matches.stream()
                .filter(match -> match.services().equals(ServiceSet.over(family)))
                .flatMap(match -> match.destinations().ranges().stream())
                .toList());
    if (!whole.isEmpty()) {
      conditions.add(chain.addresses("daddr", whole));
    }
    Map<ServiceSet, List<IpRange>> rest = new LinkedHashMap<>();
    for (Match match : matches) {
      rest.computeIfAbsent(match.services(), services -> new ArrayList<>())
          .addAll(match.destinations().ranges());
    }
    rest.remove(ServiceSet.over(family));
    Map<Integer, Map<NumberSet, IpSet>> areas = new TreeMap<>();
    rest.forEach(
        (services, ranges) -> {
          IpSet destinations = IpSet.of(ranges).subtract(whole);
          if (!destinations.isEmpty()) {
            details(services)
                .forEach(
                    (group, numbers) ->
                        areas
                            .computeIfAbsent(group, each -> new LinkedHashMap<>())
                            .merge(numbers, destinations, IpSet::union));
          }
        });
    Map<Kind, List<Entry>> entries = new TreeMap<>();
    areas.forEach(
        (group, reached) ->
            Boxes.of(family, reached)
                .forEach(
                    box ->
                        entries
                            .computeIfAbsent(kind(group), kind -> new ArrayList<>())
                            .addAll(entries(group, box))));
    entries.forEach((kind, all) -> conditions.addAll(conditions(kind, all)));
    return conditions;
  }

  /** The number of a protocol whose packets differ in more than that; else -1, for all others. */
  private static int group(Protocol protocol) {
    return Service.hasDetail(protocol) ? protocol.number() : -1;
  }

  private static Kind kind(int group) {
    if (group < 0) {
      return Kind.OTHERS;
    }
    Protocol protocol = Protocol.of(group);
    return protocol.hasPorts()
        ? Kind.PORTS
        : protocol.equals(Protocol.ICMP) ? Kind.ICMP : Kind.ICMPV6;
  }

  /** Ports, or types and codes, of each such protocol; and the numbers of others. */
  private static Map<Integer, NumberSet> details(ServiceSet services) {
    Map<Integer, List<NumberSet.Range>> details = new TreeMap<>();
    for (NumberSet.Range range : services.numbers().ranges()) {
      for (long number = range.first() >> Short.SIZE;
          number <= range.last() >> Short.SIZE;
          number++) {
        long base = number << Short.SIZE;
        // All of a protocol is told by its number: what is no whole header has no ports to look at.
        boolean isWhole = range.first() <= base && base + PortRange.MAX <= range.last();
        int group = isWhole ? -1 : group(Protocol.of((int) number));
        details
            .computeIfAbsent(group, each -> new ArrayList<>())
            .add(
                group < 0
                    ? new NumberSet.Range(number, number)
                    : new NumberSet.Range(
                        Math.max(range.first() - base, 0),
                        Math.min(range.last() - base, PortRange.MAX)));
      }
    }
    Map<Integer, NumberSet> sets = new TreeMap<>();
    details.forEach((group, ranges) -> sets.put(group, NumberSet.of(ranges)));
    return sets;
  }

  private static List<Entry> entries(int group, Boxes.Box box) {
    List<Entry> entries = new ArrayList<>();
    switch (kind(group)) {
      case OTHERS -> entries.add(new Entry(box.destinations(), List.of(box.numbers())));
      case PORTS ->
          entries.add(
              new Entry(
                  box.destinations(), List.of(new NumberSet.Range(group, group), box.numbers())));
      case ICMP, ICMPV6 ->
          messages(box.numbers())
              .forEach(fields -> entries.add(new Entry(box.destinations(), fields)));
    }
    return entries;
  }

  /** Types and codes: whole types together, and what is left of the first and the last. */
  private static List<List<NumberSet.Range>> messages(NumberSet.Range details) {
    List<List<NumberSet.Range>> messages = new ArrayList<>();
    long first = details.first();
    while (first <= details.last()) {
      long type = first / BYTE;
      long end = type * BYTE + BYTE - 1;
      long lastType = type;
      if (first % BYTE == 0 && end <= details.last()) {
        lastType = (details.last() + 1) / BYTE - 1;
        end = lastType * BYTE + BYTE - 1;
      }
      long last = Math.min(end, details.last());
      messages.add(
          List.of(
              new NumberSet.Range(type, lastType), new NumberSet.Range(first % BYTE, last % BYTE)));
      first = last + 1;
    }
    return messages;
  }

  private List<String> conditions(Kind kind, List<Entry> entries) {
    IpRange all = IpRange.of(family.first(), family.last());
    if (entries.stream().allMatch(entry -> entry.destinations().equals(all))) {
      return List.of(
          entries.stream()
              .map(Entry::services)
              .collect(Collectors.joining(", ", kind.fields + " { ", " } ")));
    }
    List<String> conditions = new ArrayList<>();
    Map<Boolean, List<Entry>> byPoint =
        entries.stream().collect(Collectors.partitioningBy(Entry::isPoint, Collectors.toList()));
    byPoint.forEach(
        (isPoint, some) -> {
          if (!some.isEmpty()) {
            conditions.add(
                "%s daddr . %s @%s "
                    .formatted(
                        ChainText.protocol(family),
                        kind.fields,
                        chain.use(set(kind, isPoint, some))));
          }
        });
    return conditions;
  }

  private Definition set(Kind kind, boolean isPoint, List<Entry> entries) {
    List<String> body = new ArrayList<>();
    body.add("type %s . %s".formatted(ChainText.address(family), kind.types));
    if (!isPoint) {
      body.add("flags interval");
    }
    body.add(
        entries.stream().map(Entry::text).collect(Collectors.joining(", ", "elements = { ", " }")));
    return Definition.of("set", "to" + ChainText.digit(family), body, List.of());
  }
}
