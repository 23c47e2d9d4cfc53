package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.impl.allocation.store.SetGroups;
import io.dualstack.impl.store.jdbc.ConnectionPool;
import io.dualstack.impl.store.jdbc.ConnectionRows;
import io.dualstack.impl.store.jdbc.ServerDatabase;
import io.dualstack.impl.store.jdbc.WritingConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A store in a database of a server. Concurrent callers share a transaction and its flush. Any
 * number of processes may write; one that finds the server gone, or others in its way, tries again
 * until its patience ends. Thread-safe.
 */
public abstract class ServerStore extends RowStore {

  private final ServerDatabase database;
  private final StorableSets storable;
  private final SetGroups<ChangeSet> commits =
      new SetGroups<>(this::writeGroup, results -> {}, set -> set.changes().size());

  /** Used by the thread that writes for all. */
  private final WritingConnection<ServerWriter> writing;

  /** A store in an open database of an engine that can keep such sets; its meters never throw. */
  protected ServerStore(
      ServerDatabase database, Dialect dialect, StorableSets storable, Meters meters) {
    super(dialect);
    this.storable = storable;
    this.database = database;
    this.writing = new WritingConnection<>(database, this::writer, this::requireOpen, meters);
  }

  /** Makes a writer of a connection. */
  protected abstract ServerWriter writer(Connection connection) throws SQLException;

  @Override
  public final String location() {
    return database.location();
  }

  @Override
  public final List<CommitResult> commitAll(List<ChangeSet> sets) {
    sets.forEach(storable::require);
    requireOpen();
    return commits.commit(sets);
  }

  @Override
  protected final boolean canBeThere(String text) {
    return storable.canBeThere(text);
  }

  private List<CommitResult> writeGroup(List<ChangeSet> group) {
    try {
      return writing.write(writer -> writer.write(group));
    } catch (DamagedRowException e) {
      throw database.failures().damaged(location(), e);
    }
  }

  @Override
  protected final <T> T ask(Question<T> question) {
    return answer(connection -> question.ask(new ConnectionRows(connection)));
  }

  @Override
  protected final <T> T askAtOneRevision(Question<T> question) {
    return answer(
        connection -> {
          connection.setAutoCommit(false);
          connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
          T answer = question.ask(new ConnectionRows(connection));
          connection.commit();
          return answer;
        });
  }

  private <T> T answer(ConnectionPool.Question<T> question) {
    requireOpen();
    try {
      return database.ask(question);
    } catch (DamagedRowException e) {
      throw database.failures().damaged(location(), e);
    } catch (StoreUnavailableException e) {
      requireOpen();
      throw e;
    }
  }

  /** Waits for those who write, and closes. */
  @Override
  public final void close() {
    closeForNewcomers();
    writing.close();
    database.close();
  }
}
