package io.dualstack.impl.allocation.pool;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The memory of one radix tree: nodes and the slots for their children, in chunks of primitive
 * arrays. A node is a number; so is a child.
 *
 * <p>A node has 64 children, each free, occupied or partial, as two words say. Only partial
 * children have a node of their own and hence a slot, which holds that node and the largest free
 * order below; slots of one node lie side by side in digit order, in a run of 1, 2, 4 … 64, so that
 * a search for a large block reads a few bytes instead of visiting children. What is released is
 * used again; chunks are given back when the tree has become uniform.
 */
final class NodePool {
  private static final int NODE_CHUNK = 10;
  private static final int SLOT_CHUNK = 12;
  private static final int SLOT_MASK = (1 << SLOT_CHUNK) - 1;
  private static final int PAGE = 64;
  private static final int CLASSES = 7;
  private static final int NONE = -1;

  /** Reads eight orders at once, the first in the lowest byte. */
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // The words of a node. The last one exists only where META has no room for the address.
  private static final int FREE = 0;
  private static final int PARTIAL = 1;
  private static final int META = 2;
  private static final int LOW = 3;
  private static final int HIGH = 4;

  // META: first slot, level, class of the slot run, what is around, largest free order, and bits 64
  // to 79 of the address, which is all of its upper half in ranges of a /48 or longer.
  private static final int LEVEL_SHIFT = 32;
  private static final int LEVEL_MASK = 0x1f;
  private static final int CLASS_SHIFT = 37;
  private static final int CLASS_MASK = 0x7;
  private static final long IN_OCCUPIED = 1L << 40;
  private static final int ORDER_SHIFT = 41;
  private static final int ORDER_MASK = 0x7f;
  private static final int HIGH_SHIFT = 48;
  private static final int WIDEST_IN_META = 80;
  private static final int NO_SLOTS = CLASS_MASK;

  private final int stride;
  private long[][] nodes = {};
  private int nodesMade;
  private int nodesLive;
  private int firstReleased = NONE;

  private int[][] refs = {};
  private byte[][] orders = {};
  private int slotsMade;
  private final int[] firstRun = new int[CLASSES];

  /** Makes an empty pool for addresses of this many bits. */
  NodePool(int width) {
    stride = width > WIDEST_IN_META ? HIGH + 1 : LOW + 1;
    Arrays.fill(firstRun, NONE);
  }

