package io.dualstack.impl.allocation.pool;

/**
 * The set of free addresses among {@code 2^width}, counted from 0, as a radix tree of six bits a
 * level. A block is its first address and its order: {@code 2^order} addresses.
 *
 * <p>A node stands for {@code 2^(6 * (level + 1))} addresses, aligned; each of its children is
 * free, occupied, or partial. Only regions that are neither wholly free nor wholly occupied have a
 * node, and a node that would only say "free but for one partial child" is left out: the child
 * hangs in its place, at a level further down than its parent expects. So the tree is a function of
 * the set, a lone block in a wide range costs one node, and each node knows from the <em>largest
 * free order</em> below whether a search can succeed there.
 */
final class FreeTree {
  /** Instead of a node: all free. */
  static final int ALL_FREE = -1;

  /** Instead of a node: all occupied. */
  static final int ALL_OCCUPIED = -2;

  /** The largest free order where nothing is free. */
  static final int NOTHING = -1;

  private static final int MAX_LEVELS = 22;

  final NodePool pool;
  private final int width;
  private final int top;
  private final long topMask;
  private int root = ALL_FREE;
  private int rootOrder;

  // Free addresses modulo 2^128: exact but for an IPv6 space that is free as a whole.
  private long freeHigh;
  private long freeLow;

  // Where a search or a descent has come along, so that a change can be carried upward.
  private final int[] pathNode = new int[MAX_LEVELS];
  private final int[] pathDigit = new int[MAX_LEVELS];

  private long foundHigh;
  private long foundLow;

  /** Makes a tree in which all is free; width 0 to 128. */
  FreeTree(int width) {
    this.width = width;
    this.top = Math.max(0, (width + Bits.DIGIT - 1) / Bits.DIGIT - 1);
    int topBits = width - top * Bits.DIGIT;
    this.topMask = topBits == Bits.DIGIT ? -1L : (1L << (1 << topBits)) - 1;
    this.pool = new NodePool(width);
    this.rootOrder = width;
    this.freeHigh = Bits.shiftedHigh(1, width);
    this.freeLow = Bits.shiftedLow(1, width);
  }

  /** Copies the set. */
  FreeTree(FreeTree other) {
    width = other.width;
    top = other.top;
    topMask = other.topMask;
    pool = new NodePool(other.pool);
    root = other.root;
    rootOrder = other.rootOrder;
    freeHigh = other.freeHigh;
    freeLow = other.freeLow;
  }

  int width() {
    return width;
  }

  int root() {
    return root;
  }

  /** Returns the order of the largest free block, {@link #NOTHING} if all is occupied. */
  int largestOrder() {
    return rootOrder;
  }

  /** Returns the upper half of the number of free addresses; see {@link #root} if all are. */
  long freeHigh() {
    return freeHigh;
  }

  /** Returns the lower half of the number of free addresses. */
  long freeLow() {
    return freeLow;
  }

  /** Returns the upper half of the block the last successful search found. */
  long foundHigh() {
    return foundHigh;
  }

  /** Returns the lower half of the block the last successful search found. */
  long foundLow() {
    return foundLow;
  }

  /** Returns the children that exist at this level: all 64, except perhaps at the top. */
  long children(int level) {
    return level == top ? topMask : -1L;
  }

  // Changes

  /** Occupies a block; false and no change unless all of it is free. */
  boolean occupy(long high, long low, int order) {
    if (order > rootOrder) {
      return false;
    }
    if (order == width) {
      setRoot(ALL_OCCUPIED);
    } else if (!occupyInside(high, low, order)) {
      return false;
    }
    countOccupied(order);
    return true;
  }

  /** Occupies the lowest free block of this order, which is then the one found; false if none. */
  boolean occupyLowest(int order) {
    if (!lowest(order)) {
      return false;
    }
    return occupy(foundHigh, foundLow, order);
  }

  private void countOccupied(int order) {
    long low = freeLow;
    freeLow -= Bits.shiftedLow(1, order);
    freeHigh -= Bits.shiftedHigh(1, order) + (Long.compareUnsigned(freeLow, low) > 0 ? 1 : 0);
  }

