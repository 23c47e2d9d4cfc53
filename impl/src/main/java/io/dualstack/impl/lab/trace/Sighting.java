package io.dualstack.impl.lab.trace;

import io.dualstack.impl.kernel.nftables.TraceEvent;
import io.dualstack.impl.kernel.nftables.TraceEvent.Fate;
import io.dualstack.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What one kernel told of the packet, or of its first copy if it was sent again. */
final class Sighting {
  static final Sighting NONE = new Sighting(List.of(), List.of());

  private static final int BRIDGE = 7;

  private final List<TraceEvent> routed;
  private final List<TraceEvent> bridged;

  private Sighting(List<TraceEvent> routed, List<TraceEvent> bridged) {
    this.routed = routed;
    this.bridged = bridged;
  }

  static Sighting of(List<TraceEvent> told) {
    return new Sighting(
        first(told.stream().filter(event -> event.family() != BRIDGE).toList()),
        first(told.stream().filter(event -> event.family() == BRIDGE).toList()));
  }

  /** Up to where it begins again. */
  private static List<TraceEvent> first(List<TraceEvent> told) {
    List<TraceEvent> events = new ArrayList<>();
    for (TraceEvent event : told) {
      if (isOwn(event, TraceTable.FIRST) && event.rule() != 0 && !events.isEmpty()) {
        break;
      }
      events.add(event);
    }
    return events;
  }

  private static boolean isOwn(TraceEvent event, List<String> chains) {
    return event.table().equals(TraceTable.NAME) && chains.contains(event.chain());
  }

  boolean isSeen() {
    return !routed.isEmpty();
  }

  boolean isBridged() {
    return !bridged.isEmpty();
  }

  /** The number of the port of the bridge that it came in by. */
  int portIn() {
    return number(bridged.stream().map(TraceEvent::in));
  }

  /** The number of the port of the bridge that it left by; 0 if it did not. */
  int portOut() {
    return number(bridged.stream().map(TraceEvent::out));
  }

  /** The number of the device that it came in by; 0 where it begins. */
  int in() {
    return number(routed.stream().map(TraceEvent::in));
  }

  /** The number of the device that it would leave by; 0 if it would not. */
  int out() {
    return number(routed.stream().map(TraceEvent::out));
  }

  private static int number(Stream<Integer> numbers) {
    return numbers.filter(each -> each != 0).findFirst().orElse(0);
  }

  Optional<IpAddress> source() {
    return routed.stream().flatMap(event -> Stream.ofNullable(event.source())).findFirst();
  }

  Optional<IpAddress> destination() {
    return routed.stream().flatMap(event -> Stream.ofNullable(event.destination())).findFirst();
  }

  /** Its destination when its route was chosen. */
  Optional<IpAddress> routedTo() {
    return routed.stream()
        .filter(event -> isOwn(event, TraceTable.AFTER_ROUTE))
        .flatMap(event -> Stream.ofNullable(event.destination()))
        .findFirst()
        .or(this::destination);
  }

  /** Its source as it left; empty if it did not leave. */
  Optional<IpAddress> leftFrom() {
    return routed.stream()
        .filter(event -> isOwn(event, TraceTable.LAST))
        .flatMap(event -> Stream.ofNullable(event.source()))
        .findFirst();
  }

  /** Its mark as it came in. */
  long mark() {
    return routed.stream()
        .filter(event -> isOwn(event, TraceTable.FIRST))
        .mapToLong(TraceEvent::mark)
        .max()
        .orElse(0);
  }

  /** Whether it was taken for the host's own, and passed. */
  boolean isTaken() {
    return has(TraceTable.TAKEN);
  }

  /** Whether it left. */
  boolean hasLeft() {
    return has(TraceTable.LAST);
  }

  private boolean has(List<String> chains) {
    return routed.stream().anyMatch(event -> isOwn(event, chains));
  }

  /** Whether a table's chains saw it. */
  boolean isSeenBy(String table) {
    return routed.stream().anyMatch(event -> event.table().equals(table));
  }

  /** What ended it. */
  Optional<TraceEvent> dropped() {
    return Stream.concat(routed.stream(), bridged.stream())
        .filter(event -> event.verdict() == Fate.DROPPED)
        .findFirst();
  }

  /** The rule that let it pass where it was filtered; empty if none had to. */
  Optional<TraceEvent> accepted() {
    return routed.stream()
        .dropWhile(event -> !isOwn(event, TraceTable.AFTER_ROUTE))
        .takeWhile(event -> !isOwn(event, TraceTable.FILTERED))
        .filter(event -> event.rule() != 0 && event.verdict() == Fate.ACCEPTED)
        .reduce((before, last) -> last);
  }
}
