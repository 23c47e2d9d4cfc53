package io.dualstack.impl.allocation.store.postgresql;

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
import io.dualstack.impl.store.postgresql.PostgresDatabase;
import io.dualstack.impl.store.postgresql.PostgresLocation;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Keeps everything in a schema of a PostgreSQL database, which refuses overlaps by itself, whoever
 * writes.
 *
 * <p>What is acknowledged is on the server's disk, and on those of its synchronous standbys:
 * concurrent callers share a transaction and its flush. Any number of processes may write. One that
 * finds the server gone, or others in its way, tries for ten seconds. Text with half a surrogate
 * pair is refused with {@link IllegalArgumentException}; so is the character U+0000 but in the text
 * of a document, and a network's name or a document's key of more than 1024 bytes.
 *
 * <p>Thread-safe. Reads run beside writes and see the last committed revision.
 */
public final class PostgresAllocationStore extends ServerStore {

  private static final String PUT_DOCUMENT =
      "INSERT INTO document (space, key, text) VALUES (?, ?, ?)"
          + " ON CONFLICT (space, key) DO UPDATE SET text = excluded.text";

  private static final String ADD_SPACE =
      "INSERT INTO space (name) VALUES (?) ON CONFLICT (name) DO NOTHING";

  /** An index has rows of a third of a page at most. */
  private static final StorableSets STORABLE = StorableSets.inBytes("PostgreSQL", 1024, 1024);

  private final ServerDatabase database;

  private PostgresAllocationStore(ServerDatabase database, Meters meters) {
    super(database, Queries.INSTANCE, STORABLE, meters);
    this.database = database;
  }

  /**
   * Opens a database, and makes its schema and tables if they aren't there.
   *
   * @param location where
   * @param meters never throw
   * @return the store
   * @throws StoreUnavailableException if it can't be opened, or its schema is another program's or
   *     of a newer version; such a schema is left as it is
   */
  public static PostgresAllocationStore open(PostgresLocation location, Meters meters) {
    return new PostgresAllocationStore(PostgresDatabase.open(location), meters);
  }

  @Override
  protected ServerWriter writer(Connection connection) throws SQLException {
    PostgresDatabase.beginWriting(connection, database.patience());
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
