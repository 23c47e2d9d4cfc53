package io.dualstack.impl.lab.trace;

import io.dualstack.KernelException;
import io.dualstack.firewall.Packet;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.cni.link.SourceGuard;
import io.dualstack.impl.firewall.cell.CellFilter;
import io.dualstack.impl.kernel.nftables.TraceEvent;
import io.dualstack.impl.kernel.rtnetlink.FoundNeighbor;
import io.dualstack.impl.kernel.rtnetlink.FoundRoute;
import io.dualstack.impl.lab.LabModel;
import io.dualstack.impl.lab.trace.Journal.Agreement;
import io.dualstack.impl.lab.trace.Journal.Decision;
import io.dualstack.impl.lab.trace.Journal.Hop;
import io.dualstack.net.IpAddress;
import io.dualstack.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts what the kernels did next to what configuration has them do. */
final class Comparison {
  private static final String NOT_REACHED = "-";

  /**
   * What tells the content of a chain or set apart, of which the beginning is enough for people.
   */
  private static final Pattern DIGEST = Pattern.compile("(_[0-9a-f]{6})[0-9a-f]{26}\\b");

  private static final Pattern COUNTS = Pattern.compile(" counter packets \\d+ bytes \\d+");

  private final @Nullable KernelWatch watch;
  private final List<Hop> hops = new ArrayList<>();
  private List<Decision> decisions = new ArrayList<>();
  private boolean parted;

  /**
   * Compares with the kernels.
   *
   * @param watch the kernels; null if none was asked
   */
  private Comparison(@Nullable KernelWatch watch) {
    this.watch = watch;
  }

  /**
   * Returns all hops.
   *
   * @param watch the kernels; null if none was asked
   * @param answer what the sender learnt; null if nothing was sent
   */
  static List<Hop> of(List<PlannedHop> path, @Nullable KernelWatch watch, @Nullable Answer answer) {
    Comparison comparison = new Comparison(watch);
    for (PlannedHop hop : path) {
      if (hop instanceof PlannedHop.Routed routed) {
        comparison.routed(routed);
      } else if (hop instanceof PlannedHop.Bridged bridged) {
        comparison.bridged(bridged);
      }
      comparison.end(hop.host());
    }
    comparison.strayed(path);
    comparison.answer(path, answer);
    return comparison.hops;
  }

  private void end(LabModel.Host host) {
    if (!decisions.isEmpty()) {
      hops.add(new Hop(host.label(), host.name(), decisions));
      decisions = new ArrayList<>();
    }
  }

  private void add(String about, String configured, String seen, boolean agrees) {
    parted |= !agrees;
    decisions.add(
        new Decision(about, configured, seen, agrees ? Agreement.AGREES : Agreement.DIFFERS));
  }

  private void unknown(String about, String configured, String seen) {
    decisions.add(new Decision(about, configured, seen, Agreement.UNKNOWN));
  }

  // Bridges

  private void bridged(PlannedHop.Bridged hop) {
    String configured =
        Words.bridge(hop.in(), hop.out()) + (hop.within() ? ", in VXLAN's packet" : "");
    if (watch == null) {
      unknown("bridge", configured, "");
      return;
    }
    KernelHost kernel = watch.host(hop.host().name());
    Sighting seen = watch.sighting(hop.host().name());
    if (!kernel.watchesBridge()) {
      unknown("bridge", configured, "this kernel does not trace bridges");
    } else if (!seen.isBridged()) {
      notSeen("bridge", configured);
    } else {
      String in = kernel.device(seen.portIn());
      String out = kernel.device(seen.portOut());
      add(
          "bridge",
          configured,
          out.isEmpty() ? "in by %s, goes to no port".formatted(in) : Words.bridge(in, out),
          in.equals(hop.in()) && out.equals(hop.out()));
    }
  }

  private void notSeen(String about, String configured) {
    if (parted) {
      unknown(about, configured, NOT_REACHED);
    } else {
      add(about, configured, "does not come here", false);
    }
  }

