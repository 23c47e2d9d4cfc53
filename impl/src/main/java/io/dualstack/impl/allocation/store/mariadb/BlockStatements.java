package io.dualstack.impl.allocation.store.mariadb;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Codes;
import io.dualstack.impl.allocation.store.jdbc.BlockWriter;
import io.dualstack.impl.allocation.store.jdbc.Columns;
import io.dualstack.impl.store.mariadb.MariaFailures;
import io.dualstack.net.IpPrefix;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes blocks and what the audit trail tells of them, as many as follow each other with the same
 * kind of change in two round trips: the driver sends rows that are added as one message, and does
 * not wait for the answers to those that are changed or removed one by one.
 */
final class BlockStatements implements BlockWriter {

  /** Rows in one batch at most, to bound the messages. */
  private static final int MAX_RUN = 4096;

  private static final String ADDRESSES = "family, first, last, ";

  private static final String PLACES = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

  static final String ADD =
      "INSERT INTO block (space, "
          + ADDRESSES
          + Columns.CHANGEABLE_LIST
          + ") VALUES (?, "
          + PLACES
          + ")";

  static final String TELL =
      "INSERT INTO trail (space, revision, place, at, event, "
          + ADDRESSES
          + Columns.CHANGEABLE_LIST
          + ") VALUES (?, ?, ?, ?, ?, "
          + PLACES
          + ")";

  private static final String SAME =
      " WHERE space = ? AND family = ? AND first = ? AND last = ? AND "
          + String.join(" <=> ? AND ", Columns.CHANGEABLE)
          + " <=> ?";

  static final String REPLACE =
      "UPDATE block SET " + String.join(" = ?, ", Columns.CHANGEABLE) + " = ?" + SAME;

  static final String REMOVE = "DELETE FROM block" + SAME;

  private final PreparedStatement add;
  private final PreparedStatement replace;
  private final PreparedStatement remove;
  private final PreparedStatement tell;

  private @Nullable PreparedStatement statement;
  private int count;

  BlockStatements(Connection connection) throws SQLException {
    add = connection.prepareStatement(ADD);
    replace = connection.prepareStatement(REPLACE);
    remove = connection.prepareStatement(REMOVE);
    tell = connection.prepareStatement(TELL);
  }

  @Override
  public boolean stage(int space, HistoryEntry line, int place, Change change) throws SQLException {
    PreparedStatement next = statementOf(change);
    if ((next != statement || count == MAX_RUN) && !flush()) {
      return false;
    }
    statement = next;
    count++;
    bind(next, space, change);
    next.addBatch();
    bindLine(space, line, place);
    tell.addBatch();
    return true;
  }

  private PreparedStatement statementOf(Change change) {
    if (change instanceof Change.Add) {
      return add;
    }
    return change instanceof Change.Replace ? replace : remove;
  }

  private static void bind(PreparedStatement statement, int space, Change change)
      throws SQLException {
    if (change instanceof Change.Add added) {
      bindBlock(statement, 1, space, added.block());
    } else if (change instanceof Change.Replace replaced) {
      int next = bindChangeable(statement, 1, replaced.after());
      bindBlock(statement, next, space, replaced.before());
    } else if (change instanceof Change.Remove removed) {
      bindBlock(statement, 1, space, removed.block());
    }
  }

  private void bindLine(int space, HistoryEntry line, int place) throws SQLException {
    tell.setInt(1, space);
    tell.setLong(2, line.revision());
    tell.setInt(3, place);
    tell.setLong(4, Codes.millis(line.at()));
    tell.setInt(5, Codes.of(line.event()));
    bindChangeable(tell, bindAddresses(tell, 6, line.block().block()), line.block());
  }

  private static void bindBlock(
      PreparedStatement statement, int first, int space, AllocatedBlock held) throws SQLException {
    statement.setInt(first, space);
    bindChangeable(statement, bindAddresses(statement, first + 1, held.block()), held);
  }

  private static int bindAddresses(PreparedStatement statement, int first, IpPrefix block)
      throws SQLException {
    statement.setInt(first, Queries.code(block.family()));
    statement.setString(first + 1, Queries.text(block.first()));
    statement.setString(first + 2, Queries.text(block.last()));
    return first + 3;
  }

  private static int bindChangeable(PreparedStatement statement, int first, AllocatedBlock held)
      throws SQLException {
    int next = first;
    statement.setString(next++, held.owner().id());
    statement.setString(next++, held.incarnation());
    statement.setString(next++, held.network());
    statement.setString(next++, held.zone());
    statement.setInt(next++, Codes.of(held.kind()));
    statement.setInt(next++, Codes.of(held.state()));
    statement.setLong(next++, Codes.millis(held.since()));
    Instant until = held.until();
    if (until == null) {
      statement.setNull(next++, Types.BIGINT);
    } else {
      statement.setLong(next++, Codes.millis(until));
    }
    return next;
  }

  @Override
  public boolean flush() throws SQLException {
    PreparedStatement current = statement;
    if (current == null) {
      return true;
    }
    statement = null;
    count = 0;
    try {
      if (!haveAllChanged(current.executeBatch())) {
        tell.clearBatch();
        return false;
      }
      tell.executeBatch();
      return true;
    } catch (SQLException e) {
      discard();
      if (MariaFailures.INSTANCE.isRefusal(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Where the server doesn't count rows one by one, it has taken all of them. */
  private static boolean haveAllChanged(int[] counts) {
    for (int each : counts) {
      if (each == 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void discard() throws SQLException {
    add.clearBatch();
    replace.clearBatch();
    remove.clearBatch();
    tell.clearBatch();
    statement = null;
    count = 0;
  }
}
