package io.dualstack.impl.allocation.pool;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Which blocks an owner has, and who has a block, for owners known by a 64-bit hash of their id: a
 * multimap on primitive arrays, 55 to 80 bytes an entry and no garbage but when it grows.
 *
 * <p>Two hash tables, one by owner and one by block, lead to the entries; those of one owner form a
 * list. So every operation takes constant time on average, also when one owner has a million
 * blocks, and {@link #forEach} a step a block. Removal closes the gap it leaves, so past removals
 * don't slow later searches. Owners whose hashes are equal are one owner here: who must be sure
 * compares ids in the store.
 *
 * <p>One index serves blocks of one family. Not thread-safe.
 */
public final class OwnerIndex {
  private static final HashFunction SIP = Hashing.sipHash24();
  private static final int NONE = HashSlots.NONE;

  private static final int CHUNK_BITS = 12;
  private static final int CHUNK = 1 << CHUNK_BITS;

  // An entry's words. The last one holds its neighbours in its owner's list, each plus one, so that
  // 0 is none, and the length.
  private static final int OWNER = 0;
  private static final int HIGH = 1;
  private static final int LOW = 2;
  private static final int META = 3;
  private static final int WORDS = 4;
  private static final int PREVIOUS = 0;
  private static final int NEXT = 28;
  private static final int LENGTH = 56;
  private static final long LINK_MASK = (1L << 28) - 1;

  private long[][] entries = {};
  private int made;
  private int firstReleased = NONE;
  private final HashSlots byOwner = new HashSlots();
  private final HashSlots byBlock = new HashSlots();

  /** Returns a hash of an owner's id that is the same in every run and on every machine. */
  public static long hash(String owner) {
    return SIP.hashString(owner, StandardCharsets.UTF_8).asLong();
  }

  /**
   * Notes that an owner has a block.
   *
   * @return false, and nothing has changed, if that was noted already
   */
  public boolean put(long ownerHash, long high, long low, int length) {
    int blockHash = blockHash(high, low, length);
    if (find(blockHash, ownerHash, high, low, length) != NONE) {
      return false;
    }
    int entry = take();
    int at = at(entry);
    long[] chunk = entries[entry >>> CHUNK_BITS];
    chunk[at + OWNER] = ownerHash;
    chunk[at + HIGH] = high;
    chunk[at + LOW] = low;
    chunk[at + META] = (long) length << LENGTH;
    byBlock.insert(blockHash, entry);

    int slot = ownerSlot(ownerHash);
    if (slot == NONE) {
      byOwner.insert(ownerHash(ownerHash), entry);
    } else {
      // Second place, so that the table goes on pointing to the first.
      int first = byOwner.number(slot);
      link(entry, linked(first, NEXT));
      link(first, entry);
    }
    return true;
  }

  /**
   * Forgets that an owner has a block.
   *
   * @return false, and nothing has changed, if that was not noted
   */
  public boolean remove(long ownerHash, long high, long low, int length) {
    int slot = find(blockHash(high, low, length), ownerHash, high, low, length);
    if (slot == NONE) {
      return false;
    }
    int entry = byBlock.number(slot);
    byBlock.remove(slot);
    int previous = linked(entry, PREVIOUS);
    int next = linked(entry, NEXT);
    if (previous == NONE) {
      int first = byOwner.find(ownerHash(ownerHash), entry);
      if (next == NONE) {
        byOwner.remove(first);
      } else {
        byOwner.setNumber(first, next);
      }
    }
    link(previous, next);
    release(entry);
    return true;
  }

  /**
   * Forgets all blocks of an owner, and shows each, in no particular order.
   *
   * @return how many there were
   */
  public int removeAll(long ownerHash, BlockVisitor visitor) {
    int slot = ownerSlot(ownerHash);
    if (slot == NONE) {
      return 0;
    }
    int entry = byOwner.number(slot);
    byOwner.remove(slot);
    int count = 0;
    while (entry != NONE) {
      int next = linked(entry, NEXT);
      long high = word(entry, HIGH);
      long low = word(entry, LOW);
      int length = length(entry);
      byBlock.remove(byBlock.find(blockHash(high, low, length), entry));
      release(entry);
      visitor.visit(high, low, length);
      count++;
      entry = next;
    }
    return count;
  }

  /**
   * Shows the blocks of an owner, in no particular order; the visitor must not change the index.
   */
  public void forEach(long ownerHash, BlockVisitor visitor) {
    int slot = ownerSlot(ownerHash);
    int entry = slot == NONE ? NONE : byOwner.number(slot);
    while (entry != NONE) {
      visitor.visit(word(entry, HIGH), word(entry, LOW), length(entry));
      entry = linked(entry, NEXT);
    }
  }

  /** Says whether the owner has any block. */
  public boolean contains(long ownerHash) {
    return ownerSlot(ownerHash) != NONE;
  }

  /** Says whether the owner has this block. */
  public boolean contains(long ownerHash, long high, long low, int length) {
    return find(blockHash(high, low, length), ownerHash, high, low, length) != NONE;
  }

  /** Returns the hash of an owner of exactly this block; empty if it has none. */
  public OptionalLong owner(long high, long low, int length) {
    int slot = byBlock.first(blockHash(high, low, length));
    while (slot != NONE) {
      int entry = byBlock.number(slot);
      if (isBlock(entry, high, low, length)) {
        return OptionalLong.of(word(entry, OWNER));
      }
      slot = byBlock.next(slot);
    }
    return OptionalLong.empty();
  }

  /** Returns how many pairs of owner and block are noted. */
  public int size() {
    return byBlock.size();
  }

  /** Returns how many owners have a block. */
  public int owners() {
    return byOwner.size();
  }

  /** Returns about how many bytes of heap the index takes. */
  public long heapBytes() {
    long bytes = 100 + byOwner.heapBytes() + byBlock.heapBytes();
    for (long[] chunk : entries) {
      bytes += 20 + 8L * chunk.length;
    }
    return bytes;
  }

  // Hashes

  private static int ownerHash(long owner) {
    return (int) (mix(owner) >>> 32);
  }

  private static int blockHash(long high, long low, int length) {
    return (int) (mix(mix(high ^ (long) length << 56) + low) >>> 32);
  }

  /** Lets every bit of the input change every bit of the result (the finalizer of MurmurHash3). */
  private static long mix(long value) {
    long bits = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    return bits ^ bits >>> 33;
  }

  private int find(int blockHash, long owner, long high, long low, int length) {
    int slot = byBlock.first(blockHash);
    while (slot != NONE) {
      int entry = byBlock.number(slot);
      if (isBlock(entry, high, low, length) && word(entry, OWNER) == owner) {
        return slot;
      }
      slot = byBlock.next(slot);
    }
    return NONE;
  }

  /** Returns the slot that leads to the owner's first entry. */
  private int ownerSlot(long owner) {
    int slot = byOwner.first(ownerHash(owner));
    while (slot != NONE && word(byOwner.number(slot), OWNER) != owner) {
      slot = byOwner.next(slot);
    }
    return slot;
  }

  // Entries

  private boolean isBlock(int entry, long high, long low, int length) {
    return word(entry, LOW) == low && word(entry, HIGH) == high && length(entry) == length;
  }

  private long word(int entry, int word) {
    return entries[entry >>> CHUNK_BITS][at(entry) + word];
  }

  private int length(int entry) {
    return (int) (word(entry, META) >>> LENGTH);
  }

  private int linked(int entry, int link) {
    return (int) (word(entry, META) >>> link & LINK_MASK) - 1;
  }

  private void setLink(int entry, int link, int other) {
    long[] chunk = entries[entry >>> CHUNK_BITS];
    int meta = at(entry) + META;
    chunk[meta] = (chunk[meta] & ~(LINK_MASK << link)) | (long) (other + 1) << link;
  }

  /** Lets two entries follow each other; either may be none. */
  private void link(int previous, int next) {
    if (previous != NONE) {
      setLink(previous, NEXT, next);
    }
    if (next != NONE) {
      setLink(next, PREVIOUS, previous);
    }
  }

  private static int at(int entry) {
    return (entry & CHUNK - 1) * WORDS;
  }

  private int take() {
    int entry = firstReleased;
    if (entry != NONE) {
      firstReleased = linked(entry, NEXT);
      return entry;
    }
    if (made == LINK_MASK) {
      throw new IllegalStateException("owner index: full with %s entries".formatted(made));
    }
    entry = made++;
    int chunk = entry >>> CHUNK_BITS;
    if (chunk == entries.length) {
      entries = Arrays.copyOf(entries, chunk + 1);
      // A small index stays small: only the first chunk grows step by step.
      entries[chunk] = new long[(chunk == 0 ? 8 : CHUNK) * WORDS];
    } else if (at(entry) == entries[chunk].length) {
      entries[chunk] = Arrays.copyOf(entries[chunk], entries[chunk].length * 2);
    }
    return entry;
  }

  private void release(int entry) {
    setLink(entry, NEXT, firstReleased);
    firstReleased = entry;
  }
}
