package io.dualstack.impl.allocation.pool;

/**
 * An open-addressing table from 32 bits of a hash to entry numbers, which may repeat: linear
 * probing, at most three quarters full. The hash lies beside the number, so that probing, growing
 * and closing gaps never look at the entries.
 */
final class HashSlots {
  /** Instead of a slot: there is none. */
  static final int NONE = -1;

  private static final int SMALLEST = 8;

  // Hash in the upper half, number + 1 in the lower; 0 is an empty slot.
  private long[] slots = new long[SMALLEST];
  private int size;

  /** Returns the first slot with this hash. */
  int first(int hash) {
    return probe(home(hash), hash);
  }

  /** Returns the next slot with the hash of the one that was found before. */
  int next(int slot) {
    return probe(slot + 1 & slots.length - 1, (int) (slots[slot] >>> 32));
  }

  /** Returns the slot with exactly this hash and number. */
  int find(int hash, int number) {
    int slot = first(hash);
    while (slot != NONE && number(slot) != number) {
      slot = next(slot);
    }
    return slot;
  }

  int number(int slot) {
    return (int) slots[slot] - 1;
  }

  void setNumber(int slot, int number) {
    slots[slot] = (slots[slot] & 0xffff_ffff_0000_0000L) | (number + 1);
  }

  void insert(int hash, int number) {
    if (++size > slots.length / 4 * 3) {
      grow();
    }
    insert((long) hash << 32 | number + 1);
  }

  /** Empties a slot and moves back what had been pushed past it. */
  void remove(int slot) {
    int mask = slots.length - 1;
    int gap = slot;
    for (int at = gap + 1 & mask; slots[at] != 0; at = at + 1 & mask) {
      int home = home((int) (slots[at] >>> 32));
      // It may move if the gap lies on its way from home.
      if ((at - home & mask) >= (at - gap & mask)) {
        slots[gap] = slots[at];
        gap = at;
      }
    }
    slots[gap] = 0;
    size--;
  }

  int size() {
    return size;
  }

  long heapBytes() {
    return 48 + 8L * slots.length;
  }

  private int probe(int from, int hash) {
    int mask = slots.length - 1;
    for (int at = from; slots[at] != 0; at = at + 1 & mask) {
      if ((int) (slots[at] >>> 32) == hash) {
        return at;
      }
    }
    return NONE;
  }

  /** The upper bits choose, so that growing keeps the order and neighbours stay neighbours. */
  private int home(int hash) {
    return hash >>> Integer.numberOfLeadingZeros(slots.length - 1);
  }

  private void insert(long content) {
    int mask = slots.length - 1;
    int at = home((int) (content >>> 32));
    while (slots[at] != 0) {
      at = at + 1 & mask;
    }
    slots[at] = content;
  }

  private void grow() {
    long[] before = slots;
    slots = new long[before.length * 2];
    for (long content : before) {
      if (content != 0) {
        insert(content);
      }
    }
  }
}
