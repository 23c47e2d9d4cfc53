package io.dualstack.impl.allocation.pool;

/**
 * Shows the blocks of a {@link FreeTree}, moved to where its range lies, in address order: the
 * largest aligned ones that are wholly free, or wholly occupied.
 */
final class TreeWalk {
  private final FreeTree tree;
  private final NodePool pool;
  private final boolean wantFree;
  private final long baseHigh;
  private final long baseLow;
  private final int bits;
  private final BlockVisitor visitor;

  /**
   * Prepares a walk.
   *
   * @param wantFree whether free blocks are shown, or occupied ones
   * @param baseHigh upper half of the address of the tree's 0
   * @param baseLow lower half of it
   * @param bits width of the family, for lengths
   */
  TreeWalk(
      FreeTree tree,
      boolean wantFree,
      long baseHigh,
      long baseLow,
      int bits,
      BlockVisitor visitor) {
    this.tree = tree;
    this.pool = tree.pool;
    this.wantFree = wantFree;
    this.baseHigh = baseHigh;
    this.baseLow = baseLow;
    this.bits = bits;
    this.visitor = visitor;
  }

  /** Shows what the block has of the wanted kind; a larger block around it is cut to it. */
  void inside(long high, long low, int order) {
    int state = tree.state(high, low, order);
    if (state != 0) {
      if (state == (wantFree ? FreeTree.ALL_FREE : FreeTree.ALL_OCCUPIED)) {
        show(high, low, order);
      }
      return;
    }
    int node = tree.root();
    int level = order / Bits.DIGIT;
    // The block is partial, so there is a node in it, or one of which it is some of the children.
    while (order < tree.width() && pool.level(node) > level) {
      node = pool.child(pool.slot(node, Bits.digit(high, low, pool.level(node))));
    }
    if (order < tree.width() && pool.level(node) == level) {
      int digit = Bits.digit(high, low, level);
      children(node, Bits.run(digit, order - level * Bits.DIGIT));
    } else {
      region(node, order);
    }
  }

  /** Shows what a region around a node has, also where levels are left out. */
  private void region(int node, int region) {
    int span = (pool.level(node) + 1) * Bits.DIGIT;
    boolean wantBeside = pool.isInOccupied(node) != wantFree;
    if (wantBeside) {
      for (int order = region - 1; order >= span; order--) {
        siblingOf(node, order, 1);
      }
    }
    children(node, tree.children(pool.level(node)));
    if (wantBeside) {
      for (int order = span; order < region; order++) {
        siblingOf(node, order, 0);
      }
    }
  }

  /** Shows the block beside the one of this order around the node, if that has this as its bit. */
  private void siblingOf(int node, int order, int bit) {
    long high = pool.high(node);
    long low = pool.low(node);
    long own = order >= 64 ? high >>> (order - 64) & 1 : low >>> order & 1;
    if (own == bit) {
      show(
          (high ^ Bits.shiftedHigh(1, order)) & ~Bits.onesHigh(order),
          (low ^ Bits.shiftedLow(1, order)) & ~Bits.onesLow(order),
          order);
    }
  }

  private void children(int node, long among) {
    int base = pool.level(node) * Bits.DIGIT;
    long high = pool.high(node);
    long low = pool.low(node);
    long partial = pool.partial(node) & among;
    long wanted = wantFree ? pool.free(node) & among : among & ~pool.free(node) & ~partial;
    long left = wanted | partial;
    while (left != 0) {
      int digit = Long.numberOfTrailingZeros(left);
      if ((partial >>> digit & 1) != 0) {
        region(pool.child(pool.slot(node, digit)), base);
        left &= left - 1;
      } else {
        int order = Bits.runFrom(wanted, digit);
        show(
            high | Bits.shiftedHigh(digit, base), low | Bits.shiftedLow(digit, base), base + order);
        left &= ~Bits.run(digit, order);
      }
    }
  }

  private void show(long high, long low, int order) {
    visitor.visit(baseHigh | high, baseLow | low, bits - order);
  }
}
