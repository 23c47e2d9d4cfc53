package io.dualstack.impl.firewall;

import io.dualstack.firewall.Verdict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which cells of the plane the two sides disagree about, at the destinations of the sweep. */
final class Mismatches {
  private final Plane plane;
  private final Side left;
  private final Side right;
  private final BitSet possible = new BitSet();
  private final BitSet differing = new BitSet();
  private boolean changed;

  Mismatches(Plane plane, Side left, Side right) {
    this.plane = plane;
    this.left = left;
    this.right = right;
    for (int cell = 0; cell < plane.cells(); cell++) {
      if (plane.isPossible(cell)) {
        possible.set(cell);
        differing.set(cell, left.verdict(cell) != right.verdict(cell));
      }
    }
  }

  /** Lets a row apply or not; returns whether a verdict became another. */
  boolean apply(Side side, int row, Plane.Area area, boolean enters) {
    changed = false;
    plane.forEach(
        area,
        cell -> {
          Verdict was = side.verdict(cell);
          if (enters) {
            side.enter(row, cell);
          } else {
            side.leave(row, cell);
          }
          if (side.verdict(cell) != was && possible.get(cell)) {
            differing.set(cell, left.verdict(cell) != right.verdict(cell));
            changed = true;
          }
        });
    return changed;
  }

  /** The cells that differ now, neighbors with the same verdicts together. */
  List<RuleComparison.Mismatch> found() {
    List<RuleComparison.Mismatch> found = new ArrayList<>();
    int cell = differing.nextSetBit(0);
    while (cell >= 0) {
      Verdict before = left.verdict(cell);
      Verdict after = right.verdict(cell);
      int last = cell;
      while (differing.get(last + 1)
          && plane.continues(last + 1)
          && left.verdict(last + 1) == before
          && right.verdict(last + 1) == after) {
        last++;
      }
      found.add(new RuleComparison.Mismatch(cell, last, before, after));
      cell = differing.nextSetBit(last + 1);
    }
    return found;
  }
}