  // Hosts

  private void routed(PlannedHop.Routed hop) {
    KernelHost kernel = watch == null ? null : watch.host(hop.host().name());
    Sighting seen = watch == null ? Sighting.NONE : watch.sighting(hop.host().name());
    address(hop, kernel, seen);
    guard(hop, kernel, seen);
    boolean begins = hop.in().isEmpty();
    boolean asked = kernel != null && (seen.isSeen() || (begins && !parted));
    destination(hop, seen);
    RouteChoice found = route(hop, asked ? kernel : null, seen);
    rule(hop, kernel, seen);
    if (hop.next() == null || hop.ending() == PlannedHop.Ending.UNROUTED) {
      fate(hop, seen);
      return;
    }
    source(hop, seen);
    boolean went = asked && seen.dropped().isEmpty();
    neighbor(hop, hop.next(), went ? kernel : null, found);
    fate(hop, seen);
  }

  private void address(PlannedHop.Routed hop, @Nullable KernelHost kernel, Sighting seen) {
    Packet packet = hop.arrived();
    boolean begins = hop.in().isEmpty();
    String configured =
        begins
            ? Words.begins(packet.source())
            : Words.comes(hop.in(), packet.source(), packet.mark());
    if (begins && hop.ending() == PlannedHop.Ending.UNROUTED) {
      return;
    }
    if (kernel == null) {
      unknown("address", configured, "");
    } else if (!seen.isSeen()) {
      if (begins) {
        unknown("address", configured, NOT_REACHED);
      } else {
        notSeen("address", configured);
      }
    } else {
      IpAddress source = seen.source().orElse(packet.source());
      String in = kernel.device(seen.in());
      add(
          "address",
          configured,
          begins ? Words.begins(source) : Words.comes(in, source, seen.mark()),
          source.equals(packet.source())
              && in.equals(hop.in())
              && (begins || seen.mark() == packet.mark()));
    }
  }

  /** Containers that use sources of others are refused before anything else. */
  private void guard(PlannedHop.Routed hop, @Nullable KernelHost kernel, Sighting seen) {
    if (!hop.guarded()) {
      return;
    }
    String configured = "passes: its source is the container's own";
    if (kernel == null || !seen.isSeen()) {
      unknown("guard", configured, watch == null ? "" : NOT_REACHED);
    } else if (isGuardsDrop(seen)) {
      TraceEvent event = seen.dropped().orElseThrow();
      add("guard", configured, said(Verdict.DROP, event, kernel.rule(event)), false);
    } else {
      boolean stands = seen.isSeenBy(SourceGuard.NAME);
      add(
          "guard",
          configured,
          stands ? "passes " + SourceGuard.NAME : "there is no " + SourceGuard.NAME,
          stands);
    }
  }

  private static boolean isGuardsDrop(Sighting seen) {
    return seen.dropped().filter(event -> event.table().equals(SourceGuard.NAME)).isPresent();
  }

  private void destination(PlannedHop.Routed hop, Sighting seen) {
    IpAddress configured = hop.routed().destination();
    IpAddress found = seen.routedTo().orElse(configured);
    boolean isTurned = seen.isSeen() && !seen.destination().equals(Optional.of(found));
    if (!Words.isTranslated(hop.arrived(), hop.routed()) && !isTurned) {
      return;
    }
    String words = "to %s, %s".formatted(configured, hop.routed().service());
    if (seen.isSeen()) {
      add("destination", words, "to " + found, found.equals(configured));
    } else {
      unknown("destination", words, watch == null ? "" : NOT_REACHED);
    }
  }

