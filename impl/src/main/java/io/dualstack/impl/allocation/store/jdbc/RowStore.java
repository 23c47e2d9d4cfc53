package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.StoreSnapshot;
import io.dualstack.impl.store.StoredText;
import io.dualstack.impl.store.jdbc.RowSource;
import io.dualstack.impl.store.jdbc.RowSource.Reading;
import io.dualstack.impl.store.jdbc.WritingConnection;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A store in a database of rows, as far as it is only asked. Thread-safe. */
public abstract class RowStore implements AllocationStore {

  private static final String SPACES = "SELECT name FROM space";

  private final Dialect dialect;

  /** Spaces never go away and never change their number. */
  private final Map<AddressSpace, Integer> spaces = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /** A store in an engine of that dialect. */
  protected RowStore(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Something to ask.
   *
   * @param <T> the answer
   */
  protected interface Question<T> {
    T ask(RowSource rows) throws SQLException;
  }

  /**
   * Asks.
   *
   * @throws StoreUnavailableException if there is no answer
   */
  protected abstract <T> T ask(Question<T> question);

  /**
   * Asks several things of one revision.
   *
   * @throws StoreUnavailableException if there is no answer
   */
  protected abstract <T> T askAtOneRevision(Question<T> question);

  /** Says whether there can be anything that is called so, or begins so. */
  protected boolean canBeThere(String text) {
    return true;
  }

  @Override
  public final long revision() {
    return ask(this::revision);
  }

  private long revision(RowSource source) throws SQLException {
    return source.rows(
        dialect.revision(),
        query -> {},
        row -> {
          if (row.next()) {
            return row.getLong(1);
          }
          throw new SQLException("the table of the revision has no row");
        });
  }

  @Override
  public final SortedSet<AddressSpace> spaces() {
    return ask(source -> source.rows(SPACES, query -> {}, RowStore::spaces));
  }

  private static SortedSet<AddressSpace> spaces(ResultSet row) throws SQLException {
    SortedSet<AddressSpace> found = new TreeSet<>();
    while (row.next()) {
      found.add(new AddressSpace(row.getString(1)));
    }
    return Collections.unmodifiableSortedSet(found);
  }

  @Override
  public final StoreSnapshot snapshot(AddressSpace space) {
    return askAtOneRevision(
        source ->
            new StoreSnapshot(
                revision(source), blocks(source, space, dialect.blocks(), RowStore::bindSpace)));
  }

  @Override
  public final List<HistoryEntry> changesBetween(AddressSpace space, long after, long upTo) {
    return ask(
        source ->
            lines(
                source,
                space,
                dialect.changesBetween(),
                (query, id) -> {
                  query.setInt(1, id);
                  dialect.bindBetween(query, after, upTo);
                }));
  }

  @Override
  public final List<AllocatedBlock> blocksOf(AddressSpace space, OwnerScope scope) {
    if (scope.equals(OwnerScope.ALL)) {
      return ask(source -> blocks(source, space, dialect.blocks(), RowStore::bindSpace));
    }
    if (!canBeThere(scope.path())) {
      requireOpen();
      return List.of();
    }
    return ask(
        source ->
            blocks(
                source,
                space,
                dialect.blocksOf(),
                (query, id) -> {
                  query.setInt(1, id);
                  query.setString(2, scope.path());
                  query.setString(3, scope.path() + '/');
                  // What lies below a path ends where the character after the slash would begin.
                  query.setString(4, scope.path() + (char) ('/' + 1));
                }));
  }

  @Override
  public final List<AllocatedBlock> overlapping(AddressSpace space, IpPrefix block) {
    return ask(
        source ->
            blocks(
                source,
                space,
                dialect.overlapping(),
                (query, id) -> dialect.bindBlock(query, id, block)));
  }

  @Override
  public final List<HistoryEntry> history(AddressSpace space, IpAddress address) {
    return ask(
        source ->
            lines(
                source,
                space,
                dialect.history(),
                (query, id) -> dialect.bindAround(query, id, address)));
  }

  @Override
  public final Optional<String> document(AddressSpace space, String key) {
    if (!canBeThere(key)) {
      requireOpen();
      return Optional.empty();
    }
    return ask(
        source ->
            rows(
                source,
                space,
                DocumentStatements.FIND,
                (query, id) -> {
                  query.setInt(1, id);
                  query.setString(2, key);
                },
                row -> row.next() ? Optional.of(dialect.text(row, 1)) : Optional.empty(),
                Optional.empty()));
  }

  @Override
  public final Map<String, String> documents(AddressSpace space, String keyPrefix) {
    if (!canBeThere(keyPrefix)) {
      requireOpen();
      return Map.of();
    }
    String behind = StoredText.behind(keyPrefix);
    return ask(
        source ->
            rows(
                source,
                space,
                behind == null ? DocumentStatements.FROM : DocumentStatements.BETWEEN,
                (query, id) -> {
                  query.setInt(1, id);
                  query.setString(2, keyPrefix);
                  if (behind != null) {
                    query.setString(3, behind);
                  }
                },
                this::documents,
                Map.of()));
  }

  /** Sorts as Java does, which is not the order of UTF-8 beyond the basic plane. */
  private Map<String, String> documents(ResultSet row) throws SQLException {
    Map<String, String> found = new TreeMap<>();
    while (row.next()) {
      found.put(row.getString(1), dialect.text(row, 2));
    }
    return Collections.unmodifiableMap(found);
  }

  private List<AllocatedBlock> blocks(
      RowSource source, AddressSpace space, String sql, Binding binding) throws SQLException {
    return rows(
        source, space, sql, binding, rows -> new RowReader(dialect, rows).blocks(), List.of());
  }

  private List<HistoryEntry> lines(
      RowSource source, AddressSpace space, String sql, Binding binding) throws SQLException {
    return rows(
        source, space, sql, binding, rows -> new RowReader(dialect, rows).lines(), List.of());
  }

  /** Gives a query its parameters, one of which is a space. */
  private interface Binding {
    void bind(PreparedStatement query, int space) throws SQLException;
  }

  private static void bindSpace(PreparedStatement query, int space) throws SQLException {
    query.setInt(1, space);
  }

  /** Asks about a space. */
  private <T> T rows(
      RowSource source,
      AddressSpace space,
      String sql,
      Binding binding,
      Reading<T> reading,
      T ofUnknownSpace)
      throws SQLException {
    Integer known = spaces.get(space);
    OptionalInt number = known == null ? find(source, space) : OptionalInt.of(known);
    if (number.isEmpty()) {
      return ofUnknownSpace;
    }
    return source.rows(sql, query -> binding.bind(query, number.getAsInt()), reading);
  }

  /** Returns the number of a space; nothing if nothing was ever written there. */
  private OptionalInt find(RowSource source, AddressSpace space) throws SQLException {
    OptionalInt found =
        source.rows(
            Spaces.FIND,
            query -> query.setString(1, space.name()),
            row -> row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty());
    found.ifPresent(number -> spaces.put(space, number));
    return found;
  }

  /** Refuses whoever comes after the end. */
  protected final void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException(
          location() + ": the store is closed; open it again", false, null);
    }
  }

  /** Refuses all who come from here on. */
  protected final void closeForNewcomers() {
    closed = true;
  }

  /** Closes a connection that nothing depends on any more. */
  protected final void discard(@Nullable AutoCloseable connection) {
    WritingConnection.discard(location(), connection);
  }
}
