package io.dualstack.impl.allocation.store.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.Diagnostic;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.impl.allocation.store.SetGroups;
import io.dualstack.impl.allocation.store.StoredText;
import io.dualstack.impl.store.jdbc.Attempts;
import io.dualstack.impl.store.jdbc.ConnectionPool.Question;
import io.dualstack.impl.store.postgresql.PostgresDatabase;
import io.dualstack.impl.store.postgresql.PostgresFailures;
import io.dualstack.impl.store.postgresql.PostgresLocation;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
public final class PostgresAllocationStore implements AllocationStore {

  private static final Logger LOG = LoggerFactory.getLogger(PostgresAllocationStore.class);

  /** Rows of a snapshot that are on their way at once. */
  private static final int FETCH = 10_000;

  private final PostgresDatabase database;
  private final SetGroups<ChangeSet> commits =
      new SetGroups<>(this::writeGroup, results -> {}, set -> set.changes().size());

  /** Spaces never go away and never change their number. */
  private final Map<AddressSpace, Integer> spaces = new ConcurrentHashMap<>();

  private final Object writing = new Object();

  /** Used by the thread that writes for all; null until then, and after a failure. */
  private @Nullable Writer writer;

  private volatile boolean closed;

  private PostgresAllocationStore(PostgresDatabase database) {
    this.database = database;
  }

  /**
   * Opens a database, and makes its schema and tables if they aren't there.
   *
   * @param location where
   * @return the store
   * @throws StoreUnavailableException if it can't be opened, or its schema is another program's or
   *     of a newer version; such a schema is left as it is
   */
  public static PostgresAllocationStore open(PostgresLocation location) {
    return new PostgresAllocationStore(PostgresDatabase.open(location));
  }

  @Override
  public String location() {
    return database.location();
  }

  // Writing

  @Override
  public List<CommitResult> commitAll(List<ChangeSet> sets) {
    sets.forEach(StorableSets::require);
    requireOpen();
    return commits.commit(sets);
  }

  private List<CommitResult> writeGroup(List<ChangeSet> group) {
    synchronized (writing) {
      Attempts attempts = new Attempts(database.patience());
      while (true) {
        requireOpen();
        try {
          return write(group);
        } catch (SQLException e) {
          boolean unknown = writer != null && writer.isCommitting();
          closeWriter();
          if (unknown && !PostgresFailures.isRolledBack(e)) {
            throw PostgresFailures.unknownOutcome(location(), e);
          }
          if (!PostgresFailures.mayPass(e) || !attempts.again()) {
            throw PostgresFailures.unavailable(location(), e);
          }
        } catch (DamagedRowException e) {
          closeWriter();
          throw PostgresFailures.damaged(location(), e);
        } catch (RuntimeException | Error e) {
          closeWriter();
          throw e;
        }
      }
    }
  }

  private List<CommitResult> write(List<ChangeSet> group) throws SQLException {
    if (writer == null) {
      writer = new Writer(database.connect(), database.patience().toMillis());
    }
    return writer.write(group);
  }

  private void closeWriter() {
    Writer last = writer;
    writer = null;
    if (last != null) {
      try {
        last.close();
      } catch (SQLException e) {
        LOG.atWarn().addKeyValue("store", location()).setCause(e).log("connection not closed");
      }
    }
  }

  // Reading

  @Override
  public long revision() {
    return ask(Queries::revision);
  }

  @Override
  public SortedSet<AddressSpace> spaces() {
    return ask(Queries::spaces);
  }

  @Override
  public StoreSnapshot snapshot(AddressSpace space) {
    return ask(
        connection -> {
          connection.setAutoCommit(false);
          connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
          StoreSnapshot snapshot =
              new StoreSnapshot(
                  Queries.revision(connection), blocks(connection, space, Queries.BLOCKS));
          connection.commit();
          return snapshot;
        });
  }

  @Override
  public List<HistoryEntry> changesBetween(AddressSpace space, long after, long upTo) {
    return ask(
        connection ->
            lines(
                connection,
                space,
                Queries.CHANGES_BETWEEN,
                query -> {
                  query.setLong(2, after);
                  query.setLong(3, upTo);
                }));
  }

  @Override
  public List<AllocatedBlock> blocksOf(AddressSpace space, OwnerScope scope) {
    if (!StorableSets.canBeThere(scope.path())) {
      requireOpen();
      return List.of();
    }
    if (scope.equals(OwnerScope.ALL)) {
      return ask(connection -> blocks(connection, space, Queries.BLOCKS));
    }
    return ask(
        connection ->
            blocks(
                connection,
                space,
                Queries.BLOCKS_OF,
                query -> {
                  query.setString(2, scope.path());
                  query.setString(3, scope.path() + '/');
                  // What lies below a path ends where the character after the slash would begin.
                  query.setString(4, scope.path() + (char) ('/' + 1));
                }));
  }

