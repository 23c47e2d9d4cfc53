package io.dualstack.impl.lab.trace;

import io.dualstack.firewall.Packet;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.firewall.cell.CellFilter;
import io.dualstack.net.IpAddress;
import java.util.List;

/** What is said of decisions, the same of configuration and of kernels. */
final class Words {
  private Words() {}

  static String begins(IpAddress source) {
    return "from " + source;
  }

  static String comes(String device, IpAddress source, long mark) {
    return "in by %s from %s%s"
        .formatted(device, source, mark == 0 ? "" : ", mark 0x" + Long.toHexString(mark));
  }

  static String neighbor(IpAddress address, String holder) {
    return holder.isEmpty() ? "nobody is " + address : address + " is " + holder;
  }

  static String tunnel(IpAddress to) {
    return "VXLAN to " + to;
  }

  static String bridge(String in, String out) {
    return "from %s to %s".formatted(in, out);
  }

  static String rule(CellFilter.Outcome outcome) {
    return "%s: %s"
        .formatted(
            verdict(outcome.verdict()),
            outcome
                .decidedBy()
                .map(rule -> String.join("; ", rule.origins()))
                .orElse("no rule is about it"));
  }

  static String verdict(Verdict verdict) {
    return switch (verdict) {
      case ACCEPT -> "passes";
      case REJECT -> "rejected";
      case DROP -> "dropped";
    };
  }

  /** What configuration has come of the packet. */
  static String outcome(List<PlannedHop> path) {
    PlannedHop last = path.get(path.size() - 1);
    PlannedHop.Ending ending = last.ending();
    String name = last.host().label();
    if (ending == null) {
      return "goes round until it ends at " + name;
    }
    return switch (ending) {
      case DELIVERED -> "reaches " + name;
      case REJECTED -> "is rejected at " + name;
      case DROPPED -> "is dropped at " + name;
      case UNROUTED -> "has no route at " + name;
      case UNANSWERED -> "finds no next hop at " + name;
    };
  }

  static boolean isTranslated(Packet before, Packet after) {
    return !before.destination().equals(after.destination())
        || !before.service().equals(after.service());
  }
}
