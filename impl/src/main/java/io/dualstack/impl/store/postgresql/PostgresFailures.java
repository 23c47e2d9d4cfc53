package io.dualstack.impl.store.postgresql;

import io.dualstack.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Set;

/**
 * Tells what a failure of PostgreSQL means for the caller.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
public final class PostgresFailures {

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String EXCLUSION_VIOLATION = "23P01";

  /** Of transactions that got into each other's way: 40001 could not serialize, 40P01 deadlock. */
  private static final Set<String> RACES = Set.of("40001", "40P01");

  /** The server is going away, has crashed, or starts. */
  private static final Set<String> SHUTDOWNS = Set.of("57P01", "57P02", "57P03");

  private PostgresFailures() {}

  /** Says whether the database itself refused a row. */
  public static boolean isRefusal(SQLException failure) {
    String state = state(failure);
    return state.equals(UNIQUE_VIOLATION) || state.equals(EXCLUSION_VIOLATION);
  }

  /** Says whether the same may succeed if it is done again from the start. */
  public static boolean mayPass(SQLException failure) {
    return RACES.contains(state(failure)) || isLostConnection(failure);
  }

  /** Says whether a transaction that failed so while it was committed is surely not there. */
  public static boolean isRolledBack(SQLException failure) {
    return RACES.contains(state(failure)) || state(failure).startsWith("23");
  }

  static boolean isLostConnection(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08") || SHUTDOWNS.contains(state);
  }

  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  /** Returns what to throw when nobody knows whether a transaction was committed. */
  public static StoreUnavailableException unknownOutcome(String location, SQLException failure) {
    return failed(
        location,
        "the server went away while a change was committed, which is now there as a whole or not at"
            + " all; ask again",
        true,
        failure);
  }

  /** Returns what to throw when PostgreSQL failed. */
  public static StoreUnavailableException unavailable(String location, SQLException failure) {
    String state = state(failure);
    return switch (state) {
      case "25006" ->
          failed(
              location,
              "it can't be written, as it is a standby or set read-only; name the primary server",
              true,
              failure);
      case "28000", "28P01" ->
          failed(
              location, said(failure) + "; check user, password and pg_hba.conf", false, failure);
      case "3D000" ->
          failed(location, said(failure) + "; create it, or name another", false, failure);
      case "42501" -> failed(location, said(failure) + "; grant it to the user", false, failure);
      case "53100" ->
          failed(location, "the server's disk is full; free space and try again", true, failure);
      case "53200" -> failed(location, "the server's memory ran out; try again", true, failure);
      case "53300" ->
          failed(
              location,
              "the server has no connection left; try again, or raise its max_connections",
              true,
              failure);
      case "55P03" ->
          failed(location, "other writers didn't let go of it; try again", true, failure);
      case "57014" ->
          failed(location, "the server gave up (" + said(failure) + "); try again", true, failure);
      case "58030" ->
          failed(location, "the server's disk can't be read or written; check it", true, failure);
      case "XX001", "XX002" ->
          failed(location, "it is damaged (" + said(failure) + "); restore it", false, failure);
      default -> otherwise(location, failure);
    };
  }

  private static StoreUnavailableException otherwise(String location, SQLException failure) {
    if (RACES.contains(state(failure))) {
      return failed(
          location, "other writers were in the way again and again; try again", true, failure);
    }
    if (isLostConnection(failure) || failure instanceof java.sql.SQLTransientException) {
      return failed(
          location,
          "the server can't be reached (" + said(failure) + "); check it and try again",
          true,
          failure);
    }
    return failed(location, "PostgreSQL failed: " + said(failure), false, failure);
  }

  /** Returns the first line of what the server or the driver said. */
  private static String said(SQLException failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  /** Returns what to throw when a row makes no sense, which the failure's message says. */
  public static StoreUnavailableException damaged(String location, RuntimeException failure) {
    return failed(
        location,
        failure.getMessage() + "; correct the row, or restore the database",
        false,
        failure);
  }

  private static StoreUnavailableException failed(
      String location, String whatAndRemedy, boolean retryable, Exception cause) {
    return new StoreUnavailableException(location + ": " + whatAndRemedy, retryable, cause);
  }
}
