package io.dualstack.impl.firewall;

import io.dualstack.firewall.Verdict;
import java.util.Arrays;
import java.util.List;

/**
 * The verdicts of one rule set in every cell of the plane, at the destinations where the sweep is.
 * Of each cell it holds which rows apply, as bits, and the first of them.
 */
final class Side {
  private final int words;
  private final long[][] applying;
  private final int[] first;
  private final Verdict[] verdicts;

  Side(List<Layers.Row> rows, Verdict otherwise, int cells) {
    words = (rows.size() + Long.SIZE - 1) / Long.SIZE;
    applying = new long[cells][];
    first = new int[cells];
    Arrays.fill(first, rows.size());
    verdicts = new Verdict[rows.size() + 1];
    for (int i = 0; i < rows.size(); i++) {
      verdicts[i] = rows.get(i).verdict();
    }
    verdicts[rows.size()] = otherwise;
  }

  Verdict verdict(int cell) {
    return verdicts[first[cell]];
  }

  /** A row begins to apply to a cell. */
  void enter(int row, int cell) {
    if (applying[cell] == null) {
      applying[cell] = new long[words];
    }
    applying[cell][row / Long.SIZE] |= 1L << row;
    first[cell] = Math.min(first[cell], row);
  }

  /** A row ceases to apply to a cell that it applied to. */
  void leave(int row, int cell) {
    long[] bits = applying[cell];
    bits[row / Long.SIZE] &= ~(1L << row);
    if (first[cell] == row) {
      first[cell] = firstFrom(bits, row / Long.SIZE);
    }
  }

  private int firstFrom(long[] bits, int fromWord) {
    for (int word = fromWord; word < words; word++) {
      if (bits[word] != 0) {
        return word * Long.SIZE + Long.numberOfTrailingZeros(bits[word]);
      }
    }
    return verdicts.length - 1;
  }
}
