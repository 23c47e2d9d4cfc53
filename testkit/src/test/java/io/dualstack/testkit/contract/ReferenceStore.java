package io.dualstack.testkit.contract;

import io.dualstack.Diagnostic;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A plain store that holds the contract, or breaks it in one way. What is "on disk" outlives the
 * store, by folder.
 */
final class ReferenceStore implements AllocationStore {

  /** What is broken. */
  enum Fault {
    NONE,
    ANSWERS_WHEN_CLOSED,
    CHECKS_BEFORE_IT_LOCKS,
    COUNTS_REFUSED_SETS,
    FORGETS_SPACES_WITHOUT_BLOCKS,
    FORGETS_THE_TRAIL_OF_FREED_BLOCKS,
    FREES_WITHOUT_COMPARING,
    HALF_APPLIES,
    IGNORES_CONTAINMENT,
    IGNORES_EXPECTED_DOCUMENTS,
    IGNORES_OVERLAP,
    IGNORES_SLOTS,
    KEEPS_DOCUMENTS_OF_REFUSED_SETS,
    KNOWS_ONLY_ITS_OWN_REVISION,
    LOSES_LAST_WRITE,
    MATCHES_OWNERS_AS_TEXT,
    MIXES_SPACES,
    REFUSES_WHOLE_LISTS,
    REMEMBERS_SINGLE_ADDRESSES_ONLY,
    REPEATS_KNOWN_CHANGES,
    SHOWS_HALF_SETS,
    SORTS_AS_TEXT,
    TELLS_CHANGES_TO_THE_END,
    WRITES_ADDITIONS_FIRST
  }

  private static final Map<Path, Disk> DISKS = new ConcurrentHashMap<>();

  private static final class Disk {
    private volatile State state = new State();
    private volatile State before = state;
  }

  private static final class State {
    private final Map<AddressSpace, Records> spaces = new HashMap<>();
    private long revision;

    State with(AddressSpace space, Records records, long newRevision) {
      State next = new State();
      next.spaces.putAll(spaces);
      next.spaces.put(space, records);
      next.revision = newRevision;
      return next;
    }

    Records records(AddressSpace space) {
      return spaces.getOrDefault(space, new Records());
    }
  }

  private static final class Records {
    private final TreeMap<IpPrefix, AllocatedBlock> blocks = new TreeMap<>();
    private final TreeMap<String, String> documents = new TreeMap<>();
    private final List<HistoryEntry> trail = new ArrayList<>();
    private final Map<Owner, Integer> holdings = new HashMap<>();

    Records copy() {
      Records copy = new Records();
      copy.holdings.putAll(holdings);
      copy.blocks.putAll(blocks);
      copy.documents.putAll(documents);
      copy.trail.addAll(trail);
      return copy;
    }
  }

  private final Fault fault;
  private final Disk disk;
  private long ownRevision;
  private volatile boolean closed;

  ReferenceStore(Path folder, Fault fault) {
    this.fault = fault;
    this.disk = DISKS.computeIfAbsent(folder, place -> new Disk());
    this.ownRevision = disk.state.revision;
  }

  @Override
  public String location() {
    return "reference:";
  }

  // Writing

  @Override
  public List<CommitResult> commitAll(List<ChangeSet> sets) {
    requireOpen();
    List<CommitResult> results = new ArrayList<>();
    if (fault == Fault.CHECKS_BEFORE_IT_LOCKS) {
      sets.forEach(set -> results.add(write(set)));
      return results;
    }
    synchronized (disk) {
      State start = disk.state;
      for (ChangeSet set : sets) {
        CommitResult result = write(set);
        results.add(result);
        if (fault == Fault.REFUSES_WHOLE_LISTS && result instanceof CommitResult.Refused) {
          disk.state = start;
        }
      }
    }
    return results;
  }

  private CommitResult write(ChangeSet set) {
    State state = disk.state;
    AddressSpace space = space(set.space());
    Records changed = state.records(space).copy();
    long revision = state.revision + 1;
    for (Change change : inOrder(set.changes())) {
      Refusal refusal = refusalOf(changed, change);
      if (refusal != null) {
        refuse(space, changed, state);
        return new CommitResult.Refused(refusal);
      }
      apply(changed, change);
      HistoryEntry line = change.line(revision, set.at());
      if (line != null) {
        changed.trail.add(line);
      }
      if (fault == Fault.SHOWS_HALF_SETS) {
        disk.state = state.with(space, changed.copy(), revision);
        pause();
      }
    }
    if (fault == Fault.CHECKS_BEFORE_IT_LOCKS) {
      pause();
    }
    synchronized (disk) {
      disk.before = disk.state;
      disk.state = state.with(space, changed, revision);
      ownRevision = revision;
    }
    return new CommitResult.Committed(revision);
  }