  private boolean occupyInside(long high, long low, int order) {
    int level = order / Bits.DIGIT;
    long block = Bits.run(Bits.digit(high, low, level), order - level * Bits.DIGIT);
    if (root == ALL_FREE) {
      root = leaf(level, high, low, children(level) & ~block);
      rootOrder = orderAt(root, width);
      return true;
    }
    int node = root;
    for (int depth = 0; ; depth++) {
      int nodeLevel = pool.level(node);
      int parting =
          Math.max(level, Bits.differingLevel(high, low, pool.high(node), pool.low(node)));
      if (parting > nodeLevel) {
        return fork(depth, node, parting, level, high, low, block);
      }
      long free = pool.free(node);
      if (level == nodeLevel) {
        if ((free & block) != block) {
          return false;
        }
        pool.setFree(node, free ^ block);
        settle(depth, node);
        return true;
      }
      int digit = Bits.digit(high, low, nodeLevel);
      long bit = 1L << digit;
      if ((free & bit) != 0) {
        pool.setFree(node, free ^ bit);
        hang(node, digit, leaf(level, high, low, children(level) & ~block));
        settle(depth, node);
        return true;
      }
      if ((pool.partial(node) & bit) == 0) {
        return false;
      }
      pathNode[depth] = node;
      pathDigit[depth] = digit;
      node = pool.child(pool.slot(node, digit));
    }
  }

  /** Occupies a block where the way down had been left out, by a new node above the one there. */
  private boolean fork(
      int depth, int node, int parting, int level, long high, long low, long block) {
    int nodeDigit = Bits.digit(pool.high(node), pool.low(node), parting);
    long nodeBit = 1L << nodeDigit;
    int fork;
    if (parting == level) {
      if ((block & nodeBit) != 0) {
        return false;
      }
      fork = pool.make(parting, high, low, children(parting) & ~block & ~nodeBit);
      hang(fork, nodeDigit, node);
    } else {
      int digit = Bits.digit(high, low, parting);
      fork = pool.make(parting, high, low, children(parting) & ~nodeBit & ~(1L << digit));
      hang(fork, nodeDigit, node);
      hang(fork, digit, leaf(level, high, low, children(level) & ~block));
    }
    settle(depth, fork);
    return true;
  }

  /** Frees a block; false and no change unless all of it is occupied. */
  boolean free(long high, long low, int order) {
    if (order == width) {
      if (root != ALL_OCCUPIED) {
        return false;
      }
      setRoot(ALL_FREE);
    } else if (!freeInside(high, low, order)) {
      return false;
    }
    long before = freeLow;
    freeLow += Bits.shiftedLow(1, order);
    freeHigh += Bits.shiftedHigh(1, order) + (Long.compareUnsigned(freeLow, before) < 0 ? 1 : 0);
    return true;
  }

  private boolean freeInside(long high, long low, int order) {
    if (root == ALL_FREE) {
      return false;
    }
    int level = order / Bits.DIGIT;
    long block = Bits.run(Bits.digit(high, low, level), order - level * Bits.DIGIT);
    if (root == ALL_OCCUPIED) {
      setRoot(onlyFree(top, level, high, low, block));
      return true;
    }
    int node = root;
    for (int depth = 0; ; depth++) {
      int nodeLevel = pool.level(node);
      if (level > nodeLevel
          || Bits.differingLevel(high, low, pool.high(node), pool.low(node)) > nodeLevel) {
        return false;
      }
      long free = pool.free(node);
      long partial = pool.partial(node);
      if (level == nodeLevel) {
        if (((free | partial) & block) != 0) {
          return false;
        }
        pool.setFree(node, free | block);
        settle(depth, node);
        return true;
      }
      int digit = Bits.digit(high, low, nodeLevel);
      long bit = 1L << digit;
      if ((free & bit) != 0) {
        return false;
      }
      if ((partial & bit) == 0) {
        hang(node, digit, onlyFree(nodeLevel - 1, level, high, low, block));
        settle(depth, node);
        return true;
      }
      pathNode[depth] = node;
      pathDigit[depth] = digit;
      node = pool.child(pool.slot(node, digit));
    }
  }

  /** Makes the nodes from one level down to another in which nothing but the block is free. */
  private int onlyFree(int from, int level, long high, long low, long block) {
    int node = leaf(level, high, low, block);
    for (int above = level + 1; above <= from; above++) {
      int parent = pool.make(above, high, low, 0);
      hang(parent, Bits.digit(high, low, above), node);
      pool.setOrder(parent, pool.order(node));
      node = parent;
    }
    return node;
  }

  private int leaf(int level, long high, long low, long free) {
    int node = pool.make(level, high, low, free);
    pool.setOrder(node, order(node));
    return node;
  }

  private void hang(int node, int digit, int child) {
    pool.insertChild(node, digit, child, orderAt(child, pool.level(node) * Bits.DIGIT));
  }

