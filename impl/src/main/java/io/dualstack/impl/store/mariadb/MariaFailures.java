package io.dualstack.impl.store.mariadb;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.store.jdbc.ServerFailures;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells what a failure of MariaDB means for the caller. Most have numbers of the engine's own,
 * under few states of the standard.
 *
 * @see <a href="https://mariadb.com/kb/en/mariadb-error-code-reference/">Error codes</a>
 */
public final class MariaFailures extends ServerFailures {

  /** The only one. */
  public static final MariaFailures INSTANCE = new MariaFailures();

  private static final int DUPLICATE = 1062;

  /** What the trigger says that looks for overlaps. */
  private static final String OVERLAP = "23P01";

  private static final int DISK_FULL = 1021;
  private static final int TABLE_FULL = 1114;
  private static final int TOO_MANY_CONNECTIONS = 1040;
  private static final int LOCK_TIMEOUT = 1205;
  private static final int PACKET_TOO_LARGE = 1153;

  /** Of transactions that got into each other's way: deadlock, a row newer than the snapshot. */
  private static final Set<Integer> RACES = Set.of(1213, 1020);

  /** The server goes away, or ends what a connection did: 1053 shutdown, 1927 killed. */
  private static final Set<Integer> SHUTDOWNS = Set.of(1053, 1927);

  private static final Pattern CONNECTION = Pattern.compile("^(\\(conn=-?\\d+\\) )+");

  private MariaFailures() {}

  @Override
  public boolean isRefusal(SQLException failure) {
    return failure.getErrorCode() == DUPLICATE || state(failure).equals(OVERLAP);
  }

  @Override
  public boolean mayPass(SQLException failure) {
    return RACES.contains(failure.getErrorCode()) || isLostConnection(failure);
  }

  @Override
  public boolean isRolledBack(SQLException failure) {
    return RACES.contains(failure.getErrorCode()) || state(failure).startsWith("23");
  }

  private static boolean isLostConnection(SQLException failure) {
    return switch (failure.getErrorCode()) {
      case TOO_MANY_CONNECTIONS, PACKET_TOO_LARGE -> false;
      default -> state(failure).startsWith("08") || SHUTDOWNS.contains(failure.getErrorCode());
    };
  }

  @Override
  public StoreUnavailableException unavailable(String location, SQLException failure) {
    return switch (failure.getErrorCode()) {
      case 1290, 1792, 1836 ->
          failed(
              location,
              "it can't be written, as it is a replica or set read-only; name the primary server",
              true,
              failure);
      case 1045, 1698 ->
          failed(
              location,
              told(failure) + "; check user, password and from where the user may come",
              false,
              failure);
      case 1049 -> failed(location, told(failure) + "; create it, or name another", false, failure);
      case 1044, 1142, 1143, 1227, 1370 ->
          failed(location, told(failure) + "; grant it to the user", false, failure);
      case 1419 ->
          failed(
              location,
              told(failure) + "; set log_bin_trust_function_creators on the server",
              false,
              failure);
      case DISK_FULL, TABLE_FULL ->
          failed(location, "the server's disk is full; free space and try again", true, failure);
      case 1037, 1038, 1041 ->
          failed(location, "the server's memory ran out; try again", true, failure);
      case TOO_MANY_CONNECTIONS, 1203, 1226 ->
          failed(
              location,
              "the server has no connection left; try again, or raise its max_connections",
              true,
              failure);
      case LOCK_TIMEOUT ->
          failed(location, "other writers didn't let go of it; try again", true, failure);
      case 1317, 1969 ->
          failed(location, "the server gave up (" + told(failure) + "); try again", true, failure);
      case PACKET_TOO_LARGE ->
          failed(
              location,
              "a change is larger than what the server takes at once; raise its"
                  + " max_allowed_packet",
              false,
              failure);
      case 1034, 1194, 1195, 1712, 1877, 1932 ->
          failed(location, "it is damaged (" + told(failure) + "); restore it", false, failure);
      default -> otherwise(location, failure);
    };
  }

  /** Returns what the server said, without the driver's number of the connection. */
  private static String told(SQLException failure) {
    return CONNECTION.matcher(said(failure)).replaceFirst("");
  }

  private static StoreUnavailableException otherwise(String location, SQLException failure) {
    if (RACES.contains(failure.getErrorCode())) {
      return failed(
          location, "other writers were in the way again and again; try again", true, failure);
    }
    if (isLostConnection(failure) || failure instanceof java.sql.SQLTransientException) {
      return failed(
          location,
          "the server can't be reached (" + told(failure) + "); check it and try again",
          true,
          failure);
    }
    return failed(location, "MariaDB failed: " + told(failure), false, failure);
  }
}
