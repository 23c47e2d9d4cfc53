package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.spi.Change;
import java.sql.SQLException;

/**
 * Writes blocks and what the audit trail tells of them, as many as follow each other with the same
 * kind of change at once. For one connection.
 */
public interface BlockWriter {

  /**
   * Puts a step among those that follow each other, or begins the next ones with it; false if one
   * before was refused.
   *
   * @param place where in its set it is
   */
  boolean stage(int space, HistoryEntry line, int place, Change change) throws SQLException;

  /** Sends what was put together to the database; false if that refuses any of it. */
  boolean flush() throws SQLException;

  /** Forgets what hasn't been sent. */
  void discard() throws SQLException;
}
