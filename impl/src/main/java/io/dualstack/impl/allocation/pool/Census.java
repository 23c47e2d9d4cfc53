package io.dualstack.impl.allocation.pool;

/** Counts the largest free aligned blocks of a {@link FreeTree} by order, a node at a time. */
final class Census {
  private final FreeTree tree;
  private final long[] counts;

  private Census(FreeTree tree) {
    this.tree = tree;
    this.counts = new long[tree.width() + 1];
  }

  /** Returns at index k how many free blocks of order k are not part of a larger one. */
  static long[] of(FreeTree tree) {
    Census census = new Census(tree);
    if (tree.root() == FreeTree.ALL_FREE) {
      census.counts[tree.width()] = 1;
    } else if (tree.root() >= 0) {
      census.add(tree.root(), tree.width());
    }
    return census.counts;
  }

  private void add(int node, int region) {
    int level = tree.pool.level(node);
    int base = level * Bits.DIGIT;
    if (!tree.pool.isInOccupied(node)) {
      for (int order = base + Bits.DIGIT; order < region; order++) {
        counts[order]++;
      }
    }
    long runs = tree.pool.free(node);
    for (int order = 0; runs != 0; order++) {
      long longer = order < Bits.DIGIT - 1 ? Bits.alignedRuns(tree.pool.free(node), order + 1) : 0;
      counts[base + order] += Long.bitCount(runs) - 2L * Long.bitCount(longer);
      runs = longer;
    }
    int slot = tree.pool.firstSlot(node);
    for (int left = Long.bitCount(tree.pool.partial(node)); left > 0; left--) {
      add(tree.pool.child(slot++), base);
    }
  }
}
