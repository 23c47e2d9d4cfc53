package io.dualstack.impl.allocation.pool;

/**
 * The set of free addresses among {@code 2^width}, counted from 0, as a radix tree of six bits a
 * level. A block is its first address and its order: {@code 2^order} addresses.
 *
 * <p>A node stands for {@code 2^(6 * (level + 1))} addresses, aligned; each of its children is
 * free, occupied, or partial. Only regions that are neither wholly free nor wholly occupied have a
 * node, and a node that would only say "free but for one partial child", or "occupied but for" it,
 * is left out: the child hangs in its place, at a level further down than its parent expects, and
 * notes which of both it is <em>in</em>. So a lone block in a wide free range costs one node, as
 * does a lone hole in a wide occupied one; and the <em>largest free order</em> noted for each node
 * says whether a search can succeed there.
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

  // The node whose free children hold the block found; none if the block lies beside a node.
  private int endNode;
  private int endDepth;
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
    if (root == ALL_FREE || endNode < 0) {
      return occupy(foundHigh, foundLow, order);
    }
    // The search has come along the path already.
    occupyIn(
        endNode,
        endDepth,
        order / Bits.DIGIT,
        foundHigh,
        foundLow,
        block(order, foundHigh, foundLow));
    countOccupied(order);
    return true;
  }

  private void countOccupied(int order) {
    long low = freeLow;
    freeLow -= Bits.shiftedLow(1, order);
    freeHigh -= Bits.shiftedHigh(1, order) + (Long.compareUnsigned(freeLow, low) > 0 ? 1 : 0);
  }

  /** Returns the children that a block is in the node of its level. */
  private static long block(int order, long high, long low) {
    int level = order / Bits.DIGIT;
    return Bits.run(Bits.digit(high, low, level), order - level * Bits.DIGIT);
  }

  private boolean occupyInside(long high, long low, int order) {
    int level = order / Bits.DIGIT;
    long block = block(order, high, low);
    if (root == ALL_FREE) {
      setRoot(leaf(level, high, low, children(level) & ~block));
      return true;
    }
    int node = root;
    for (int depth = 0; ; depth++) {
      int nodeLevel = pool.level(node);
      int parting =
          Math.max(level, Bits.differingLevel(high, low, pool.high(node), pool.low(node)));
      if (parting > nodeLevel) {
        return !pool.isInOccupied(node)
            && fork(depth, node, parting, level, high, low, block, false);
      }
      int digit = Bits.digit(high, low, nodeLevel);
      if (level == nodeLevel || (pool.partial(node) >>> digit & 1) == 0) {
        return occupyIn(node, depth, level, high, low, block);
      }
      pathNode[depth] = node;
      pathDigit[depth] = digit;
      node = pool.child(pool.slot(node, digit));
    }
  }

  /** Occupies a block that is some of a node's children, or lies in one that is not partial. */
  private boolean occupyIn(int node, int depth, int level, long high, long low, long block) {
    int nodeLevel = pool.level(node);
    long free = pool.free(node);
    if (level == nodeLevel) {
      if ((free & block) != block) {
        return false;
      }
      pool.setFree(node, free ^ block);
    } else {
      int digit = Bits.digit(high, low, nodeLevel);
      if ((free >>> digit & 1) == 0) {
        return false;
      }
      pool.setFree(node, free ^ 1L << digit);
      hang(node, digit, leaf(level, high, low, children(level) & ~block));
    }
    settle(depth, node);
    return true;
  }

  /** Frees a block; false and no change unless all of it is occupied. */
  boolean free(long high, long low, int order) {
    if (order == width) {
      if (root != ALL_OCCUPIED) {
        return false;
      }
      setRoot(ALL_FREE);
    } else if (root == ALL_FREE || !freeInside(high, low, order)) {
      return false;
    }
    long before = freeLow;
    freeLow += Bits.shiftedLow(1, order);
    freeHigh += Bits.shiftedHigh(1, order) + (Long.compareUnsigned(freeLow, before) < 0 ? 1 : 0);
    return true;
  }

  private boolean freeInside(long high, long low, int order) {
    int level = order / Bits.DIGIT;
    long block = block(order, high, low);
    if (root == ALL_OCCUPIED) {
      setRoot(hole(level, high, low, block));
      return true;
    }
    int node = root;
    for (int depth = 0; ; depth++) {
      int nodeLevel = pool.level(node);
      int parting =
          Math.max(level, Bits.differingLevel(high, low, pool.high(node), pool.low(node)));
      if (parting > nodeLevel) {
        return pool.isInOccupied(node) && fork(depth, node, parting, level, high, low, block, true);
      }
      int digit = Bits.digit(high, low, nodeLevel);
      if (level == nodeLevel || (pool.partial(node) >>> digit & 1) == 0) {
        return freeIn(node, depth, level, high, low, block);
      }
      pathNode[depth] = node;
      pathDigit[depth] = digit;
      node = pool.child(pool.slot(node, digit));
    }
  }

  /** Frees a block that is some of a node's children, or lies in one that is not partial. */
  private boolean freeIn(int node, int depth, int level, long high, long low, long block) {
    int nodeLevel = pool.level(node);
    long free = pool.free(node);
    if (level == nodeLevel) {
      if (((free | pool.partial(node)) & block) != 0) {
        return false;
      }
      pool.setFree(node, free | block);
    } else {
      int digit = Bits.digit(high, low, nodeLevel);
      if ((free >>> digit & 1) != 0) {
        return false;
      }
      hang(node, digit, hole(level, high, low, block));
    }
    settle(depth, node);
    return true;
  }

  /**
   * Puts a new node above the one there, where levels had been left out, for a block that parts
   * from it at this level: one to occupy in what is free, or one to free in what is occupied.
   *
   * @return false, and nothing has changed, if the block is around the node
   */
  private boolean fork(
      int depth,
      int node,
      int parting,
      int level,
      long high,
      long low,
      long block,
      boolean inOccupied) {
    int nodeDigit = Bits.digit(pool.high(node), pool.low(node), parting);
    int digit = Bits.digit(high, low, parting);
    long nodeBit = 1L << nodeDigit;
    boolean direct = parting == level;
    long changed = direct ? block : 1L << digit;
    if ((changed & nodeBit) != 0) {
      return false;
    }
    long others = children(parting) & ~nodeBit & ~changed;
    long freed = direct ? changed : 0;
    int fork = pool.make(parting, high, low, inOccupied ? freed : others);
    pool.setInOccupied(fork, inOccupied);
    hang(fork, nodeDigit, node);
    if (!direct) {
      int other =
          inOccupied
              ? hole(level, high, low, block)
              : leaf(level, high, low, children(level) & ~block);
      hang(fork, digit, other);
    }
    settle(depth, fork);
    return true;
  }

  /** Makes a node without partial children. */
  private int leaf(int level, long high, long low, long free) {
    int node = pool.make(level, high, low, free);
    pool.setOrder(node, level * Bits.DIGIT + Bits.longestRun(free));
    return node;
  }

  /** Makes the node of a block that is free in what is otherwise occupied. */
  private int hole(int level, long high, long low, long block) {
    int node = leaf(level, high, low, block);
    pool.setInOccupied(node, true);
    return node;
  }

  private void hang(int node, int digit, int child) {
    pool.insertChild(node, digit, child, orderAt(child, pool.level(node) * Bits.DIGIT));
  }

  // Keeping the tree in order

  /**
   * Brings the tree in order after a change in one node, which has come into the place of the node
   * at this depth of the path: what has become uniform or superfluous goes, and the largest free
   * orders above follow, as far up as anything changes.
   */
  private void settle(int depth, int changed) {
    int node = changed;
    // What the largest free order in partial children cannot exceed.
    int bound = pool.level(node) * Bits.DIGIT;
    for (int at = depth; at > 0; at--) {
      int parent = pathNode[at - 1];
      int digit = pathDigit[at - 1];
      int base = pool.level(parent) * Bits.DIGIT;
      int slot = pool.slot(parent, digit);
      int orderBefore = pool.slotOrder(slot);
      int childBefore = pool.child(slot);
      int largest = pool.order(parent);
      int now = settled(node, base, bound);
      if (now == ALL_OCCUPIED) {
        pool.removeChild(parent, digit);
        bound = largest;
      } else if (now == ALL_FREE) {
        pool.removeChild(parent, digit);
        pool.setFree(parent, pool.free(parent) | 1L << digit);
        bound = base;
      } else {
        int order = orderAt(now, base);
        pool.setChild(slot, now);
        pool.setSlotOrder(slot, order);
        boolean sameOrder =
            order == orderBefore
                || pool.free(parent) != 0
                || Math.max(order, orderBefore) < largest;
        // A parent with nothing else may have been kept only for what its child was.
        if (sameOrder && now == childBefore && !hasOnePartialChild(parent)) {
          return;
        }
        bound = Math.max(order, largest);
      }
      node = parent;
    }
    setRoot(settled(node, width, bound));
  }

  /**
   * Returns what stands for a changed node in its region: itself, its only child, no node at all,
   * or one made a level up.
   *
   * @param bound what the largest free order in its partial children does not exceed
   */
  private int settled(int node, int region, int bound) {
    long free = pool.free(node);
    long partial = pool.partial(node);
    if (partial == 0 && (free == 0 || free == children(pool.level(node)))) {
      return uniform(node, region, free == 0);
    }
    pool.setOrder(
        node,
        free == 0
            ? pool.largestSlotOrder(node, bound)
            : pool.level(node) * Bits.DIGIT + Bits.longestRun(free));
    if (isChain(node, true)) {
      return chain(node, region, true);
    }
    return isChain(node, false) ? chain(node, region, false) : node;
  }

  /** Replaces a node that has become free or occupied as a whole. */
  private int uniform(int node, int region, boolean occupied) {
    int now = occupied ? ALL_OCCUPIED : ALL_FREE;
    if (!agrees(node, region, occupied)) {
      int level = pool.level(node) + 1;
      long high = pool.high(node);
      long low = pool.low(node);
      long bit = 1L << Bits.digit(high, low, level);
      now = occupied ? leaf(level, high, low, children(level) & ~bit) : hole(level, high, low, bit);
    }
    pool.release(node);
    return now;
  }

  /**
   * Replaces a node that has one partial child and is otherwise free, or occupied, if that can be
   * left out. Where what is left out changes from one to the other on the way down there must be a
   * node; it is always the last one of the upper kind, so that equal sets have equal trees.
   */
  private int chain(int node, int region, boolean occupied) {
    int level = pool.level(node);
    int child = pool.child(pool.firstSlot(node));
    boolean needed = !agrees(child, level * Bits.DIGIT, occupied) || isChain(child, !occupied);
    int below = needed ? node : child;
    int now = below;
    if (!needed) {
      pool.setInOccupied(child, occupied);
    }
    if (!agrees(node, region, occupied)) {
      long high = pool.high(node);
      long low = pool.low(node);
      int digit = Bits.digit(high, low, level + 1);
      now = pool.make(level + 1, high, low, occupied ? children(level + 1) & ~(1L << digit) : 0);
      pool.setInOccupied(now, !occupied);
      hang(now, digit, below);
      long free = pool.free(now);
      pool.setOrder(
          now,
          occupied
              ? (level + 1) * Bits.DIGIT + Bits.longestRun(free)
              : orderAt(below, (level + 1) * Bits.DIGIT));
    }
    if (!needed) {
      pool.release(node);
    }
    return now;
  }

  /** Says whether a node has one partial child and is otherwise occupied, or free. */
  boolean isChain(int node, boolean occupied) {
    long others = occupied ? 0 : children(pool.level(node)) & ~pool.partial(node);
    return hasOnePartialChild(node) && pool.free(node) == others;
  }

  private boolean hasOnePartialChild(int node) {
    long partial = pool.partial(node);
    return partial != 0 && (partial & (partial - 1)) == 0;
  }

  /** Says whether what is left out between a node and its region, if anything, is of this kind. */
  boolean agrees(int node, int region, boolean occupied) {
    return (pool.level(node) + 1) * Bits.DIGIT >= region || pool.isInOccupied(node) == occupied;
  }

  /** Returns the order of the largest free block in the region of this order around a node. */
  int orderAt(int node, int region) {
    // Where free levels are left out, the half of the region without the node is free as a whole.
    return agrees(node, region, true) ? pool.order(node) : region - 1;
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

  /** Finds the lowest block in a node's region, where there is one, and notes the path to it. */
  private boolean lowestIn(int start, int startRegion, int order) {
    int node = start;
    int region = startRegion;
    for (int depth = 0; ; depth++) {
      int base = pool.level(node) * Bits.DIGIT;
      if (!agrees(node, region, true) && lowestBeside(node, base + Bits.DIGIT, region, order)) {
        return true;
      }
      long free = pool.free(node);
      int digit;
      if (order >= base) {
        digit = Long.numberOfTrailingZeros(Bits.alignedRuns(free, order - base));
      } else {
        digit = Long.numberOfTrailingZeros(free);
        long partial = pool.partial(node) & ((free & -free) - 1);
        int slot = pool.firstSlot(node, 0, Long.bitCount(partial), order);
        if (slot >= 0) {
          int child = pool.child(slot);
          pathNode[depth] = node;
          pathDigit[depth] = Bits.digit(pool.high(child), pool.low(child), pool.level(node));
          node = child;
          region = base;
          continue;
        }
      }
      endNode = node;
      endDepth = depth;
      return foundIn(node, digit, base);
    }
  }

  /** Finds the lowest block in what is free around a node, unless there is a lower one in it. */
  private boolean lowestBeside(int node, int span, int region, int order) {
    long high = pool.high(node);
    long low = pool.low(node);
    endNode = -1;
    int grain = Math.max(order, span);
    boolean behindFirstGrain =
        (high & Bits.onesHigh(region) & ~Bits.onesHigh(grain)) != 0
            || (low & Bits.onesLow(region) & ~Bits.onesLow(grain)) != 0;
    if (behindFirstGrain) {
      return found(high & ~Bits.onesHigh(region), low & ~Bits.onesLow(region));
    }
    // The first grain holds the node, the one behind it is free.
    return (grain == order || pool.order(node) < order)
        && found(
            (high & ~Bits.onesHigh(grain)) | Bits.shiftedHigh(1, grain),
            (low & ~Bits.onesLow(grain)) | Bits.shiftedLow(1, grain));
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
    int span = (pool.level(node) + 1) * Bits.DIGIT;
    if (span >= region) {
      return lowestInNodeFrom(node, high, low, order);
    }
    int grain = Math.max(order, span);
    long nodeHigh = pool.high(node);
    long nodeLow = pool.low(node);
    boolean apart =
        ((high ^ nodeHigh) & ~Bits.onesHigh(grain)) != 0
            || ((low ^ nodeLow) & ~Bits.onesLow(grain)) != 0;
    if (pool.isInOccupied(node)) {
      return apart
          ? Bits.isBelow(high, low, nodeHigh, nodeLow) && lowestIn(node, span, order)
          : lowestInNodeFrom(node, high, low, order);
    }
    if (apart) {
      return found(high, low);
    }
    boolean inNode =
        grain == span && pool.order(node) >= order && lowestInNodeFrom(node, high, low, order);
    return inNode || foundBehind(high, low, grain, region);
  }

  /** Takes the grain behind this one, which is free if it is still in the region. */
  private boolean foundBehind(long high, long low, int grain, int region) {
    long onesHigh = Bits.onesHigh(region) & ~Bits.onesHigh(grain);
    long onesLow = Bits.onesLow(region) & ~Bits.onesLow(grain);
    if ((high & onesHigh) == onesHigh && (low & onesLow) == onesLow) {
      return false;
    }
    long grainLow = low & ~Bits.onesLow(grain);
    long nextLow = grainLow + Bits.shiftedLow(1, grain);
    long carry = Long.compareUnsigned(nextLow, grainLow) < 0 ? 1 : 0;
    return found((high & ~Bits.onesHigh(grain)) + Bits.shiftedHigh(1, grain) + carry, nextLow);
  }

  private boolean lowestInNodeFrom(int node, long high, long low, int order) {
    int base = pool.level(node) * Bits.DIGIT;
    int digit = Bits.digit(high, low, pool.level(node));
    long free = pool.free(node);
    if (order >= base) {
      long runs = Bits.alignedRuns(free, order - base) & -1L << digit;
      return runs != 0 && foundIn(node, Long.numberOfTrailingZeros(runs), base);
    }
    if ((free >>> digit & 1) != 0) {
      return found(high, low);
    }
    long partial = pool.partial(node);
    if ((partial >>> digit & 1) != 0) {
      int slot = pool.slot(node, digit);
      if (pool.slotOrder(slot) >= order && lowestFrom(pool.child(slot), base, high, low, order)) {
        return true;
      }
    }
    long later = -2L << digit;
    free &= later;
    int from = Long.bitCount(partial & ~later);
    int to = Long.bitCount(partial & ((free & -free) - 1));
    int slot = pool.firstSlot(node, from, to, order);
    if (slot >= 0) {
      return lowestIn(pool.child(slot), base, order);
    }
    return free != 0 && foundIn(node, Long.numberOfTrailingZeros(free), base);
  }

  private boolean foundIn(int node, int digit, int base) {
    return found(
        pool.high(node) | Bits.shiftedHigh(digit, base),
        pool.low(node) | Bits.shiftedLow(digit, base));
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
    long block = block(order, high, low);
    int node = root;
    while (true) {
      int nodeLevel = pool.level(node);
      long nodeHigh = pool.high(node);
      long nodeLow = pool.low(node);
      int parting = Math.max(level, Bits.differingLevel(high, low, nodeHigh, nodeLow));
      if (parting > nodeLevel) {
        boolean around =
            parting == level && (block >>> Bits.digit(nodeHigh, nodeLow, parting) & 1) != 0;
        int beside = pool.isInOccupied(node) ? ALL_OCCUPIED : ALL_FREE;
        return around ? 0 : beside;
      }
      long free = pool.free(node);
      long partial = pool.partial(node);
      int digit = Bits.digit(high, low, nodeLevel);
      long asked = level == nodeLevel ? block : 1L << digit;
      if ((partial & asked) == 0) {
        long freePart = free & asked;
        if (freePart == asked || freePart == 0) {
          return freePart == 0 ? ALL_OCCUPIED : ALL_FREE;
        }
      }
      if (level == nodeLevel) {
        return 0;
      }
      node = pool.child(pool.slot(node, digit));
    }
  }
}
