package io.dualstack.impl.store.jdbc;

import io.dualstack.StoreUnavailableException;
import java.sql.SQLException;

/** Tells what a failure of a server means for the caller. Thread-safe. */
public abstract class ServerFailures {

  /** Says whether the database itself refused a row. */
  public abstract boolean isRefusal(SQLException failure);

  /** Says whether the same may succeed if it is done again from the start. */
  public abstract boolean mayPass(SQLException failure);

  /** Says whether a transaction that failed so while it was committed is surely not there. */
  public abstract boolean isRolledBack(SQLException failure);

  /** Returns what to throw when the server failed. */
  public abstract StoreUnavailableException unavailable(String location, SQLException failure);

  /** Returns what to throw when nobody knows whether a transaction was committed. */
  public final StoreUnavailableException unknownOutcome(String location, SQLException failure) {
    return failed(
        location,
        "the server went away while a change was committed, which is now there as a whole or not at"
            + " all; ask again",
        true,
        failure);
  }

  /** Returns what to throw when a row makes no sense, which the failure's message says. */
  public final StoreUnavailableException damaged(String location, RuntimeException failure) {
    return failed(
        location,
        failure.getMessage() + "; correct the row, or restore the database",
        false,
        failure);
  }

  /** Returns the code of the standard, or the engine's own; nothing if there is none. */
  protected static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  /** Returns the first line of what the server or the driver said. */
  protected static String said(SQLException failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  /** Returns what to throw, with what failed and what to do about it. */
  protected static StoreUnavailableException failed(
      String location, String whatAndRemedy, boolean retryable, Exception cause) {
    return new StoreUnavailableException(location + ": " + whatAndRemedy, retryable, cause);
  }
}
