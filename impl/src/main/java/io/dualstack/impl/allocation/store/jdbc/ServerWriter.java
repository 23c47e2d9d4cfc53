package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.impl.store.jdbc.WritingConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes: a group of sets in one transaction, which is one flush.
 *
 * <p>A transaction begins by counting its sets into the revision, and so waits for all others that
 * write: from then on it sees what they committed, and what it reads stays as it is. All sets are
 * written as if nothing could be refused, many blocks in one statement, and the database's own
 * rules are the check. Only when it refuses something is the group rolled back and written in
 * halves, those that are refused in halves again, each behind a savepoint, to find out which set it
 * was and why.
 *
 * <p>Used by one thread at a time. After an exception the connection is in no known state: close
 * it.
 */
public final class ServerWriter implements WritingConnection.Writer {

  /** How often a step is tried that others, who don't take the lock, get in the way of. */
  private static final int ATTEMPTS = 5;

  /** What counts the sets of a transaction. */
  public interface Counter {

    /** Counts so many more, and so waits for all others that write. Returns how many there are. */
    long add(int sets) throws SQLException;

    /** Corrects the count. */
    void set(long sets) throws SQLException;
  }

  /**
   * What an engine writes with.
   *
   * @param counter counts sets
   * @param blocks writes blocks
   * @param held looks at blocks
   * @param documents writes documents
   * @param spaces knows spaces
   */
  public record Statements(
      Counter counter,
      BlockWriter blocks,
      HeldBlocks held,
      DocumentStatements documents,
      Spaces spaces) {}

  private final Connection connection;
  private final Counter counter;
  private final BlockWriter blocks;
  private final HeldBlocks held;
  private final DocumentStatements documents;
  private final Spaces spaces;

  private long revision;
  private boolean committing;

  /** Takes over a connection that commits nothing by itself, and what was prepared on it. */
  public ServerWriter(Connection connection, Statements statements) {
    this.connection = connection;
    this.counter = statements.counter();
    this.blocks = statements.blocks();
    this.held = statements.held();
    this.documents = statements.documents();
    this.spaces = statements.spaces();
  }

  /** Writes a group and commits it. Returns how each set ended. */
  List<CommitResult> write(List<ChangeSet> group) throws SQLException {
    committing = false;
    long before = begin(group.size());
    List<CommitResult> results = new ArrayList<>(group.size());
    if (!stageAll(group) || !blocks.flush()) {
      rollback();
      before = begin(group.size());
      writeParts(group, results);
    } else {
      addCommitted(before, group.size(), results);
    }
    finish(before, before + group.size());
    return results;
  }

  @Override
  public boolean isCommitting() {
    return committing;
  }

  private long begin(int sets) throws SQLException {
    blocks.discard();
    revision = counter.add(sets) - sets;
    return revision;
  }

  private void rollback() throws SQLException {
    connection.rollback();
    spaces.rolledBack();
  }

  private void finish(long before, long counted) throws SQLException {
    if (revision == before) {
      rollback();
      return;
    }
    if (revision != counted) {
      counter.set(revision);
    }
    committing = true;
    connection.commit();
    committing = false;
    spaces.committed();
  }

  private static void addCommitted(long before, int sets, List<CommitResult> results) {
    for (int i = 1; i <= sets; i++) {
      results.add(new Committed(before + i));
    }
  }

  // All at once

  private boolean stageAll(List<ChangeSet> sets) throws SQLException {
    for (ChangeSet set : sets) {
      int space = spaces.number(set.space());
      revision++;
      if (!stageSteps(space, set, 0, set.changes().size())) {
        return false;
      }
    }
    return true;
  }

  /** Takes steps of a set, of which the last may not have reached the database yet. */
  private boolean stageSteps(int space, ChangeSet set, int from, int to) throws SQLException {
    for (int place = from; place < to; place++) {
      Change change = set.changes().get(place);
      HistoryEntry line = change.line(revision, set.at());
      if (!(line == null
          ? documents.apply(space, change)
          : blocks.stage(space, line, place, change))) {
        return false;
      }
    }
    return true;
  }

  // In parts

  private interface Part {
    boolean write() throws SQLException;
  }

  /** Writes behind a savepoint; what is refused leaves nothing. */
  private boolean atomically(Part part) throws SQLException {
    long before = revision;
    Savepoint here = connection.setSavepoint();
    boolean written = part.write() && blocks.flush();
    if (!written) {
      blocks.discard();
      connection.rollback(here);
      spaces.rolledBack();
      revision = before;
    }
    connection.releaseSavepoint(here);
    return written;
  }

  private void writeParts(List<ChangeSet> sets, List<CommitResult> results) throws SQLException {
    if (sets.size() == 1) {
      results.add(writeOne(sets.get(0)));
      return;
    }
    int half = sets.size() / 2;
    for (List<ChangeSet> part : List.of(sets.subList(0, half), sets.subList(half, sets.size()))) {
      long before = revision;
      if (atomically(() -> stageAll(part))) {
        addCommitted(before, part.size(), results);
      } else {
        writeParts(part, results);
      }
    }
  }

  /** Writes a set that may be refused. */
  private CommitResult writeOne(ChangeSet set) throws SQLException {
    Refusal[] refusal = new Refusal[1];
    boolean written =
        atomically(
            () -> {
              int space = spaces.number(set.space());
              revision++;
              refusal[0] = writeSteps(space, set, 0, set.changes().size());
              return refusal[0] == null;
            });
    return written ? new Committed(revision) : new Refused(refusal[0]);
  }

  /**
   * Takes steps of which one was refused, or which can't be taken in one statement, such as
   * replacing one block twice. Returns why the first of them that can't be taken can't; null if all
   * were.
   */
  private @Nullable Refusal writeSteps(int space, ChangeSet set, int from, int to)
      throws SQLException {
    if (to - from == 1) {
      return writeStep(space, set, from);
    }
    int half = (from + to) >>> 1;
    Refusal refusal = null;
    if (!atomically(() -> stageSteps(space, set, from, half))) {
      refusal = writeSteps(space, set, from, half);
    }
    if (refusal == null && !atomically(() -> stageSteps(space, set, half, to))) {
      refusal = writeSteps(space, set, half, to);
    }
    return refusal;
  }

  /** Looks before it writes, and again if another writer was faster. */
  private @Nullable Refusal writeStep(int space, ChangeSet set, int place) throws SQLException {
    Change change = set.changes().get(place);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Refusal refusal =
          change.about() == null
              ? documents.refusalOf(space, change)
              : held.refusalOf(space, change);
      if (refusal != null || atomically(() -> stageSteps(space, set, place, place + 1))) {
        return refusal;
      }
    }
    throw new SQLException(change + ": was refused without a reason");
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
