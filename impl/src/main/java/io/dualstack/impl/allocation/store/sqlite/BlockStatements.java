package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.sqlite.Steps.Step;
import io.dualstack.impl.store.sqlite.SqliteFailures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Writes blocks, as many as follow each other with the same kind of change in one statement. Each
 * call into SQLite costs as much as an insert does, so that the rows travel as one binary JSON
 * array.
 */
final class BlockStatements {

  /** Rows in one statement at most, to bound the array. */
  private static final int MAX_RUN = 4096;

  static final String ADD =
      "INSERT INTO block (space, "
          + Rows.BLOCK
          + ") SELECT ?1, "
          + Rows.lineBlockColumns("value")
          + " FROM jsonb_each(?2)";

  /** Lines first, blocks by key: told otherwise, SQLite would walk all blocks of the space. */
  static final String REPLACE =
      "WITH line AS MATERIALIZED (SELECT ?1 AS space, "
          + Rows.lineFirst("value")
          + " AS first, value FROM jsonb_each(?2)) UPDATE block SET "
          + Rows.setFromLine("line.value")
          + " FROM line WHERE block.space = line.space AND block.first = line.first AND "
          + Rows.sameAsBefore("block", "line.value");

  static final String REMOVE =
      "DELETE FROM block WHERE space = ?1 AND first IN (SELECT held.first FROM jsonb_each(?2) AS"
          + " line CROSS JOIN block AS held ON held.space = ?1 AND held.first = "
          + Rows.lineFirst("line.value")
          + " AND "
          + Rows.sameAsLine("held", "line.value")
          + ")";

  private final PreparedStatement add;
  private final PreparedStatement replace;
  private final PreparedStatement remove;

  private final Jsonb run = new Jsonb(1 << 16);
  private @Nullable PreparedStatement statement;
  private int space;
  private int count;
  private int begun;

  BlockStatements(Connection connection) throws SQLException {
    add = connection.prepareStatement(ADD);
    replace = connection.prepareStatement(REPLACE);
    remove = connection.prepareStatement(REMOVE);
  }

  /** Puts a step into the run, or begins the next one with it; false if one before was refused. */
  boolean stage(int inSpace, long revision, Step step) throws SQLException {
    PreparedStatement next = statementOf(step.change());
    if ((next != statement || inSpace != space || count == MAX_RUN) && !flush()) {
      return false;
    }
    if (count == 0) {
      statement = next;
      space = inSpace;
      run.clear();
      begun = run.begin();
    }
    count++;
    run.array(Jsonb.sizeOf(revision) + step.line().length + step.before().length);
    run.number(revision);
    run.encoded(step.line());
    run.encoded(step.before());
    return true;
  }

  private PreparedStatement statementOf(Change change) {
    if (change instanceof Change.Add) {
      return add;
    }
    return change instanceof Change.Replace ? replace : remove;
  }

  /** Sends the run to the database; false if that refuses any of it. */
  boolean flush() throws SQLException {
    PreparedStatement current = statement;
    if (current == null || count == 0) {
      return true;
    }
    run.end(begun);
    int expected = count;
    discard();
    current.setInt(1, space);
    current.setBytes(2, run.toBytes());
    try {
      return current.executeUpdate() == expected;
    } catch (SQLException e) {
      if (SqliteFailures.isRefusal(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Forgets what hasn't been sent. */
  void discard() {
    count = 0;
    statement = null;
  }
}
