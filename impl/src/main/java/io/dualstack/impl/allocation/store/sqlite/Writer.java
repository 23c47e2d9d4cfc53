package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.Meters;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.CommitResult.Committed;
import io.dualstack.allocation.spi.CommitResult.Refused;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.impl.allocation.store.jdbc.DocumentStatements;
import io.dualstack.impl.allocation.store.jdbc.HeldBlocks;
import io.dualstack.impl.allocation.store.jdbc.Spaces;
import io.dualstack.impl.allocation.store.sqlite.Steps.Step;
import io.dualstack.impl.store.sqlite.WriteLock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes: a group of sets in one transaction, which is one flush.
 *
 * <p>First all sets are written as if nothing could be refused, many blocks in one statement, and
 * the database's own rules are the check. Only when it refuses something is the group rolled back
 * and written set by set, each behind a savepoint, to find out which set it was and why.
 *
 * <p>Used by one thread at a time. After an exception the connection is in no known state: close
 * it.
 */
final class Writer implements AutoCloseable {

  private final Connection connection;
  private final WriteLock begin;
  private final PreparedStatement commit;
  private final PreparedStatement rollback;
  private final PreparedStatement savepoint;
  private final PreparedStatement rollbackToSavepoint;
  private final PreparedStatement release;
  private final PreparedStatement readRevision;
  private final BlockStatements blocks;
  private final HeldBlocks held;
  private final DocumentStatements documents;
  private final Spaces spaces;
  private final Trail trail;

  private long committedRevision;
  private long revision;

  /**
   * Takes over a connection.
   *
   * @param patience how long to wait for other writers before giving up
   * @param meters never throw
   */
  Writer(Connection connection, Duration patience, Meters meters) throws SQLException {
    this.connection = connection;
    begin = new WriteLock(connection, patience, meters);
    commit = connection.prepareStatement("COMMIT");
    rollback = connection.prepareStatement("ROLLBACK");
    savepoint = connection.prepareStatement("SAVEPOINT one_set");
    rollbackToSavepoint = connection.prepareStatement("ROLLBACK TO one_set");
    release = connection.prepareStatement("RELEASE one_set");
    readRevision = connection.prepareStatement(Queries.REVISION);
    blocks = new BlockStatements(connection);
    held = new HeldBlocks(connection, Queries.INSTANCE);
    documents =
        new DocumentStatements(
            connection,
            Queries.INSTANCE,
            "INSERT INTO document (space, key, text) VALUES (?, ?, ?)"
                + " ON CONFLICT DO UPDATE SET text = excluded.text");
    spaces = new Spaces(connection, "INSERT INTO space (name) VALUES (?)");
    trail = new Trail(connection);
  }

  /** Writes a group into the log. Returns how each set ended; the log isn't flushed yet. */
  List<CommitResult> write(List<Steps> group) throws SQLException {
    begin.whenFree();
    start();
    List<CommitResult> results = new ArrayList<>(group.size());
    if (!writeAll(group, results)) {
      rollback.execute();
      results.clear();
      begin.whenFree();
      start();
      for (Steps set : group) {
        results.add(writeOne(set));
      }
    }
    finish();
    return results;
  }

  /** Returns the store's revision after the last group. */
  long revision() {
    return revision;
  }

  private boolean writeAll(List<Steps> group, List<CommitResult> results) throws SQLException {
    for (Steps set : group) {
      if (!stage(set)) {
        return false;
      }
      results.add(new Committed(revision));
    }
    return blocks.flush();
  }

  /** Takes the steps of a set, of which the last may not have reached the database yet. */
  private boolean stage(Steps set) throws SQLException {
    int space = spaces.number(set.space());
    revision++;
    for (Step step : set.steps()) {
      if (!stage(space, step)) {
        return false;
      }
    }
    return true;
  }

  private boolean stage(int space, Step step) throws SQLException {
    if (step.change().about() == null) {
      return documents.apply(space, step.change());
    }
    trail.add(space, revision, step.line());
    return blocks.stage(space, revision, step);
  }

  private CommitResult writeOne(Steps set) throws SQLException {
    long revisionBefore = revision;
    int linesBefore = trail.size();
    savepoint.execute();
    boolean written = stage(set) && blocks.flush();
    Refusal refusal = null;
    if (!written) {
      takeBack(revisionBefore, linesBefore);
      refusal = writeStepByStep(set);
      if (refusal != null) {
        takeBack(revisionBefore, linesBefore);
      }
    }
    release.execute();
    return refusal == null ? new Committed(revision) : new Refused(refusal);
  }

  private void takeBack(long revisionBefore, int linesBefore) throws SQLException {
    blocks.discard();
    rollbackToSavepoint.execute();
    spaces.rolledBack();
    trail.cutTo(linesBefore);
    revision = revisionBefore;
  }

  /**
   * Writes a set that may be refused: looks before each step. That finds the reason, and also lets
   * pass what many steps in one statement can't do, such as replacing one block twice.
   */
  private @Nullable Refusal writeStepByStep(Steps set) throws SQLException {
    int space = spaces.number(set.space());
    revision++;
    for (Step step : set.steps()) {
      Refusal refusal = refusalOf(space, step.change());
      if (refusal != null) {
        return refusal;
      }
      if (!stage(space, step) || !blocks.flush()) {
        throw new SQLException(step.change() + ": was refused without a reason");
      }
    }
    return null;
  }

  private @Nullable Refusal refusalOf(int space, Change change) throws SQLException {
    return change.about() == null
        ? documents.refusalOf(space, change)
        : held.refusalOf(space, change);
  }

  private void start() throws SQLException {
    spaces.rolledBack();
    blocks.discard();
    trail.clear();
    try (ResultSet row = readRevision.executeQuery()) {
      row.next();
      committedRevision = row.getLong(1);
      revision = committedRevision;
    }
  }

  private void finish() throws SQLException {
    if (revision == committedRevision) {
      rollback.execute();
      return;
    }
    trail.write(revision);
    commit.execute();
    spaces.committed();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