  /** Returns what the kernel chose; empty-handed if it was not asked. */
  private RouteChoice route(PlannedHop.Routed hop, @Nullable KernelHost kernel, Sighting seen) {
    String configured = hop.route().words();
    if (kernel == null) {
      unknown("route", configured, watch == null ? "" : NOT_REACHED);
      return RouteChoice.NONE;
    }
    IpAddress destination = seen.routedTo().orElse(hop.routed().destination());
    FoundRoute.Arrival arrival =
        hop.in().isEmpty()
            ? null
            : new FoundRoute.Arrival(
                seen.source().orElse(hop.routed().source()), seen.in(), seen.mark());
    try {
      RouteChoice found = choice(kernel, kernel.route(destination, arrival), seen);
      add("route", configured, found.words(), found.isAs(hop.route()));
      return found;
    } catch (KernelException e) {
      String said = e.answer().toLowerCase(Locale.ROOT);
      add("route", configured, said, hop.route().kind() == RouteChoice.Kind.NONE);
      return RouteChoice.NONE;
    }
  }

  /** What the packet did counts for more than what the kernel says that it would do. */
  private static RouteChoice choice(KernelHost kernel, FoundRoute found, Sighting seen) {
    if (found.isLocal()) {
      return RouteChoice.LOCAL;
    }
    int device = seen.out() == 0 ? found.device() : seen.out();
    return RouteChoice.out(found.via(), kernel.device(device), found.source());
  }

  // Rules

  private void rule(PlannedHop.Routed hop, @Nullable KernelHost kernel, Sighting seen) {
    CellFilter.Outcome outcome = hop.filter();
    Optional<TraceEvent> dropped = seen.dropped();
    if (outcome == null && dropped.isEmpty()) {
      return;
    }
    String configured = outcome == null ? "nothing is filtered" : Words.rule(outcome);
    if (kernel == null || !seen.isSeen() || (hop.guarded() && isGuardsDrop(seen))) {
      unknown("rule", configured, watch == null ? "" : NOT_REACHED);
      return;
    }
    Verdict wanted = outcome == null ? Verdict.ACCEPT : outcome.verdict();
    boolean needsRule = outcome != null && outcome.decidedBy().isPresent();
    Optional<TraceEvent> accepted = seen.accepted();
    if (dropped.isPresent()) {
      String text = kernel.rule(dropped.get());
      Verdict verdict =
          text.toLowerCase(Locale.ROOT).contains("reject") ? Verdict.REJECT : Verdict.DROP;
      add("rule", configured, said(verdict, dropped.get(), text), verdict == wanted);
    } else if (accepted.isPresent()) {
      String text = kernel.rule(accepted.get());
      add("rule", configured, said(Verdict.ACCEPT, accepted.get(), text), wanted == Verdict.ACCEPT);
    } else if (needsRule && kernel.hasLegacyRules()) {
      unknown("rule", configured, "of legacy iptables a kernel tells nothing");
    } else {
      add("rule", configured, "passes: no rule decides", wanted == Verdict.ACCEPT && !needsRule);
    }
  }

  private static String said(Verdict verdict, TraceEvent event, String rule) {
    String decided =
        "%s by %s %s: %s"
            .formatted(
                Words.verdict(verdict),
                event.table(),
                event.chain(),
                rule.isEmpty() ? event.rule() == 0 ? "policy" : "rule " + event.rule() : rule);
    return DIGEST.matcher(COUNTS.matcher(decided).replaceAll("")).replaceAll("$1…");
  }

  // What leaves

  private void source(PlannedHop.Routed hop, Sighting seen) {
    IpAddress before = hop.routed().source();
    IpAddress after = hop.left().source();
    IpAddress found = seen.leftFrom().or(seen::source).orElse(after);
    boolean isTurned = seen.hasLeft() && !seen.source().equals(Optional.of(found));
    if (before.equals(after) && !isTurned) {
      return;
    }
    String configured = before.equals(after) ? "stays" : "hidden behind " + after;
    if (seen.hasLeft()) {
      add("source", configured, isTurned ? "hidden behind " + found : "stays", found.equals(after));
    } else {
      unknown("source", configured, watch == null ? "" : NOT_REACHED);
    }
  }