  @Override
  public List<AllocatedBlock> overlapping(AddressSpace space, IpPrefix block) {
    return ask(
        connection ->
            blocks(
                connection,
                space,
                Queries.OVERLAPPING,
                query -> query.setString(2, block.toString())));
  }

  @Override
  public List<HistoryEntry> history(AddressSpace space, IpAddress address) {
    return ask(
        connection ->
            lines(
                connection,
                space,
                Queries.HISTORY,
                query -> query.setObject(2, Queries.around(address))));
  }

  @Override
  public Optional<String> document(AddressSpace space, String key) {
    if (!StorableSets.canBeThere(key)) {
      requireOpen();
      return Optional.empty();
    }
    return ask(
        connection ->
            rows(
                connection,
                space,
                Queries.DOCUMENT,
                query -> query.setString(2, key),
                row -> row.next() ? Optional.of(text(row, 1)) : Optional.empty(),
                Optional.empty()));
  }

  @Override
  public Map<String, String> documents(AddressSpace space, String keyPrefix) {
    if (!StorableSets.canBeThere(keyPrefix)) {
      requireOpen();
      return Map.of();
    }
    String behind = StoredText.behind(keyPrefix);
    return ask(
        connection ->
            rows(
                connection,
                space,
                behind == null ? Queries.DOCUMENTS_FROM : Queries.DOCUMENTS_BETWEEN,
                query -> {
                  query.setString(2, keyPrefix);
                  if (behind != null) {
                    query.setString(3, behind);
                  }
                },
                PostgresAllocationStore::documents,
                Map.of()));
  }

  /** Sorts as Java does, which is not the order of UTF-8 beyond the basic plane. */
  private static Map<String, String> documents(ResultSet row) throws SQLException {
    Map<String, String> found = new TreeMap<>();
    while (row.next()) {
      found.put(row.getString(1), text(row, 2));
    }
    return Collections.unmodifiableMap(found);
  }

  private static String text(ResultSet row, int column) throws SQLException {
    return new String(row.getBytes(column), UTF_8);
  }

  @Override
  public List<Diagnostic> examine() {
    return ask(connection -> RulesExamination.findings(connection, location()));
  }

  private interface Binding {
    void bind(PreparedStatement query) throws SQLException;
  }

  private interface Reading<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private List<AllocatedBlock> blocks(Connection connection, AddressSpace space, String sql)
      throws SQLException {
    return blocks(connection, space, sql, query -> {});
  }

  private List<AllocatedBlock> blocks(
      Connection connection, AddressSpace space, String sql, Binding binding) throws SQLException {
    return rows(connection, space, sql, binding, PostgresAllocationStore::blocks, List.of());
  }

  private static List<AllocatedBlock> blocks(ResultSet rows) throws SQLException {
    Rows.Reader reader = new Rows.Reader(rows);
    List<AllocatedBlock> found = new ArrayList<>();
    while (rows.next()) {
      found.add(reader.block(1));
    }
    return Collections.unmodifiableList(found);
  }

  private List<HistoryEntry> lines(
      Connection connection, AddressSpace space, String sql, Binding binding) throws SQLException {
    return rows(connection, space, sql, binding, PostgresAllocationStore::lines, List.of());
  }

  private static List<HistoryEntry> lines(ResultSet rows) throws SQLException {
    Rows.Reader reader = new Rows.Reader(rows);
    List<HistoryEntry> found = new ArrayList<>();
    while (rows.next()) {
      found.add(reader.line());
    }
    return Collections.unmodifiableList(found);
  }

  /** Asks a query whose first parameter is the space. */
  private <T> T rows(
      Connection connection,
      AddressSpace space,
      String sql,
      Binding binding,
      Reading<T> reading,
      T ofUnknownSpace)
      throws SQLException {
    Integer id = spaces.get(space);
    if (id == null) {
      id = Queries.space(connection, space.name());
      if (id == null) {
        return ofUnknownSpace;
      }
      spaces.put(space, id);
    }
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setFetchSize(FETCH);
      query.setInt(1, id);
      binding.bind(query);
      try (ResultSet found = query.executeQuery()) {
        return reading.read(found);
      }
    }
  }

  private <T> T ask(Question<T> question) {
    requireOpen();
    try {
      return database.ask(question);
    } catch (DamagedRowException e) {
      throw PostgresFailures.damaged(location(), e);
    } catch (StoreUnavailableException e) {
      requireOpen();
      throw e;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException(
          location() + ": the store is closed; open it again", false, null);
    }
  }

  /** Waits for those who write, and closes. */
  @Override
  public void close() {
    closed = true;
    synchronized (writing) {
      closeWriter();
    }
    database.close();
  }
}