  /**
   * Brings the tree in order after a change in one node, which has come into the place of the node
   * at this depth of the path: what has become uniform or superfluous goes, and the largest free
   * orders above follow, as far up as anything changes.
   */
  private void settle(int depth, int changed) {
    int node = changed;
    for (int at = depth; ; at--) {
      if (at == 0) {
        setRoot(settled(node, width));
        return;
      }
      int parent = pathNode[at - 1];
      int now = settled(node, pool.level(parent) * Bits.DIGIT);
      int digit = pathDigit[at - 1];
      if (now < 0) {
        pool.removeChild(parent, digit);
        if (now == ALL_FREE) {
          pool.setFree(parent, pool.free(parent) | 1L << digit);
        }
      } else {
        int slot = pool.slot(parent, digit);
        int order = orderAt(now, pool.level(parent) * Bits.DIGIT);
        int before = pool.slotOrder(slot);
        pool.setChild(slot, now);
        pool.setSlotOrder(slot, order);
        int largest = pool.order(parent);
        if (order == before || pool.free(parent) != 0 || Math.max(order, before) < largest) {
          return;
        }
      }
      node = parent;
    }
  }

  /**
   * Returns what stands for a changed node in its region: itself, its only child, no node at all,
   * or, where it is occupied as a whole and levels are left out above, one a level up.
   */
  private int settled(int node, int region) {
    int level = pool.level(node);
    long free = pool.free(node);
    long partial = pool.partial(node);
    long all = children(level);
    if (partial == 0) {
      if (free == 0 && (level + 1) * Bits.DIGIT < region) {
        long high = pool.high(node);
        long low = pool.low(node);
        pool.release(node);
        long others = children(level + 1) & ~(1L << Bits.digit(high, low, level + 1));
        return leaf(level + 1, high, low, others);
      }
      if (free == 0 || free == all) {
        pool.release(node);
        return free == 0 ? ALL_OCCUPIED : ALL_FREE;
      }
    } else if ((free ^ partial) == all && (partial & (partial - 1)) == 0) {
      int child = pool.child(pool.firstSlot(node));
      pool.release(node);
      return child;
    }
    pool.setOrder(node, order(node));
    return node;
  }

  private void setRoot(int node) {
    root = node;
    if (node >= 0) {
      rootOrder = orderAt(node, width);
    } else {
      rootOrder = node == ALL_FREE ? width : NOTHING;
      pool.clear();
    }
  }

  /** Works out the order of the largest free block inside a node. */
  int order(int node) {
    long free = pool.free(node);
    return free == 0
        ? pool.largestSlotOrder(node)
        : pool.level(node) * Bits.DIGIT + Bits.longestRun(free);
  }

  /** Returns the order of the largest free block in the region of this order the node stands in. */
  int orderAt(int node, int region) {
    // Where levels are left out, the half of the region without the node is free.
    return (pool.level(node) + 1) * Bits.DIGIT < region ? region - 1 : pool.order(node);
  }

  // Searches

  /** Finds the lowest free block of this order. */
  boolean lowest(int order) {
    if (order > rootOrder) {
      return false;
    }
    if (root == ALL_FREE) {
      return found(0, 0);
    }
    return lowestIn(root, width, order);
  }

  /** Finds the lowest block in the region of a node, where there is one. */
  private boolean lowestIn(int start, int startRegion, int order) {
    int node = start;
    int region = startRegion;
    while (true) {
      int nodeLevel = pool.level(node);
      int base = nodeLevel * Bits.DIGIT;
      long high = pool.high(node);
      long low = pool.low(node);
      if (base + Bits.DIGIT < region) {
        int grain = Math.max(order, base + Bits.DIGIT);
        if (((high & Bits.onesHigh(region) & ~Bits.onesHigh(grain))
                | (low & Bits.onesLow(region) & ~Bits.onesLow(grain)))
            != 0) {
          return found(high & ~Bits.onesHigh(region), low & ~Bits.onesLow(region));
        }
        if (grain == order || pool.order(node) < order) {
          // The first grain holds the node, the one behind it is free.
          return found(
              (high & ~Bits.onesHigh(grain)) | Bits.shiftedHigh(1, grain),
              (low & ~Bits.onesLow(grain)) | Bits.shiftedLow(1, grain));
        }
      }
      long free = pool.free(node);
      if (order >= base) {
        int digit = Long.numberOfTrailingZeros(Bits.alignedRuns(free, order - base));
        return foundIn(high, low, digit, base);
      }
      long partial = pool.partial(node) & ((free & -free) - 1);
      int slot = partial == 0 ? -1 : pool.firstSlot(node, 0, Long.bitCount(partial), order);
      if (slot < 0) {
        return foundIn(high, low, Long.numberOfTrailingZeros(free), base);
      }
      node = pool.child(slot);
      region = base;
    }
  }

