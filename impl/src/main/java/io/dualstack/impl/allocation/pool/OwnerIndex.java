package io.dualstack.impl.allocation.pool;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * How many blocks each owner has, so that the store is asked only about owners that have any.
 * Owners are known by a 64-bit hash of their id: those whose hashes are equal are one owner here,
 * and who must be sure compares ids in the store.
 *
 * <p>An open-addressing table on one primitive array, at most three quarters full, in which the
 * hash and the number lie side by side: an operation touches one or two lines of memory, and an
 * owner takes 21 to 43 bytes. Removal closes the gap it leaves, so past removals don't slow later
 * searches. Not thread-safe.
 */
public final class OwnerIndex {
  private static final HashFunction SIP = Hashing.sipHash24();

  private static final int SMALLEST = 8;

  // Two words a slot: the hash, and the number of blocks, of which 0 is an empty slot.
  private long[] slots = new long[2 * SMALLEST];
  private int owners;

  /** Returns a hash of an owner's id that is the same in every run and on every machine. */
  public static long hash(String owner) {
    return SIP.hashString(owner, StandardCharsets.UTF_8).asLong();
  }

  /** Notes that an owner has one block more. */
  public void add(long owner) {
    int slot = slot(owner);
    if (slots[slot + 1]++ == 0) {
      slots[slot] = owner;
      if (++owners > slots.length / 8 * 3) {
        grow();
      }
    }
  }

  /**
   * Notes that an owner has one block less.
   *
   * @return false, and nothing has changed, if it had none
   */
  public boolean remove(long owner) {
    int slot = slot(owner);
    if (slots[slot + 1] == 0) {
      return false;
    }
    if (--slots[slot + 1] == 0) {
      owners--;
      closeGap(slot);
    }
    return true;
  }

  /** Says whether the owner has any block. */
  public boolean contains(long owner) {
    return slots[slot(owner) + 1] != 0;
  }

  /** Returns how many owners have a block. */
  public int owners() {
    return owners;
  }

  /** Returns about how many bytes of heap the index takes. */
  public long heapBytes() {
    return 48 + 8L * slots.length;
  }

  /** Returns where the owner is, or the empty slot where it would be. */
  private int slot(long owner) {
    int slot = home(owner);
    while (slots[slot + 1] != 0 && slots[slot] != owner) {
      slot = next(slot);
    }
    return slot;
  }

  /** The upper bits choose, so that growing keeps the order and neighbours stay neighbours. */
  private int home(long owner) {
    return (int) (mix(owner) >>> Long.numberOfLeadingZeros(slots.length - 1L)) & ~1;
  }

  private int next(int slot) {
    return slot + 2 & slots.length - 1;
  }

  /** Moves back what had been pushed past a slot that became empty. */
  private void closeGap(int slot) {
    int mask = slots.length - 1;
    int gap = slot;
    for (int at = next(gap); slots[at + 1] != 0; at = next(at)) {
      // It may move if the gap lies on its way from home.
      if ((at - home(slots[at]) & mask) >= (at - gap & mask)) {
        slots[gap] = slots[at];
        slots[gap + 1] = slots[at + 1];
        slots[at + 1] = 0;
        gap = at;
      }
    }
  }

  private void grow() {
    long[] before = slots;
    if (before.length >= 1 << 30) {
      throw new IllegalStateException("owner index: full with %s owners".formatted(owners));
    }
    slots = new long[2 * before.length];
    for (int i = 0; i < before.length; i += 2) {
      if (before[i + 1] != 0) {
        int slot = slot(before[i]);
        slots[slot] = before[i];
        slots[slot + 1] = before[i + 1];
      }
    }
  }

  /** Lets every bit of the input change every bit of the result (the finalizer of MurmurHash3). */
  private static long mix(long value) {
    long bits = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    return bits ^ bits >>> 33;
  }
}
