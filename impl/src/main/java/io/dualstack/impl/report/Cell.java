package io.dualstack.impl.report;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.net.IpPrefix;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;

/** One cell of a map: what fills it, and by whom. Not thread-safe. */
final class Cell {

  /** Names told of a cell that many share. */
  private static final int MAX_NAMES = 3;

  private final IpPrefix block;
  private final Map<Use, Double> shares = new EnumMap<>(Use.class);
  private final StringBuilder holders = new StringBuilder();
  private int count;

  Cell(IpPrefix block) {
    this.block = block;
  }

  void add(Use use, double share) {
    shares.merge(use, share, Double::sum);
  }

  void add(AllocatedBlock held, double share) {
    add(Use.of(held), share);
    count++;
    if (count <= MAX_NAMES) {
      holders.append(count == 1 ? "" : ", ").append(held.owner()).append(" (");
      holders.append(held.block()).append(", ").append(held.network()).append(')');
    }
  }

  IpPrefix block() {
    return block;
  }

  /** What most of what is used is used for. What is held counts before what is only planned. */
  Use use() {
    return shares.keySet().stream()
        .max(Comparator.comparing(Use::isHeld).thenComparing(shares::get))
        .orElse(Use.FREE);
  }

  /** How much of it is held, from 0 to 1; of a cell that nobody holds, how much is planned. */
  double filled() {
    double held = 0;
    double planned = 0;
    for (Map.Entry<Use, Double> each : shares.entrySet()) {
      if (each.getKey().isHeld()) {
        held += each.getValue();
      } else {
        planned += each.getValue();
      }
    }
    return Math.min(1, held > 0 ? held : planned);
  }

  String words() {
    String what = block + ": " + use().words();
    if (count == 0) {
      return what;
    }
    return what
        + ", "
        + holders
        + (count > MAX_NAMES ? " and %d more".formatted(count - MAX_NAMES) : "");
  }
}
