package io.dualstack.allocation.spi;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Keeps blocks, documents and the audit trail. The authority over who holds what: it refuses
 * overlaps itself, whoever writes, so that allocators in several processes can share it.
 *
 * <p>Thread-safe. Every method throws {@link io.dualstack.StoreUnavailableException} when the store
 * can't be read or written; after that, a change that was being committed is either whole or not
 * there, and committing it again tells which. A closed store throws it as well, as not retryable.
 */
public interface AllocationStore extends AutoCloseable {

  /**
   * Returns where the store is, for messages: a URL without secrets.
   *
   * @return such as {@code sqlite:/var/lib/dualstack/dualstack.db}
   */
  String location();

  /**
   * Writes all or nothing. When this returns {@link CommitResult.Committed} the change survives
   * {@code kill -9} and the loss of power. Concurrent callers share one flush to disk.
   *
   * @param changes the changes
   * @return whether it was committed, and if not why
   */
  default CommitResult commit(ChangeSet changes) {
    return commitAll(List.of(changes)).get(0);
  }

  /**
   * Writes several sets in their order, each all or nothing on its own, with one flush to disk for
   * all of them. A set sees what the sets before it changed. When this returns, what is {@link
   * CommitResult.Committed} survives {@code kill -9} and the loss of power. A set is refused for
   * the first of its steps that can't be done.
   *
   * @param sets the sets; thousands are ordinary
   * @return how each ended, in the order of the sets
   */
  List<CommitResult> commitAll(List<ChangeSet> sets);

  /**
   * Writes as {@link #commitAll} does, but may return before the disk has it: others see what was
   * committed and {@code kill -9} doesn't undo it, yet the loss of power may, until {@link
   * #awaitDurable} has returned. So whoever writes for many can write for the next ones while the
   * disk works. A store that knows no such state needn't implement either.
   *
   * @param sets the sets
   * @return how each ended, in the order of the sets; none may be acknowledged yet
   */
  default List<CommitResult> commitAhead(List<ChangeSet> sets) {
    return commitAll(sets);
  }

  /**
   * Waits until what was committed up to a revision, by whatever process, survives the loss of
   * power. Costs nothing if it does already. Concurrent callers share one flush to disk.
   *
   * @param revision a revision that the store has told of
   * @throws io.dualstack.StoreUnavailableException if the disk fails, after which nobody knows what
   *     of it survives; the store takes no more changes until it is opened again
   */
  default void awaitDurable(long revision) {}

  /**
   * Returns the revision of the last committed set, by whatever process. Every committed set raises
   * it by exactly one. Cheap enough to ask before every commit.
   *
   * @return 0 for a new store
   */
  long revision();

  /**
   * Returns the spaces that something was ever committed to.
   *
   * @return an unmodifiable set in the order of their names
   */
  SortedSet<AddressSpace> spaces();

  /**
   * Returns all blocks of a space at one revision.
   *
   * @param space the space
   * @return the snapshot
   */
  StoreSnapshot snapshot(AddressSpace space);

  /**
   * Returns the audit trail of a space after a revision, oldest first: what an index must catch up
   * with.
   *
   * @param space the space
   * @param revision the last revision known
   * @return the lines with a higher revision
   */
  default List<HistoryEntry> changesSince(AddressSpace space, long revision) {
    return changesBetween(space, revision, Long.MAX_VALUE);
  }

  /**
   * Returns a part of the audit trail of a space, oldest first. Costs as much as there was
   * committed to the store between the two revisions.
   *
   * @param space the space
   * @param after the last revision left out; 0 to begin at the first
   * @param upTo the last revision wanted; {@link Long#MAX_VALUE} for all that there are
   * @return the lines with a revision above {@code after} and up to {@code upTo}
   */
  List<HistoryEntry> changesBetween(AddressSpace space, long after, long upTo);

  /**
   * Returns the blocks of a scope's owners in address order. Costs as much as the answer is long.
   *
   * @param space the space
   * @param scope whose
   * @return the blocks, whatever their state
   */
  List<AllocatedBlock> blocksOf(AddressSpace space, OwnerScope scope);

  /**
   * Returns the blocks that overlap a block, in address order. Costs as much as the answer is long.
   *
   * @param space the space
   * @param block the block
   * @return the blocks, whatever their state
   */
  List<AllocatedBlock> overlapping(AddressSpace space, IpPrefix block);

  /**
   * Returns all that ever happened to an address, oldest first. Doesn't scan the audit trail.
   *
   * @param space the space
   * @param address the address
   * @return the lines about blocks that contain it
   */
  List<HistoryEntry> history(AddressSpace space, IpAddress address);

  /**
   * Returns a document.
   *
   * @param space the space
   * @param key the key
   * @return its text; empty when there is none
   */
  Optional<String> document(AddressSpace space, String key);

  /**
   * Returns the documents whose key starts with a text, by key in order.
   *
   * @param space the space
   * @param keyPrefix how the keys start
   * @return an unmodifiable map
   */
  Map<String, String> documents(AddressSpace space, String keyPrefix);

  /**
   * Has the engine examine what the other methods take on trust: that what it reads is what was
   * written, and that the rules by which it refuses overlaps are in force. Changes nothing; reads
   * everything, so it takes as long as the store is large.
   *
   * @return what is wrong, the gravest first; empty if nothing is
   */
  List<Diagnostic> examine();

  /** Releases files and connections. Closing twice is closing once. */
  @Override
  void close();
}
