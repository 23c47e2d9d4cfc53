package io.dualstack.impl.firewall;

import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Joins what differs in the same way at neighboring destinations. */
final class Runs {
  /** What differences have in common that are one but for their services. */
  private record Effect(int row, Verdict before, Verdict after) {}

  private final Plane plane;
  private final int most;
  private final List<Difference> complete = new ArrayList<>();
  private List<RuleComparison.Mismatch> open = List.of();
  private @Nullable IpRange destinations;

  Runs(Plane plane, int most) {
    this.plane = plane;
    this.most = most;
  }

  /** Tells the next destinations and what differs there; null for the same as before. */
  void next(IpRange here, @Nullable List<RuleComparison.Mismatch> mismatches) {
    if (mismatches != null && !mismatches.equals(open)) {
      close();
      open = mismatches;
      destinations = here;
    } else {
      destinations = destinations == null ? here : IpRange.of(destinations.first(), here.last());
    }
  }

  private void close() {
    IpRange there = destinations;
    if (there == null) {
      return;
    }
    Map<Effect, List<RuleComparison.Mismatch>> together = new LinkedHashMap<>();
    for (RuleComparison.Mismatch mismatch : open) {
      together
          .computeIfAbsent(
              new Effect(plane.row(mismatch.first()), mismatch.before(), mismatch.after()),
              effect -> new ArrayList<>())
          .add(mismatch);
    }
    together.forEach(
        (effect, mismatches) -> {
          if (!isFull()) {
            complete.add(
                new Difference(
                    plane.packets(effect.row(), mismatches, there),
                    effect.before(),
                    effect.after()));
          }
        });
  }

  boolean isFull() {
    return complete.size() >= most;
  }

  List<Difference> finish() {
    if (!isFull()) {
      close();
    }
    return complete;
  }
}