  /** Finds the lowest free block of this order that starts at or after one of that order. */
  boolean lowestFrom(long high, long low, int order) {
    if (order > rootOrder) {
      return false;
    }
    if (root == ALL_FREE) {
      return found(high, low);
    }
    return lowestFrom(root, width, high, low, order);
  }

  private boolean lowestFrom(int node, int region, long high, long low, int order) {
    int base = pool.level(node) * Bits.DIGIT;
    int span = base + Bits.DIGIT;
    if (span < region) {
      int grain = Math.max(order, span);
      boolean apart =
          (((high ^ pool.high(node)) & ~Bits.onesHigh(grain))
                  | ((low ^ pool.low(node)) & ~Bits.onesLow(grain)))
              != 0;
      if (apart) {
        return found(high, low);
      }
      if (grain == order || pool.order(node) < order || !lowestInNodeFrom(node, high, low, order)) {
        return foundBehind(high, low, grain, region);
      }
      return true;
    }
    return lowestInNodeFrom(node, high, low, order);
  }

  /** Takes the grain behind this one, which is free if it is still in the region. */
  private boolean foundBehind(long high, long low, int grain, int region) {
    long ones = Bits.onesLow(region) & ~Bits.onesLow(grain);
    long onesHigh = Bits.onesHigh(region) & ~Bits.onesHigh(grain);
    if ((low & ones) == ones && (high & onesHigh) == onesHigh) {
      return false;
    }
    long baseLow = low & ~Bits.onesLow(grain);
    long nextLow = baseLow + Bits.shiftedLow(1, grain);
    long carry = Long.compareUnsigned(nextLow, baseLow) < 0 ? 1 : 0;
    return found((high & ~Bits.onesHigh(grain)) + Bits.shiftedHigh(1, grain) + carry, nextLow);
  }

  private boolean lowestInNodeFrom(int node, long high, long low, int order) {
    int base = pool.level(node) * Bits.DIGIT;
    int digit = Bits.digit(high, low, pool.level(node));
    long free = pool.free(node);
    if (order >= base) {
      long runs = Bits.alignedRuns(free, order - base) & -1L << digit;
      return runs != 0
          && foundIn(pool.high(node), pool.low(node), Long.numberOfTrailingZeros(runs), base);
    }
    long bit = 1L << digit;
    if ((free & bit) != 0) {
      return found(high, low);
    }
    long partial = pool.partial(node);
    if ((partial & bit) != 0) {
      int slot = pool.slot(node, digit);
      if (pool.slotOrder(slot) >= order && lowestFrom(pool.child(slot), base, high, low, order)) {
        return true;
      }
    }
    long later = -2L << digit;
    free &= later;
    int from = Long.bitCount(partial & ~later);
    int to = Long.bitCount(partial & ((free & -free) - 1));
    int slot = from < to ? pool.firstSlot(node, from, to, order) : -1;
    if (slot >= 0) {
      return lowestIn(pool.child(slot), base, order);
    }
    return free != 0
        && foundIn(pool.high(node), pool.low(node), Long.numberOfTrailingZeros(free), base);
  }

  private boolean foundIn(long high, long low, int digit, int base) {
    return found(high | Bits.shiftedHigh(digit, base), low | Bits.shiftedLow(digit, base));
  }

  private boolean found(long high, long low) {
    foundHigh = high;
    foundLow = low;
    return true;
  }

  // Questions

  /** Says of a block whether it is free, occupied, or ({@code 0}) neither as a whole. */
  int state(long high, long low, int order) {
    if (root < 0) {
      return root;
    }
    if (order == width) {
      return 0;
    }
    int level = order / Bits.DIGIT;
    long block = Bits.run(Bits.digit(high, low, level), order - level * Bits.DIGIT);
    int node = root;
    while (true) {
      int nodeLevel = pool.level(node);
      long nodeHigh = pool.high(node);
      long nodeLow = pool.low(node);
      int parting = Math.max(level, Bits.differingLevel(high, low, nodeHigh, nodeLow));
      if (parting > nodeLevel) {
        boolean around =
            parting == level && (block >>> Bits.digit(nodeHigh, nodeLow, parting) & 1) != 0;
        return around ? 0 : ALL_FREE;
      }
      long free = pool.free(node);
      long partial = pool.partial(node);
      if (level == nodeLevel) {
        if ((free & block) == block) {
          return ALL_FREE;
        }
        return ((free | partial) & block) == 0 ? ALL_OCCUPIED : 0;
      }
      int digit = Bits.digit(high, low, nodeLevel);
      long bit = 1L << digit;
      if ((partial & bit) == 0) {
        return (free & bit) != 0 ? ALL_FREE : ALL_OCCUPIED;
      }
      node = pool.child(pool.slot(node, digit));
    }
  }
}
