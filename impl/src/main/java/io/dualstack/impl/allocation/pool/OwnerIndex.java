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

  // An entry's words in one array, its place in its owner's list in another.
  private static final int OWNER = 0;
  private static final int HIGH = 1;
  private static final int LOW = 2;
  private static final int WORDS = 3;
  private static final int PREVIOUS = 0;
  private static final int NEXT = 1;
  private static final int LINKS = 2;

  private long[][] words = {};
  private int[][] links = {};
  private byte[][] lengths = {};
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
    int at = entry & CHUNK - 1;
    long[] chunk = words[entry >>> CHUNK_BITS];
    chunk[at * WORDS + OWNER] = ownerHash;
    chunk[at * WORDS + HIGH] = high;
    chunk[at * WORDS + LOW] = low;
    lengths[entry >>> CHUNK_BITS][at] = (byte) length;
    byBlock.insert(blockHash, entry);

    int slot = ownerSlot(ownerHash);
    if (slot == NONE) {
      link(NONE, entry);
      link(entry, NONE);
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
    for (byte[] chunk : lengths) {
      bytes += 3 * 20 + (8L * WORDS + 4L * LINKS + 1) * chunk.length;
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
    return words[entry >>> CHUNK_BITS][(entry & CHUNK - 1) * WORDS + word];
  }

  private int length(int entry) {
    return lengths[entry >>> CHUNK_BITS][entry & CHUNK - 1] & 0xff;
  }

  private int linked(int entry, int link) {
    return links[entry >>> CHUNK_BITS][(entry & CHUNK - 1) * LINKS + link];
  }

  /** Lets two entries follow each other; either may be none. */
  private void link(int previous, int next) {
    if (previous != NONE) {
      links[previous >>> CHUNK_BITS][(previous & CHUNK - 1) * LINKS + NEXT] = next;
    }
    if (next != NONE) {
      links[next >>> CHUNK_BITS][(next & CHUNK - 1) * LINKS + PREVIOUS] = previous;
    }
  }

  private int take() {
    int entry = firstReleased;
    if (entry != NONE) {
      firstReleased = linked(entry, NEXT);
      return entry;
    }
    entry = made++;
    int chunk = entry >>> CHUNK_BITS;
    if (chunk == lengths.length) {
      // A small index stays small: only the first chunk grows step by step.
      int room = chunk == 0 ? 8 : CHUNK;
      words = Arrays.copyOf(words, chunk + 1);
      links = Arrays.copyOf(links, chunk + 1);
      lengths = Arrays.copyOf(lengths, chunk + 1);
      words[chunk] = new long[room * WORDS];
      links[chunk] = new int[room * LINKS];
      lengths[chunk] = new byte[room];
    } else if ((entry & CHUNK - 1) == lengths[chunk].length) {
      int room = lengths[chunk].length * 2;
      words[chunk] = Arrays.copyOf(words[chunk], room * WORDS);
      links[chunk] = Arrays.copyOf(links[chunk], room * LINKS);
      lengths[chunk] = Arrays.copyOf(lengths[chunk], room);
    }
    return entry;
  }

  private void release(int entry) {
    links[entry >>> CHUNK_BITS][(entry & CHUNK - 1) * LINKS + NEXT] = firstReleased;
    firstReleased = entry;
  }
}