  private void refuse(AddressSpace space, Records changed, State state) {
    switch (fault) {
      case HALF_APPLIES -> disk.state = state.with(space, changed, state.revision);
      case COUNTS_REFUSED_SETS ->
          disk.state = state.with(space, state.records(space), state.revision + 1);
      case KEEPS_DOCUMENTS_OF_REFUSED_SETS -> {
        Records kept = state.records(space).copy();
        kept.documents.clear();
        kept.documents.putAll(changed.documents);
        disk.state = state.with(space, kept, state.revision);
      }
      default -> disk.state = fault == Fault.CHECKS_BEFORE_IT_LOCKS ? disk.state : state;
    }
  }

  /** Gives other threads time to come in between. */
  private static void pause() {
    for (int i = 0; i < 500; i++) {
      Thread.yield();
    }
  }

  private AddressSpace space(AddressSpace asked) {
    return fault == Fault.MIXES_SPACES ? AddressSpace.DEFAULT : asked;
  }

  private List<Change> inOrder(List<Change> changes) {
    if (fault != Fault.WRITES_ADDITIONS_FIRST) {
      return changes;
    }
    List<Change> sorted = new ArrayList<>(changes);
    sorted.sort(Comparator.comparing(change -> !(change instanceof Change.Add)));
    return sorted;
  }

  private Refusal refusalOf(Records records, Change change) {
    if (change instanceof Change.Add add) {
      Refusal overlap = overlap(records, add.block());
      return overlap == null ? slotTaken(records, add.block()) : overlap;
    }
    if (change instanceof Change.Replace replace) {
      Refusal notHeld = notHeld(records, replace.before());
      return notHeld == null ? slotTaken(records, replace.after()) : notHeld;
    }
    if (change instanceof Change.Remove remove) {
      return notHeld(records, remove.block());
    }
    if (change instanceof Change.ExpectDocument expect
        && fault != Fault.IGNORES_EXPECTED_DOCUMENTS
        && !Objects.equals(records.documents.get(expect.key()), expect.text())) {
      return new Refusal.DocumentChanged(expect.key());
    }
    return null;
  }

  private Refusal overlap(Records records, AllocatedBlock wanted) {
    if (fault == Fault.IGNORES_OVERLAP) {
      return null;
    }
    Map.Entry<IpPrefix, AllocatedBlock> around =
        records.blocks.floorEntry(IpPrefix.single(wanted.block().last()));
    if (around == null || !around.getKey().overlaps(wanted.block())) {
      return null;
    }
    if (fault == Fault.IGNORES_CONTAINMENT) {
      AllocatedBlock equal = records.blocks.get(wanted.block());
      return equal == null ? null : new Refusal.Overlap(wanted.block(), equal);
    }
    AllocatedBlock first =
        around.getKey().contains(wanted.block())
            ? around.getValue()
            : records.blocks.ceilingEntry(wanted.block()).getValue();
    return new Refusal.Overlap(wanted.block(), first);
  }

  private Refusal notHeld(Records records, AllocatedBlock expected) {
    AllocatedBlock actual = records.blocks.get(expected.block());
    boolean same =
        fault == Fault.FREES_WITHOUT_COMPARING ? actual != null : expected.equals(actual);
    return same ? null : new Refusal.NotHeld(expected, actual);
  }

  private Refusal slotTaken(Records records, AllocatedBlock wanted) {
    if (fault == Fault.IGNORES_SLOTS
        || !takesSlot(wanted)
        || records.holdings.getOrDefault(wanted.owner(), 0) == 0) {
      return null;
    }
    for (AllocatedBlock held : records.blocks.values()) {
      if (held.owner().equals(wanted.owner())
          && held.network().equals(wanted.network())
          && takesSlot(held)
          && !held.block().equals(wanted.block())) {
        return new Refusal.SlotTaken(wanted.block(), held);
      }
    }
    return null;
  }

  private static boolean takesSlot(AllocatedBlock held) {
    return held.state() == BlockState.ACTIVE && held.kind() != AllocationKind.EXTERNAL;
  }

