package io.dualstack.impl.store.sqlite;

import io.dualstack.StoreUnavailableException;
import java.sql.SQLException;

/** Tells what a failure of SQLite means for the caller. The low byte of a code is its class. */
public final class SqliteFailures {

  private static final int PERMISSION = 3;
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int OUT_OF_MEMORY = 7;
  private static final int READ_ONLY = 8;
  private static final int IO = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANNOT_OPEN = 14;
  private static final int PROTOCOL = 15;
  private static final int CONSTRAINT = 19;
  private static final int AUTHORIZATION = 23;
  private static final int NOT_A_DATABASE = 26;

  private SqliteFailures() {}

  /** Says whether another writer was in the way. */
  public static boolean isBusy(SQLException failure) {
    int code = code(failure);
    return code == BUSY || code == LOCKED || code == PROTOCOL;
  }

  /** Says whether the database itself refused a row. */
  public static boolean isRefusal(SQLException failure) {
    return code(failure) == CONSTRAINT;
  }

  private static int code(SQLException failure) {
    return failure.getErrorCode() & 0xff;
  }

  /** Returns what to throw when SQLite failed. */
  public static StoreUnavailableException unavailable(String location, SQLException failure) {
    return switch (code(failure)) {
      case BUSY, LOCKED, PROTOCOL ->
          failed(location, "other writers didn't let go of it; try again", true, failure);
      case FULL -> failed(location, "the disk is full; free space and try again", true, failure);
      case IO -> failed(location, "the disk can't be read or written; check it", true, failure);
      case OUT_OF_MEMORY -> failed(location, "memory ran out; try again", true, failure);
      case READ_ONLY, PERMISSION, AUTHORIZATION ->
          failed(location, "it can't be written; grant write access", false, failure);
      case CANNOT_OPEN ->
          failed(
              location,
              "it can't be opened; check that the path is a file in a folder you may write to",
              false,
              failure);
      case NOT_A_DATABASE ->
          failed(
              location,
              "it is damaged, or no SQLite file at all, and was left as it is; name another file,"
                  + " or restore this one",
              false,
              failure);
      case CORRUPT -> failed(location, "it is damaged; restore it from a copy", false, failure);
      default -> failed(location, "SQLite failed: " + failure.getMessage(), false, failure);
    };
  }

  /** Returns what to throw when a row makes no sense, which the failure's message says. */
  public static StoreUnavailableException damaged(String location, RuntimeException failure) {
    return failed(
        location, failure.getMessage() + "; restore the file from a copy", false, failure);
  }

  private static StoreUnavailableException failed(
      String location, String whatAndRemedy, boolean retryable, Exception cause) {
    return new StoreUnavailableException(location + ": " + whatAndRemedy, retryable, cause);
  }
}
