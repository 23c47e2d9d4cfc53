package io.dualstack.impl.store.postgresql;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.jdbc.ServerFailures;
import java.sql.SQLException;
import java.util.Set;

/**
 * Tells what a failure of PostgreSQL means for the caller.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">Error codes</a>
 */
public final class PostgresFailures extends ServerFailures {

  /** The only one. */
  public static final PostgresFailures INSTANCE = new PostgresFailures();

  private static final String UNIQUE_VIOLATION = "23505";
  private static final String EXCLUSION_VIOLATION = "23P01";

  /** Of transactions that got into each other's way: 40001 could not serialize, 40P01 deadlock. */
  private static final Set<String> RACES = Set.of("40001", "40P01");

  /** The server is going away, has crashed, or starts. */
  private static final Set<String> SHUTDOWNS = Set.of("57P01", "57P02", "57P03");

  private PostgresFailures() {}

  @Override
  public boolean isRefusal(SQLException failure) {
    String state = state(failure);
    return state.equals(UNIQUE_VIOLATION) || state.equals(EXCLUSION_VIOLATION);
  }

  @Override
  public boolean mayPass(SQLException failure) {
    return RACES.contains(state(failure)) || isLostConnection(failure);
  }

  @Override
  public boolean isRolledBack(SQLException failure) {
    return RACES.contains(state(failure)) || state(failure).startsWith("23");
  }

  static boolean isLostConnection(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08") || SHUTDOWNS.contains(state);
  }

  @Override
  public StoreUnavailableException unavailable(String location, SQLException failure) {
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
}
