package io.dualstack.impl.allocation.store.mariadb;

import io.dualstack.Diagnostic;
import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.allocation.store.jdbc.DocumentStatements;
import io.dualstack.impl.allocation.store.jdbc.HeldBlocks;
import io.dualstack.impl.allocation.store.jdbc.ServerStore;
import io.dualstack.impl.allocation.store.jdbc.ServerWriter;
import io.dualstack.impl.allocation.store.jdbc.Spaces;
import io.dualstack.impl.allocation.store.jdbc.StorableSets;
import io.dualstack.impl.store.jdbc.ServerDatabase;
import io.dualstack.impl.store.mariadb.MariaDatabase;
import io.dualstack.impl.store.mariadb.MariaLocation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Keeps everything in a MariaDB database, which refuses overlaps by itself, whoever writes.
 *
 * <p>What is acknowledged is on the server's disk, as long as the server flushes each commit
 * ({@code innodb_flush_log_at_trx_commit=1}, its default): concurrent callers share a transaction
 * and its flush. Any number of processes may write. One that finds the server gone, or others in
 * its way, tries for ten seconds. Text with half a surrogate pair is refused with {@link
 * IllegalArgumentException}; so is a network's name of more than 250 characters and a document's
 * key of more than 760.
 *
 * <p>Thread-safe. Reads run beside writes and see the last committed revision.
 */
public final class MariaAllocationStore extends ServerStore {

  private static final String PUT_DOCUMENT =
      "INSERT INTO document (space, \"key\", text) VALUES (?, ?, ?)"
          + " ON DUPLICATE KEY UPDATE text = VALUES(text)";

  /** Updating a space is refused, so that one whose name is there is left alone as a mistake. */
  private static final String ADD_SPACE = "INSERT IGNORE INTO space (name) VALUES (?)";

  private static final StorableSets STORABLE = StorableSets.inCharacters(250, 760);

  private final ServerDatabase database;

  private MariaAllocationStore(ServerDatabase database, Meters meters) {
    super(database, Queries.INSTANCE, STORABLE, meters);
    this.database = database;
  }

  /**
   * Opens a database, and makes its tables if they aren't there.
   *
   * @param location where
   * @param meters never throw
   * @return the store
   * @throws StoreUnavailableException if it can't be opened, or has tables of another program or of
   *     a newer version; such a database is left as it is
   */
  public static MariaAllocationStore open(MariaLocation location, Meters meters) {
    return new MariaAllocationStore(MariaDatabase.open(location), meters);
  }

  @Override
  protected ServerWriter writer(Connection connection) throws SQLException {
    MariaDatabase.beginWriting(connection, database.patience());
    return new ServerWriter(
        connection,
        new ServerWriter.Statements(
            new RevisionCounter(connection),
            new BlockStatements(connection),
            new HeldBlocks(connection, Queries.INSTANCE),
            new DocumentStatements(connection, Queries.INSTANCE, PUT_DOCUMENT),
            new Spaces(connection, ADD_SPACE)));
  }

  @Override
  public List<Diagnostic> examine() {
    return ask(rows -> RulesExamination.findings(rows, location()));
  }
}