  private void apply(Records records, Change change) {
    if (change instanceof Change.Add add) {
      records.blocks.put(add.block().block(), add.block());
      records.holdings.merge(add.block().owner(), 1, Integer::sum);
    } else if (change instanceof Change.Replace replace) {
      records.holdings.merge(replace.before().owner(), -1, Integer::sum);
      records.holdings.merge(replace.after().owner(), 1, Integer::sum);
      records.blocks.put(replace.after().block(), replace.after());
    } else if (change instanceof Change.Remove remove) {
      records.holdings.merge(remove.block().owner(), -1, Integer::sum);
      records.blocks.remove(remove.block().block());
      if (fault == Fault.FORGETS_THE_TRAIL_OF_FREED_BLOCKS) {
        records.trail.removeIf(line -> line.block().block().equals(remove.block().block()));
      }
    } else if (change instanceof Change.PutDocument put) {
      records.documents.put(put.key(), put.text());
    } else if (change instanceof Change.RemoveDocument remove) {
      records.documents.remove(remove.key());
    }
  }

  // Reading

  @Override
  public long revision() {
    requireOpen();
    return fault == Fault.KNOWS_ONLY_ITS_OWN_REVISION ? ownRevision : disk.state.revision;
  }

  @Override
  public SortedSet<AddressSpace> spaces() {
    requireOpen();
    SortedSet<AddressSpace> found = new TreeSet<>(disk.state.spaces.keySet());
    if (fault == Fault.FORGETS_SPACES_WITHOUT_BLOCKS) {
      found.removeIf(space -> disk.state.records(space).blocks.isEmpty());
    }
    return Collections.unmodifiableSortedSet(found);
  }

  @Override
  public StoreSnapshot snapshot(AddressSpace space) {
    requireOpen();
    State state = disk.state;
    return new StoreSnapshot(
        state.revision, sorted(List.copyOf(state.records(space(space)).blocks.values())));
  }

  @Override
  public List<HistoryEntry> changesBetween(AddressSpace space, long after, long upTo) {
    long known = fault == Fault.REPEATS_KNOWN_CHANGES ? after - 1 : after;
    long last = fault == Fault.TELLS_CHANGES_TO_THE_END ? Long.MAX_VALUE : upTo;
    return read(
        space,
        records ->
            records.trail.stream()
                .filter(line -> line.revision() > known && line.revision() <= last)
                .toList());
  }

  @Override
  public List<AllocatedBlock> blocksOf(AddressSpace space, OwnerScope scope) {
    return blocks(
        space,
        held ->
            fault == Fault.MATCHES_OWNERS_AS_TEXT
                ? held.owner().id().startsWith(scope.path())
                : scope.contains(held.owner()));
  }

  @Override
  public List<AllocatedBlock> overlapping(AddressSpace space, IpPrefix block) {
    return blocks(space, held -> held.block().overlaps(block));
  }

  private List<AllocatedBlock> blocks(
      AddressSpace space, Function<AllocatedBlock, Boolean> filter) {
    return read(
        space, records -> sorted(records.blocks.values().stream().filter(filter::apply).toList()));
  }

  private List<AllocatedBlock> sorted(List<AllocatedBlock> inOrder) {
    return fault == Fault.SORTS_AS_TEXT
        ? inOrder.stream().sorted(Comparator.comparing(held -> held.block().toString())).toList()
        : inOrder;
  }

  @Override
  public List<HistoryEntry> history(AddressSpace space, IpAddress address) {
    return read(
        space,
        records ->
            records.trail.stream()
                .filter(
                    line ->
                        fault == Fault.REMEMBERS_SINGLE_ADDRESSES_ONLY
                            ? line.block().block().first().equals(address)
                            : line.block().block().contains(address))
                .toList());
  }

  @Override
  public Optional<String> document(AddressSpace space, String key) {
    return read(space, records -> Optional.ofNullable(records.documents.get(key)));
  }

  @Override
  public Map<String, String> documents(AddressSpace space, String keyPrefix) {
    return read(
        space,
        records -> {
          Map<String, String> found = new TreeMap<>(records.documents);
          found.keySet().removeIf(key -> !key.startsWith(keyPrefix));
          return Collections.unmodifiableMap(found);
        });
  }

  @Override
  public List<Diagnostic> examine() {
    requireOpen();
    return List.of();
  }

  private <T> T read(AddressSpace space, Function<Records, T> query) {
    requireOpen();
    return query.apply(disk.state.records(space(space)));
  }

  private void requireOpen() {
    if (closed && fault != Fault.ANSWERS_WHEN_CLOSED) {
      throw new StoreUnavailableException("reference: is closed", false, null);
    }
  }

  @Override
  public void close() {
    if (!closed && fault == Fault.LOSES_LAST_WRITE) {
      disk.state = disk.before;
    }
    closed = true;
  }
}
