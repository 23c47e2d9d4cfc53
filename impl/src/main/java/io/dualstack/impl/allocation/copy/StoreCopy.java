package io.dualstack.impl.allocation.copy;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.CopyReport;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.impl.allocation.trail.TrailReplay;
import io.dualstack.impl.allocation.trail.TrailReplay.ImpossibleLineException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Does again in an empty store, set by set, what was ever done in another, so that its audit trail
 * is the same line by line. Documents, which leave no lines, follow at the end.
 *
 * <p>A copy that was cut short is carried on with: what is there already must be the beginning of
 * the original.
 */
public final class StoreCopy {

  /** Steps written at once at most, unless one set has more. */
  private static final int MAX_STEPS = 4096;

  private final AllocationStore from;
  private final AllocationStore to;
  private final Documents wanted;
  private final Documents there;
  private final SortedSet<AddressSpace> spaces;
  private final Map<AddressSpace, TrailReplay> replays = new HashMap<>();

  private StoreCopy(AllocationStore from, AllocationStore to) {
    this.from = from;
    this.to = to;
    this.wanted = Documents.of(from);
    this.there = Documents.of(to);
    this.spaces = new TreeSet<>(wanted.bySpace().keySet());
    spaces.addAll(there.bySpace().keySet());
  }

  /**
   * Copies a store that others may be writing to, as it is now.
   *
   * @param to where to: a store that is empty, or has the beginning of this copy
   * @return what came of it
   * @throws InvalidConfigurationException if the other store holds something else, or the original
   *     doesn't agree with itself; then nothing is written
   */
  public static CopyReport run(AllocationStore from, AllocationStore to) {
    return new StoreCopy(from, to).run();
  }

  private CopyReport run() {
    requireSomething();
    long common = Math.min(wanted.revision(), there.revision());
    compareTrails(common);
    boolean changed = copyTrails(common);
    changed |= copyDocuments();
    return new CopyReport(
        from.location(), to.location(), wanted.revision(), verify(), wanted.count(), changed);
  }

  /** An empty store was made just now, by opening it. */
  private void requireSomething() {
    if (wanted.revision() == 0) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  "from",
                  "StoreEmpty",
                  from.location() + ": holds nothing; name the store that is to be copied")));
    }
  }

  /** Refuses a copy whose trail isn't the original's so far. */
  private void compareTrails(long common) {
    Trails copied = new Trails(to, spaces, 0, there.revision());
    for (Trails originals = new Trails(from, spaces, 0, common); originals.hasNext(); ) {
      Trails.Lines original = originals.next();
      if (!copied.hasNext() || !copied.next().equals(original)) {
        throw holdsSomethingElse("differs from the original at revision " + original.revision());
      }
      steps(original);
    }
    if (copied.hasNext()) {
      throw holdsSomethingElse(
          "has a revision %d that the original hasn't".formatted(copied.next().revision()));
    }
    for (AddressSpace space : spaces) {
      if (!there.of(space).isEmpty() && !there.of(space).equals(wanted.of(space))) {
        throw holdsSomethingElse("has other documents in space " + space);
      }
    }
  }

  private InvalidConfigurationException holdsSomethingElse(String what) {
    return new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "to",
                "StoreNotEmpty",
                "%s: %s; name an empty store, or one with the beginning of this copy"
                    .formatted(to.location(), what))));
  }

  private TrailReplay replayOf(AddressSpace space) {
    return replays.computeIfAbsent(space, unused -> new TrailReplay());
  }

  private List<Change> steps(Trails.Lines set) {
    TrailReplay replay = replayOf(set.space());
    List<Change> steps = new ArrayList<>();
    for (HistoryEntry line : set.lines()) {
      try {
        steps.add(replay.take(line));
      } catch (ImpossibleLineException e) {
        throw new InvalidConfigurationException(
            List.of(
                Diagnostic.error(
                    "from",
                    "StoreUnsound",
                    "%s: %s; see what dualstack fsck says"
                        .formatted(from.location(), e.getMessage()))));
      }
    }
    return steps;
  }

  private boolean copyTrails(long common) {
    List<ChangeSet> sets = new ArrayList<>();
    int steps = 0;
    long next = common + 1;
    Trails originals = new Trails(from, spaces, common, wanted.revision());
    while (originals.hasNext()) {
      Trails.Lines original = originals.next();
      next = pad(sets, next, original.revision());
      ChangeSet set =
          new ChangeSet(original.space(), original.lines().get(0).at(), steps(original));
      sets.add(set);
      next++;
      steps += set.changes().size();
      if (steps + sets.size() > MAX_STEPS) {
        write(sets, next - 1);
        steps = 0;
      }
    }
    if (next <= wanted.revision()) {
      pad(sets, next, wanted.revision() + 1);
    }
    write(sets, wanted.revision());
    return common < wanted.revision();
  }

  /** Counts the revisions that left no lines, so that those that did keep their numbers. */
  private long pad(List<ChangeSet> sets, long next, long end) {
    for (long revision = next; revision < end; revision++) {
      sets.add(new ChangeSet(spaces.first(), Instant.EPOCH, List.of()));
      if (sets.size() > MAX_STEPS) {
        write(sets, revision);
      }
    }
    return end;
  }

  private void write(List<ChangeSet> sets, long last) {
    if (sets.isEmpty()) {
      return;
    }
    long revision = last - sets.size();
    for (CommitResult result : to.commitAll(sets)) {
      revision++;
      if (!result.equals(new Committed(revision))) {
        throw holdsSomethingElse("was written to by others meanwhile: " + result);
      }
    }
    sets.clear();
  }

  private boolean copyDocuments() {
    List<ChangeSet> sets = new ArrayList<>();
    for (AddressSpace space : spaces) {
      if (!there.of(space).equals(wanted.of(space))) {
        sets.add(new ChangeSet(space, Instant.EPOCH, wanted.steps(space)));
      }
    }
    boolean changed = !sets.isEmpty();
    write(sets, Math.max(wanted.revision(), there.revision()) + sets.size());
    return changed;
  }

  /** Reads back what was written. Returns how many blocks it is. */
  private long verify() {
    long blocks = 0;
    for (AddressSpace space : spaces) {
      List<AllocatedBlock> copied = to.snapshot(space).blocks();
      if (!copied.equals(List.copyOf(replayOf(space).held()))) {
        throw holdsSomethingElse("was written to by others meanwhile, in space " + space);
      }
      blocks += copied.size();
    }
    return blocks;
  }
}
