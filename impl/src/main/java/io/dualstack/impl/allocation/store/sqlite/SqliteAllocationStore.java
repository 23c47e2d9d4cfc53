package io.dualstack.impl.allocation.store.sqlite;

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
import io.dualstack.impl.store.sqlite.Readers;
import io.dualstack.impl.store.sqlite.Readers.Reader;
import io.dualstack.impl.store.sqlite.SqliteExamination;
import io.dualstack.impl.store.sqlite.SqliteFailures;
import io.dualstack.impl.store.sqlite.SqliteFile;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.nio.file.Path;
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
 * Keeps everything in one SQLite file, whose database refuses overlaps by itself, whoever writes.
 *
 * <p>What is acknowledged is on the disk: it survives {@code kill -9} and the loss of power.
 * Concurrent callers share a transaction and its flush. Several processes may have the file open,
 * on a local disk, through one copy of the driver each; a process that finds the file locked tries
 * for ten seconds. Text with half a surrogate pair is refused with {@link
 * IllegalArgumentException}.
 *
 * <p>Thread-safe. Reads run beside writes and see the last committed revision.
 */
public final class SqliteAllocationStore implements AllocationStore {

  private static final Logger LOG = LoggerFactory.getLogger(SqliteAllocationStore.class);

  private final SqliteFile file;
  private final Readers readers;
  private final SetGroups<Steps> commits =
      new SetGroups<>(this::writeGroup, this::flush, set -> set.steps().size());

  /** Spaces never go away and never change their number. */
  private final Map<AddressSpace, Integer> spaces = new ConcurrentHashMap<>();

  private final Object writing = new Object();

  /** Used by the thread that writes for all; null until then, and after a failure. */
  private @Nullable Writer writer;

  /** Up to which revision the disk has everything. */
  private volatile long durable;

  /** The last revision that this process has committed. */
  private volatile long written;

  private final Object flushing = new Object();

  /** A flush failed: the system may have dropped what it couldn't write, and not tell again. */
  private volatile boolean flushFailed;

  private volatile boolean closed;

  private SqliteAllocationStore(SqliteFile file) {
    this.file = file;
    this.readers = new Readers(file);
  }

  /**
   * Opens a file, and makes it and its folder if they aren't there, readable by their owner alone.
   *
   * @param path the file
   * @return the store
   * @throws StoreUnavailableException if it can't be opened, is damaged, another program's or of a
   *     newer version; such a file is left as it is
   */
  public static SqliteAllocationStore open(Path path) {
    return open(new SqliteFile(path, Schema.VERSIONS));
  }

  static SqliteAllocationStore open(SqliteFile file) {
    file.prepare();
    SqliteAllocationStore store = new SqliteAllocationStore(file);
    store.revision();
    return store;
  }

  @Override
  public String location() {
    return file.location();
  }

  // Writing

  @Override
  public List<CommitResult> commitAll(List<ChangeSet> sets) {
    List<Steps> encoded = sets.stream().map(Steps::of).toList();
    requireOpen();
    return commits.commit(encoded);
  }

  @Override
  public List<CommitResult> commitAhead(List<ChangeSet> sets) {
    return sets.isEmpty() ? List.of() : writeGroup(sets.stream().map(Steps::of).toList());
  }

  @Override
  public void awaitDurable(long revision) {
    if (revision <= durable) {
      return;
    }
    synchronized (flushing) {
      if (revision <= durable) {
        return;
      }
      requireSoundDisk();
      // What is committed by now is in the log already, whoever committed it.
      long reached = Math.max(revision, written);
      try {
        file.flushLog();
      } catch (IOException e) {
        flushFailed = true;
        throw new StoreUnavailableException(
            location() + ": the disk failed (" + e + "); what was being committed may be lost",
            false,
            e);
      }
      durable = reached;
    }
  }

  private void flush(List<List<CommitResult>> answers) {
    long last = 0;
    for (List<CommitResult> results : answers) {
      for (CommitResult result : results) {
        if (result instanceof CommitResult.Committed committed) {
          last = Math.max(last, committed.revision());
        }
      }
    }
    awaitDurable(last);
  }

  private void requireSoundDisk() {
    if (flushFailed) {
      throw new StoreUnavailableException(
          location()
              + ": the disk failed, and nobody knows what it kept; check it, and open the store again",
          false,
          null);
    }
  }