  private void neighbor(
      PlannedHop.Routed hop, PlannedHop.Next next, @Nullable KernelHost kernel, RouteChoice found) {
    MacAddress fixed = next.fixed();
    String configured =
        Words.neighbor(next.address(), fixed == null ? next.holder() : fixed.toString());
    Optional<Integer> device = kernel == null ? Optional.empty() : kernel.device(found.device());
    if (kernel == null || device.isEmpty()) {
      unknown("neighbor", configured, watch == null ? "" : NOT_REACHED);
      tunnel(next, null, 0, null);
      return;
    }
    IpAddress address = found.nextHop(hop.routed().destination());
    Optional<FoundNeighbor> neighbor = kernel.neighbor(address, device.get());
    MacAddress at = neighbor.map(FoundNeighbor::at).orElse(null);
    String holder =
        at == null ? "" : fixed == null && watch != null ? watch.holder(at) : at.toString();
    add(
        "neighbor",
        configured,
        Words.neighbor(address, holder)
            + neighbor.map(each -> " (" + each.state() + ")").orElse(""),
        fixed == null ? holder.equals(next.holder()) : fixed.equals(at));
    tunnel(next, kernel, device.get(), at);
  }

  private void tunnel(
      PlannedHop.Next next, @Nullable KernelHost kernel, int device, @Nullable MacAddress at) {
    IpAddress to = next.tunnel();
    if (to == null) {
      return;
    }
    if (kernel == null || at == null) {
      unknown("tunnel", Words.tunnel(to), watch == null ? "" : NOT_REACHED);
      return;
    }
    IpAddress found = kernel.forwarding(at, device).map(FoundNeighbor::beyond).orElse(null);
    add(
        "tunnel",
        Words.tunnel(to),
        found == null ? "nowhere" : Words.tunnel(found),
        to.equals(found));
  }

  /** What came of the packet here in the end, where nothing before tells it. */
  private void fate(PlannedHop.Routed hop, Sighting seen) {
    boolean delivered = hop.ending() == PlannedHop.Ending.DELIVERED;
    String configured = delivered ? "taken" : hop.next() == null ? "ends here" : "leaves";
    if (!seen.isSeen()) {
      if (delivered) {
        unknown("fate", configured, watch == null ? "" : NOT_REACHED);
      } else if (watch != null && !parted && hop.in().isEmpty() && hop.next() != null) {
        add("fate", configured, "is not sent", false);
      }
      return;
    }
    String found =
        seen.dropped().isPresent()
            ? "refused"
            : seen.isTaken() ? "taken" : seen.hasLeft() ? "leaves" : "ends here";
    boolean agrees =
        found.equals(configured)
            || (seen.dropped().isPresent() && hop.next() == null && !delivered);
    if (delivered || (!agrees && !parted)) {
      add("fate", configured, found, agrees);
    }
  }

  // Where it should not be

  private void strayed(List<PlannedHop> path) {
    if (watch == null) {
      return;
    }
    for (LabModel.Host host : watch.visited()) {
      if (path.stream().noneMatch(hop -> hop.host().name().equals(host.name()))) {
        Sighting seen = watch.sighting(host.name());
        KernelHost kernel = watch.host(host.name());
        add(
            "address",
            "does not come here",
            seen.source()
                .map(source -> Words.comes(kernel.device(seen.in()), source, seen.mark()))
                .orElse("comes here"),
            false);
        seen.dropped()
            .ifPresent(
                event -> {
                  String text = kernel.rule(event);
                  unknown("rule", NOT_REACHED, said(Verdict.DROP, event, text));
                });
        end(host);
      }
    }
  }

  private void answer(List<PlannedHop> path, @Nullable Answer answer) {
    PlannedHop last = path.get(path.size() - 1);
    LabModel.Host sender = path.get(0).host();
    Optional<Answer> expected = ExpectedAnswer.of(last);
    String configured = expected.map(Answer::words).orElse("not laid down");
    if (answer == null || expected.isEmpty()) {
      unknown("answer", configured, answer == null ? "" : answer.words());
    } else {
      add("answer", configured, answer.words(), expected.get().kind() == answer.kind());
    }
    end(sender);
  }
}
