package io.dualstack.impl.allocation.store.memory;

import io.dualstack.Diagnostic;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in the memory of this process and loses it with the process, or when it is
 * closed. Nothing is flushed, so a commit costs microseconds; the audit trail grows without end, as
 * it does in every store.
 *
 * <p>Thread-safe: one writer or many readers at a time.
 */
public final class MemoryAllocationStore implements AllocationStore {

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Map<AddressSpace, SpaceRecords> spaces = new HashMap<>();
  private long revision;
  private boolean closed;

  /** Creates an empty store. */
  public MemoryAllocationStore() {}

  @Override
  public String location() {
    return MemoryStoreFactory.LOCATION;
  }

  @Override
  public List<CommitResult> commitAll(List<ChangeSet> sets) {
    List<ChangeSet> copy = List.copyOf(sets);
    return locked(lock.writeLock(), () -> copy.stream().map(this::write).toList());
  }

  private CommitResult write(ChangeSet set) {
    SpaceRecords records = spaces.getOrDefault(set.space(), new SpaceRecords());
    Deque<Runnable> undo = new ArrayDeque<>();
    List<HistoryEntry> lines = new ArrayList<>();
    for (Change change : set.changes()) {
      Refusal refusal = apply(records, change, undo);
      if (refusal != null) {
        undo.forEach(Runnable::run);
        return new CommitResult.Refused(refusal);
      }
      HistoryEntry line = change.line(revision + 1, set.at());
      if (line != null) {
        lines.add(line);
      }
    }
    lines.forEach(records::record);
    spaces.putIfAbsent(set.space(), records);
    revision++;
    return new CommitResult.Committed(revision);
  }

  /** Takes one step and puts what takes it back in front of {@code undo}; or says why not. */
  private static @Nullable Refusal apply(
      SpaceRecords records, Change change, Deque<Runnable> undo) {
    if (change instanceof Change.Add add) {
      Refusal refusal = records.refusalOf(add.block());
      if (refusal == null) {
        records.put(add.block());
        undo.push(() -> records.remove(add.block()));
      }
      return refusal;
    }
    if (change instanceof Change.Replace replace) {
      Refusal refusal = records.refusalOf(replace.before(), replace.after());
      if (refusal == null) {
        records.put(replace.after());
        undo.push(() -> records.put(replace.before()));
      }
      return refusal;
    }
    if (change instanceof Change.Remove remove) {
      Refusal refusal = records.refusalOf(remove.block(), null);
      if (refusal == null) {
        records.remove(remove.block());
        undo.push(() -> records.put(remove.block()));
      }
      return refusal;
    }
    if (change instanceof Change.ExpectDocument expect) {
      return Objects.equals(records.document(expect.key()), expect.text())
          ? null
          : new Refusal.DocumentChanged(expect.key());
    }
    if (change instanceof Change.PutDocument put) {
      putDocument(records, put.key(), put.text(), undo);
      return null;
    }
    if (change instanceof Change.RemoveDocument remove) {
      putDocument(records, remove.key(), null, undo);
      return null;
    }
    throw new IllegalArgumentException(change + ": is no step this store knows");
  }

  private static void putDocument(
      SpaceRecords records, String key, @Nullable String text, Deque<Runnable> undo) {
    String before = records.document(key);
    records.putDocument(key, text);
    undo.push(() -> records.putDocument(key, before));
  }

  @Override
  public long revision() {
    return locked(lock.readLock(), () -> revision);
  }

  @Override
  public SortedSet<AddressSpace> spaces() {
    return locked(
        lock.readLock(), () -> Collections.unmodifiableSortedSet(new TreeSet<>(spaces.keySet())));
  }

  @Override
  public StoreSnapshot snapshot(AddressSpace space) {
    return read(space, records -> new StoreSnapshot(revision, records.all()));
  }

  @Override
  public List<HistoryEntry> changesBetween(AddressSpace space, long after, long upTo) {
    return read(space, records -> records.between(after, upTo));
  }

  @Override
  public List<AllocatedBlock> blocksOf(AddressSpace space, OwnerScope scope) {
    return read(space, records -> records.of(scope));
  }

  @Override
  public List<AllocatedBlock> overlapping(AddressSpace space, IpPrefix block) {
    return read(space, records -> records.overlapping(block));
  }

  @Override
  public List<HistoryEntry> history(AddressSpace space, IpAddress address) {
    return read(space, records -> records.history(address));
  }

  @Override
  public Optional<String> document(AddressSpace space, String key) {
    return read(space, records -> Optional.ofNullable(records.document(key)));
  }

  @Override
  public Map<String, String> documents(AddressSpace space, String keyPrefix) {
    return Collections.unmodifiableMap(read(space, records -> records.documents(keyPrefix)));
  }

  /** Finds nothing: the rules are this class, and there is no medium. */
  @Override
  public List<Diagnostic> examine() {
    return locked(lock.readLock(), List::of);
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      closed = true;
      spaces.clear();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private <T> T read(AddressSpace space, Function<SpaceRecords, T> query) {
    return locked(
        lock.readLock(),
        () -> {
          SpaceRecords records = spaces.get(space);
          return query.apply(records == null ? new SpaceRecords() : records);
        });
  }

  private <T> T locked(Lock side, Supplier<T> action) {
    side.lock();
    try {
      if (closed) {
        throw new StoreUnavailableException(
            location() + ": the store is closed; open another", false, null);
      }
      return action.get();
    } finally {
      side.unlock();
    }
  }
}
