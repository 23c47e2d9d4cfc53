package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.jdbc.BlockWriter;
import io.dualstack.impl.allocation.store.jdbc.Columns;
import io.dualstack.impl.store.postgresql.PostgresFailures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes blocks and what the audit trail tells of them, as many as follow each other with the same
 * kind of change in one statement, which is one round trip.
 */
final class BlockStatements implements BlockWriter {

  /** Rows in one statement at most, to bound the arrays. */
  private static final int MAX_RUN = 4096;

  private static final String TOLD =
      "told AS (INSERT INTO trail (space, revision, place, at, event, block, "
          + Columns.CHANGEABLE_LIST
          + ") SELECT ?, revision, place, at, event, block, "
          + Columns.CHANGEABLE_LIST
          + " FROM line) SELECT count(*) FROM done";

  static final String ADD =
      "WITH line AS ("
          + Lines.TABLE
          + "), done AS (INSERT INTO block (space, block, "
          + Columns.CHANGEABLE_LIST
          + ") SELECT ?, block, "
          + Columns.CHANGEABLE_LIST
          + " FROM line RETURNING 1), "
          + TOLD;

  static final String REPLACE =
      "WITH line AS ("
          + Lines.TABLE_WITH_BEFORE
          + "), done AS (UPDATE block SET "
          + Lines.setFrom("line")
          + " FROM line WHERE block.space = ? AND "
          + Lines.same("block", "line", true)
          + " RETURNING 1), "
          + TOLD;

  static final String REMOVE =
      "WITH line AS ("
          + Lines.TABLE
          + "), done AS (DELETE FROM block USING line WHERE block.space = ? AND "
          + Lines.same("block", "line", false)
          + " RETURNING 1), "
          + TOLD;

  private record Slot(String owner, String network) {}

  private final PreparedStatement add;
  private final PreparedStatement replace;
  private final PreparedStatement remove;

  private final Lines run = new Lines(MAX_RUN);

  /** Slots that replacements of the run give up or take. */
  private final Set<Slot> slots = new HashSet<>();

  private @Nullable PreparedStatement statement;
  private int space;

  BlockStatements(Connection connection) throws SQLException {
    add = connection.prepareStatement(ADD);
    replace = connection.prepareStatement(REPLACE);
    remove = connection.prepareStatement(REMOVE);
  }

  @Override
  public boolean stage(int inSpace, HistoryEntry line, int place, Change change)
      throws SQLException {
    PreparedStatement next = statementOf(change);
    Change.Replace replaced = change instanceof Change.Replace replacement ? replacement : null;
    boolean fits = next == statement && inSpace == space && !run.isFull();
    if (!(fits && (replaced == null || areFresh(replaced))) && !flush()) {
      return false;
    }
    statement = next;
    space = inSpace;
    if (replaced == null) {
      run.add(line, place, null);
    } else {
      slots.add(slot(replaced.before()));
      slots.add(slot(replaced.after()));
      run.add(line, place, replaced.before());
    }
    return true;
  }

  /**
   * Rows of one statement change in no order, so that in one run no slot may pass from one block to
   * another.
   */
  private boolean areFresh(Change.Replace replaced) {
    return !slots.contains(slot(replaced.before())) && !slots.contains(slot(replaced.after()));
  }

  private static Slot slot(AllocatedBlock block) {
    return new Slot(block.owner().id(), block.network());
  }

  private PreparedStatement statementOf(Change change) {
    if (change instanceof Change.Add) {
      return add;
    }
    return change instanceof Change.Replace ? replace : remove;
  }

  @Override
  public boolean flush() throws SQLException {
    PreparedStatement current = statement;
    int expected = run.count();
    if (current == null || expected == 0) {
      return true;
    }
    int next = run.bind(current, 1, current == replace);
    discard();
    current.setInt(next, space);
    current.setInt(next + 1, space);
    try (ResultSet row = current.executeQuery()) {
      return row.next() && row.getInt(1) == expected;
    } catch (SQLException e) {
      if (PostgresFailures.INSTANCE.isRefusal(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void discard() {
    run.clear();
    slots.clear();
    statement = null;
  }
}
