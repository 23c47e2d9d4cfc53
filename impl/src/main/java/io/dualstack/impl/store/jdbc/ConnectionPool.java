package io.dualstack.impl.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Connections that are kept for the next who asks. Opens none before that. Thread-safe. */
public final class ConnectionPool implements AutoCloseable {

  /** More askers at once than this wait for each other. */
  private static final int MAX = 10;

  private static final Duration IDLE = Duration.ofMinutes(1);

  private final HikariDataSource pool;

  /**
   * Names a database.
   *
   * @param name what the pool is called in logs
   * @param url the URL as the driver reads it
   * @param defaults what holds unless the URL says otherwise
   * @param driver the driver's class
   * @param session the statements that each connection begins with
   * @param patience how long to wait for a connection
   */
  public ConnectionPool(
      String name,
      String url,
      Properties defaults,
      String driver,
      String session,
      Duration patience) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDriverClassName(driver);
    config.setJdbcUrl(url);
    config.setDataSourceProperties(defaults);
    config.setConnectionInitSql(session);
    config.setMaximumPoolSize(MAX);
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE.toMillis());
    config.setConnectionTimeout(patience.toMillis());
    config.setInitializationFailTimeout(-1);
    this.pool = new HikariDataSource(config);
  }

  /** Something to ask. */
  public interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /** Asks with a connection that nobody else uses meanwhile. Doesn't react to interruption. */
  public <T> T ask(Question<T> question) throws SQLException {
    boolean interrupted = Thread.interrupted();
    try (Connection connection = pool.getConnection()) {
      return question.ask(connection);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Forgets the connections that nobody uses: the server they were to is gone. */
  public void forget() {
    HikariPoolMXBean opened = pool.getHikariPoolMXBean();
    if (opened != null) {
      opened.softEvictConnections();
    }
  }

  /** Closes all connections, also those in use. */
  @Override
  public void close() {
    pool.close();
  }
}