  /** Copies everything; neither pool sees the other's changes. */
  NodePool(NodePool other) {
    stride = other.stride;
    nodes = other.nodes.clone();
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = nodes[i].clone();
    }
    nodesMade = other.nodesMade;
    nodesLive = other.nodesLive;
    firstReleased = other.firstReleased;
    refs = other.refs.clone();
    orders = other.orders.clone();
    for (int i = 0; i < refs.length; i++) {
      refs[i] = refs[i].clone();
      orders[i] = orders[i].clone();
    }
    slotsMade = other.slotsMade;
    System.arraycopy(other.firstRun, 0, firstRun, 0, CLASSES);
  }

  // Nodes

  /** Makes a node without partial children; the address may have bits below the level. */
  int make(int level, long high, long low, long free) {
    int node = firstReleased;
    if (node == NONE) {
      node = nodesMade++;
      ensureNode(node);
    } else {
      firstReleased = (int) nodes[node >>> NODE_CHUNK][at(node) + FREE];
    }
    nodesLive++;
    long[] chunk = nodes[node >>> NODE_CHUNK];
    int at = at(node);
    int span = (level + 1) * Bits.DIGIT;
    chunk[at + FREE] = free;
    chunk[at + PARTIAL] = 0;
    long nodeHigh = high & ~Bits.onesHigh(Math.min(span, 128));
    long meta = (long) level << LEVEL_SHIFT | (long) NO_SLOTS << CLASS_SHIFT;
    if (stride > HIGH) {
      chunk[at + HIGH] = nodeHigh;
      chunk[at + META] = meta;
    } else {
      chunk[at + META] = meta | nodeHigh << HIGH_SHIFT;
    }
    chunk[at + LOW] = low & ~Bits.onesLow(span);
    return node;
  }

  /** Gives a node and its slots back, not its children. */
  void release(int node) {
    long[] chunk = nodes[node >>> NODE_CHUNK];
    int at = at(node);
    long meta = chunk[at + META];
    int runClass = classOf(meta);
    if (runClass != NO_SLOTS) {
      releaseRun((int) meta, runClass);
    }
    chunk[at + FREE] = firstReleased;
    // Tells a released node from a live one in checks.
    chunk[at + PARTIAL] = -1;
    chunk[at + META] = -1;
    firstReleased = node;
    nodesLive--;
  }

  /** Forgets every node and gives all memory but the first chunks back. */
  void clear() {
    nodes = nodes.length > 1 ? Arrays.copyOf(nodes, 1) : nodes;
    nodesMade = 0;
    nodesLive = 0;
    firstReleased = NONE;
    refs = refs.length > 1 ? Arrays.copyOf(refs, 1) : refs;
    orders = orders.length > 1 ? Arrays.copyOf(orders, 1) : orders;
    slotsMade = 0;
    Arrays.fill(firstRun, NONE);
  }

  int live() {
    return nodesLive;
  }

  long free(int node) {
    return nodes[node >>> NODE_CHUNK][at(node) + FREE];
  }

  void setFree(int node, long free) {
    nodes[node >>> NODE_CHUNK][at(node) + FREE] = free;
  }

  long partial(int node) {
    return nodes[node >>> NODE_CHUNK][at(node) + PARTIAL];
  }

  int level(int node) {
    return (int) (meta(node) >>> LEVEL_SHIFT) & LEVEL_MASK;
  }

  /** Returns the upper half of the node's first address. */
  long high(int node) {
    return stride > HIGH ? nodes[node >>> NODE_CHUNK][at(node) + HIGH] : meta(node) >>> HIGH_SHIFT;
  }

  /** Returns the lower half of the node's first address. */
  long low(int node) {
    return nodes[node >>> NODE_CHUNK][at(node) + LOW];
  }

  /** Says whether the levels left out above the node are otherwise occupied, and not free. */
  boolean isInOccupied(int node) {
    return (meta(node) & IN_OCCUPIED) != 0;
  }

  void setInOccupied(int node, boolean inOccupied) {
    long[] chunk = nodes[node >>> NODE_CHUNK];
    int meta = at(node) + META;
    chunk[meta] = inOccupied ? chunk[meta] | IN_OCCUPIED : chunk[meta] & ~IN_OCCUPIED;
  }

  /** Returns the order of the largest free block inside the node, as last set. */
  int order(int node) {
    return (int) (meta(node) >>> ORDER_SHIFT) & ORDER_MASK;
  }

  void setOrder(int node, int order) {
    long[] chunk = nodes[node >>> NODE_CHUNK];
    int meta = at(node) + META;
    chunk[meta] = (chunk[meta] & ~((long) ORDER_MASK << ORDER_SHIFT)) | (long) order << ORDER_SHIFT;
  }

  private int at(int node) {
    return (node & ((1 << NODE_CHUNK) - 1)) * stride;
  }

  private long meta(int node) {
    return nodes[node >>> NODE_CHUNK][at(node) + META];
  }

  private static int classOf(long meta) {
    return (int) (meta >>> CLASS_SHIFT) & CLASS_MASK;
  }

  private void ensureNode(int node) {
    int chunk = node >>> NODE_CHUNK;
    int needed = at(node) + stride;
    if (chunk == nodes.length) {
      nodes = Arrays.copyOf(nodes, chunk + 1);
      // A small tree stays small: only the first chunk grows step by step.
      nodes[chunk] = new long[(chunk == 0 ? 4 : 1 << NODE_CHUNK) * stride];
    } else if (nodes[chunk].length < needed) {
      nodes[chunk] = Arrays.copyOf(nodes[chunk], nodes[chunk].length * 2);
    }
  }

  // Children

  /** Returns the slot of the partial child at this digit. */
  int slot(int node, int digit) {
    long[] chunk = nodes[node >>> NODE_CHUNK];
    int at = at(node);
    return (int) chunk[at + META] + Long.bitCount(chunk[at + PARTIAL] & ((1L << digit) - 1));
  }

  /** Returns the slot of the lowest partial child. */
  int firstSlot(int node) {
    return (int) meta(node);
  }

  int child(int slot) {
    return refs[slot >>> SLOT_CHUNK][slot & SLOT_MASK];
  }

  void setChild(int slot, int child) {
    refs[slot >>> SLOT_CHUNK][slot & SLOT_MASK] = child;
  }

  /** Returns the order of the largest free block in the child's whole share of the parent. */
  int slotOrder(int slot) {
    return orders[slot >>> SLOT_CHUNK][slot & SLOT_MASK];
  }

  void setSlotOrder(int slot, int order) {
    orders[slot >>> SLOT_CHUNK][slot & SLOT_MASK] = (byte) order;
  }

  /** Returns the first of the node's slots from one index up to another of at least this order. */
  int firstSlot(int node, int from, int to, int order) {
    if (from >= to) {
      return NONE;
    }
    int first = (int) meta(node);
    byte[] chunk = orders[first >>> SLOT_CHUNK];
    int base = first & SLOT_MASK;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      long found = Bits.bytesAtLeast((long) EIGHT.get(chunk, base + i), order);
      if (found != 0) {
        return first + i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    for (; i < to; i++) {
      if (chunk[base + i] >= order) {
        return first + i;
      }
    }
    return NONE;
  }

  /**
   * Returns the largest order in the slots of a node that has partial children.
   *
   * @param bound an order that none exceeds, at which the search can stop
   */
  int largestSlotOrder(int node, int bound) {
    long[] nodeChunk = nodes[node >>> NODE_CHUNK];
    int at = at(node);
    int first = (int) nodeChunk[at + META];
    byte[] chunk = orders[first >>> SLOT_CHUNK];
    int i = first & SLOT_MASK;
    int to = i + Long.bitCount(nodeChunk[at + PARTIAL]);
    long eight = 0;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      eight = Bits.largerBytes(eight, (long) EIGHT.get(chunk, i));
      if (Bits.bytesAtLeast(eight, bound) != 0) {
        return bound;
      }
    }
    int largest = Bits.largestByte(eight);
    for (; i < to && largest < bound; i++) {
      largest = Math.max(largest, chunk[i]);
    }
    return largest;
  }

  /** Makes the child at this digit partial. */
  void insertChild(int node, int digit, int child, int order) {
    long[] nodeChunk = nodes[node >>> NODE_CHUNK];
    int at = at(node);
    long partial = nodeChunk[at + PARTIAL];
    int count = Long.bitCount(partial);
    int index = Long.bitCount(partial & ((1L << digit) - 1));
    long meta = nodeChunk[at + META];
    int runClass = classOf(meta);
    int first = (int) meta;
    if (runClass == NO_SLOTS || count == 1 << runClass) {
      int grown = runClass == NO_SLOTS ? 0 : runClass + 1;
      int target = takeRun(grown);
      copySlots(first, target, index);
      copySlots(first + index, target + index + 1, count - index);
      if (runClass != NO_SLOTS) {
        releaseRun(first, runClass);
      }
      first = target;
      nodeChunk[at + META] = withRun(meta, first, grown);
    } else {
      copySlots(first + index, first + index + 1, count - index);
    }
    nodeChunk[at + PARTIAL] = partial | 1L << digit;
    setChild(first + index, child);
    setSlotOrder(first + index, order);
  }

  /** Makes the partial child at this digit occupied; the child's node is not released. */
  void removeChild(int node, int digit) {
    long[] nodeChunk = nodes[node >>> NODE_CHUNK];
    int at = at(node);
    long partial = nodeChunk[at + PARTIAL] & ~(1L << digit);
    int count = Long.bitCount(partial);
    int index = Long.bitCount(partial & ((1L << digit) - 1));
    long meta = nodeChunk[at + META];
    int runClass = classOf(meta);
    int first = (int) meta;
    nodeChunk[at + PARTIAL] = partial;
    if (count == 0) {
      releaseRun(first, runClass);
      nodeChunk[at + META] = withRun(meta, 0, NO_SLOTS);
    } else if (runClass >= 2 && count == 1 << (runClass - 2)) {
      // A quarter full: half the run is enough and leaves room to grow again.
      int target = takeRun(runClass - 1);
      copySlots(first, target, index);
      copySlots(first + index + 1, target + index, count - index);
      releaseRun(first, runClass);
      nodeChunk[at + META] = withRun(meta, target, runClass - 1);
    } else {
      copySlots(first + index + 1, first + index, count - index);
    }
  }

  private static long withRun(long meta, int first, int runClass) {
    return (meta & ~((long) CLASS_MASK << CLASS_SHIFT | 0xffff_ffffL))
        | (long) runClass << CLASS_SHIFT
        | first;
  }

  private void copySlots(int from, int to, int count) {
    if (count > 0) {
      System.arraycopy(
          refs[from >>> SLOT_CHUNK],
          from & SLOT_MASK,
          refs[to >>> SLOT_CHUNK],
          to & SLOT_MASK,
          count);
      System.arraycopy(
          orders[from >>> SLOT_CHUNK],
          from & SLOT_MASK,
          orders[to >>> SLOT_CHUNK],
          to & SLOT_MASK,
          count);
    }
  }

  private int takeRun(int runClass) {
    int run = firstRun[runClass];
    if (run == NONE) {
      // A new page is cut into runs of this class, the lowest in front.
      int page = newPage();
      for (run = page + PAGE - (1 << runClass); run > page; run -= 1 << runClass) {
        releaseRun(run, runClass);
      }
    } else {
      firstRun[runClass] = child(run);
    }
    return run;
  }

  private void releaseRun(int run, int runClass) {
    setChild(run, firstRun[runClass]);
    firstRun[runClass] = run;
  }

  private int newPage() {
    int page = slotsMade;
    slotsMade += PAGE;
    int chunk = page >>> SLOT_CHUNK;
    if (chunk == refs.length) {
      refs = Arrays.copyOf(refs, chunk + 1);
      orders = Arrays.copyOf(orders, chunk + 1);
      int size = chunk == 0 ? PAGE : 1 << SLOT_CHUNK;
      refs[chunk] = new int[size];
      orders[chunk] = new byte[size];
    } else if (refs[chunk].length < (page & SLOT_MASK) + PAGE) {
      refs[chunk] = Arrays.copyOf(refs[chunk], refs[chunk].length * 2);
      orders[chunk] = Arrays.copyOf(orders[chunk], orders[chunk].length * 2);
    }
    return page;
  }

  /** Returns the bytes of all arrays, each with a header of 16. */
  long heapBytes() {
    long bytes = 3 * 16 + 4L * CLASSES;
    for (long[] chunk : nodes) {
      bytes += 16 + 4 + 8L * chunk.length;
    }
    for (int[] chunk : refs) {
      bytes += 2 * (16 + 4) + 5L * chunk.length;
    }
    return bytes;
  }

  /** Returns how many slots are in runs that nobody uses plus how many are in use: all of them. */
  int slotsMade() {
    return slotsMade;
  }

  /** Counts the slots in released runs, for the check that none is lost. */
  int slotsReleased() {
    int slots = 0;
    for (int runClass = 0; runClass < CLASSES; runClass++) {
      for (int run = firstRun[runClass]; run != NONE; run = child(run)) {
        slots += 1 << runClass;
      }
    }
    return slots;
  }

  /** Returns how many slots the node holds, used or not. */
  int slotsOf(int node) {
    int runClass = classOf(meta(node));
    return runClass == NO_SLOTS ? 0 : 1 << runClass;
  }

  boolean isReleased(int node) {
    return meta(node) == -1;
  }
}