  private List<CommitResult> writeGroup(List<Steps> group) {
    synchronized (writing) {
      requireOpen();
      requireSoundDisk();
      boolean usable = false;
      try {
        if (writer == null) {
          writer = new Writer(file.openWriter(), file.patience());
        }
        List<CommitResult> results = writer.write(group);
        usable = true;
        written = Math.max(written, writer.revision());
        return results;
      } catch (SQLException e) {
        throw SqliteFailures.unavailable(location(), e);
      } catch (DamagedRowException e) {
        throw SqliteFailures.damaged(location(), e);
      } finally {
        if (!usable) {
          closeWriter();
        }
      }
    }
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
        reader ->
            reader.atOneRevision(
                same ->
                    new StoreSnapshot(
                        Queries.revision(same), blocks(same, space, Queries.BLOCKS))));
  }

  @Override
  public List<HistoryEntry> changesBetween(AddressSpace space, long after, long upTo) {
    return ask(
        reader ->
            lines(
                reader,
                space,
                Queries.CHANGES_BETWEEN,
                query -> Queries.bindBetween(query, after, upTo)));
  }

  @Override
  public List<AllocatedBlock> blocksOf(AddressSpace space, OwnerScope scope) {
    if (scope.equals(OwnerScope.ALL)) {
      return ask(reader -> blocks(reader, space, Queries.BLOCKS));
    }
    return ask(
        reader ->
            blocks(
                reader,
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
        reader ->
            blocks(
                reader,
                space,
                Queries.OVERLAPPING,
                query -> {
                  query.setBytes(2, Rows.bytes(block.first()));
                  query.setBytes(3, Rows.bytes(block.last()));
                }));
  }

  @Override
  public List<HistoryEntry> history(AddressSpace space, IpAddress address) {
    return ask(
        reader ->
            lines(
                reader,
                space,
                Queries.HISTORY,
                query -> query.setBytes(2, Queries.around(address))));
  }

  @Override
  public Optional<String> document(AddressSpace space, String key) {
    return ask(
        reader ->
            rows(
                reader,
                space,
                Queries.DOCUMENT,
                query -> query.setString(2, key),
                row -> row.next() ? Optional.of(row.getString(1)) : Optional.empty(),
                Optional.empty()));
  }

  @Override
  public Map<String, String> documents(AddressSpace space, String keyPrefix) {
    String behind = StoredText.behind(keyPrefix);
    return ask(
        reader ->
            rows(
                reader,
                space,
                behind == null ? Queries.DOCUMENTS_FROM : Queries.DOCUMENTS_BETWEEN,
                query -> {
                  query.setString(2, keyPrefix);
                  if (behind != null) {
                    query.setString(3, behind);
                  }
                },
                SqliteAllocationStore::documents,
                Map.of()));
  }

  /** Sorts as Java does, which is not the order of UTF-8 beyond the basic plane. */
  private static Map<String, String> documents(ResultSet row) throws SQLException {
    Map<String, String> found = new TreeMap<>();
    while (row.next()) {
      found.put(row.getString(1), row.getString(2));
    }
    return Collections.unmodifiableMap(found);
  }

  @Override
  public List<Diagnostic> examine() {
    return ask(
        reader -> {
          SqliteExamination examination = new SqliteExamination(location());
          examination.examine(reader, Schema.VERSIONS);
          reader.atOneRevision(TrailExamination::faults).forEach(examination::damaged);
          return examination.findings();
        });
  }

  private interface Binding {
    void bind(PreparedStatement query) throws SQLException;
  }

  private interface Reading<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private List<AllocatedBlock> blocks(Reader reader, AddressSpace space, String sql)
      throws SQLException {
    return blocks(reader, space, sql, query -> {});
  }

  private List<AllocatedBlock> blocks(
      Reader reader, AddressSpace space, String sql, Binding binding) throws SQLException {
    return rows(reader, space, sql, binding, SqliteAllocationStore::blocks, List.of());
  }

  private static List<AllocatedBlock> blocks(ResultSet rows) throws SQLException {
    Rows.Reader reader = new Rows.Reader(rows);
    List<AllocatedBlock> found = new ArrayList<>();
    while (rows.next()) {
      found.add(reader.block(1));
    }
    return Collections.unmodifiableList(found);
  }

  private List<HistoryEntry> lines(Reader reader, AddressSpace space, String sql, Binding binding)
      throws SQLException {
    return rows(reader, space, sql, binding, SqliteAllocationStore::lines, List.of());
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
      Reader reader,
      AddressSpace space,
      String sql,
      Binding binding,
      Reading<T> reading,
      T ofUnknownSpace)
      throws SQLException {
    Integer id = spaces.get(space);
    if (id == null) {
      id = Queries.space(reader, space.name());
      if (id == null) {
        return ofUnknownSpace;
      }
      spaces.put(space, id);
    }
    PreparedStatement query = reader.statement(sql);
    query.setInt(1, id);
    binding.bind(query);
    try (ResultSet found = query.executeQuery()) {
      return reading.read(found);
    }
  }

  private <T> T ask(Readers.Question<T> question) {
    requireOpen();
    try {
      return readers.ask(question);
    } catch (SQLException e) {
      requireOpen();
      throw SqliteFailures.unavailable(location(), e);
    } catch (DamagedRowException e) {
      throw SqliteFailures.damaged(location(), e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException(
          location() + ": the store is closed; open it again", false, null);
    }
  }

  /** Waits for those who read or write, and closes. */
  @Override
  public void close() {
    closed = true;
    synchronized (writing) {
      closeWriter();
    }
    try {
      readers.close();
    } catch (SQLException e) {
      LOG.atWarn().addKeyValue("store", location()).setCause(e).log("connection not closed");
    }
  }
}
