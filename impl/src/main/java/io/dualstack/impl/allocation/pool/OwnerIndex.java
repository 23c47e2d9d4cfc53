package io.dualstack.impl.allocation.pool;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * How many blocks each owner has, so that the store is asked only about owners that have any.
 * Owners are known by 56 bits of a hash of their id: those that have these in common are one owner
 * here, and who must be sure compares ids in the store.
 *
 * <p>An open-addressing table on one primitive array, at most three quarters full, in which a word
 * holds the bits and the number: eight owners share a line of memory, of which an operation touches
 * one or two, and an owner takes 11 to 22 bytes. Removal closes the gap it leaves, so past removals
 * don't slow later searches. Numbers that don't fit beside the bits are kept apart. Not
 * thread-safe.
 */
public final class OwnerIndex {
  private static final HashFunction SIP = Hashing.sipHash24();

  private static final int SMALLEST = 8;

  /** The part of a word that counts; the rest tells the owner. A word of 0 is an empty slot. */
  private static final long COUNT = 0xff;

  // Upper bits first, as they choose the slot.
  private long[] slots = new long[SMALLEST];
  private int owners;

  /** How many blocks owners have beyond the number that a word can hold. */
  private final Map<Long, Integer> beyond = new HashMap<>(0);

  /** Returns a hash of an owner's id that is the same in every run and on every machine. */
  public static long hash(String owner) {
    return SIP.hashString(owner, StandardCharsets.UTF_8).asLong();
  }

  /** Notes that an owner has one block more. */
  public void add(long owner) {
    long bits = bits(owner);
    int slot = slot(bits);
    long word = slots[slot];
    if (word == 0) {
      slots[slot] = bits | 1;
      if (++owners > slots.length / 4 * 3) {
        grow();
      }
    } else if ((word & COUNT) == COUNT) {
      beyond.merge(bits, 1, Integer::sum);
    } else {
      slots[slot] = word + 1;
    }
  }

  /**
   * Notes that an owner has one block less.
   *
   * @return false, and nothing has changed, if it had none
   */
  public boolean remove(long owner) {
    long bits = bits(owner);
    int slot = slot(bits);
    long word = slots[slot];
    if (word == 0) {
      return false;
    }
    if ((word & COUNT) == 1) {
      owners--;
      closeGap(slot);
    } else if ((word & COUNT) < COUNT || !takeBeyond(bits)) {
      slots[slot] = word - 1;
    }
    return true;
  }

  private boolean takeBeyond(long bits) {
    Integer more = beyond.get(bits);
    if (more == null) {
      return false;
    }
    if (more == 1) {
      beyond.remove(bits);
    } else {
      beyond.put(bits, more - 1);
    }
    return true;
  }

  /** Says whether the owner has any block. */
  public boolean contains(long owner) {
    return slots[slot(bits(owner))] != 0;
  }

  /** Returns how many owners have a block. */
  public int owners() {
    return owners;
  }

  /** Returns about how many bytes of heap the index takes. */
  public long heapBytes() {
    return 112 + 8L * slots.length + 72L * beyond.size();
  }

  /** Returns where the owner is, or the empty slot where it would be. */
  private int slot(long bits) {
    int slot = home(bits);
    while (slots[slot] != 0 && (slots[slot] & ~COUNT) != bits) {
      slot = next(slot);
    }
    return slot;
  }

  /** The upper bits choose, so that growing keeps the order and neighbours stay neighbours. */
  private int home(long word) {
    return (int) (word >>> Long.numberOfLeadingZeros(slots.length - 1L));
  }

  private int next(int slot) {
    return slot + 1 & slots.length - 1;
  }

  /** Moves back what had been pushed past a slot that becomes empty. */
  private void closeGap(int slot) {
    int mask = slots.length - 1;
    int gap = slot;
    for (int at = next(gap); slots[at] != 0; at = next(at)) {
      // It may move if the gap lies on its way from home.
      if ((at - home(slots[at]) & mask) >= (at - gap & mask)) {
        slots[gap] = slots[at];
        gap = at;
      }
    }
    slots[gap] = 0;
  }

  private void grow() {
    long[] before = slots;
    if (before.length >= 1 << 30) {
      throw new IllegalStateException("owner index: full with %s owners".formatted(owners));
    }
    slots = new long[2 * before.length];
    for (long word : before) {
      if (word != 0) {
        slots[slot(word & ~COUNT)] = word;
      }
    }
  }

  /**
   * The bits that tell an owner. Every bit of the hash changes every one of them (the finalizer of
   * MurmurHash3), so that hashes of whatever kind are spread well.
   */
  private static long bits(long owner) {
    long bits = (owner ^ owner >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    return (bits ^ bits >>> 33) & ~COUNT;
  }
}
