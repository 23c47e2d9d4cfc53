package io.dualstack.impl.allocation.store.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.allocation.store.jdbc.DocumentStatements;
import io.dualstack.impl.allocation.store.jdbc.Spaces;
import io.dualstack.impl.store.mariadb.MariaDatabase;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How MariaDB finds rows: by index. A walk over all of them would pass every other test. */
class QueryPlanTest {

  private static final int HELD = 500;

  @TempDir private Path folder;

  private interface Binding {
    void bind(PreparedStatement query) throws SQLException;
  }

  private record Asked(String sql, Binding binding) {
    @Override
    public String toString() {
      return sql;
    }
  }

  static Stream<Asked> queries() {
    IpPrefix block = Blocks.POOL.nth(80, 400);
    return Stream.of(
        new Asked(Queries.INSTANCE.overlapping(), q -> Queries.INSTANCE.bindBlock(q, 1, block)),
        new Asked(Queries.INSTANCE.inTheWay(), q -> Queries.INSTANCE.bindBlock(q, 1, block)),
        new Asked(
            Queries.INSTANCE.history(), q -> Queries.INSTANCE.bindAround(q, 1, block.first())),
        new Asked(
            Queries.INSTANCE.history(),
            q -> Queries.INSTANCE.bindAround(q, 1, IpAddress.parse("10.0.0.1"))),
        new Asked(
            Queries.INSTANCE.blocksOf(), q -> bind(q, 1, "cf/cell/7", "cf/cell/7/", "cf/cell/70")),
        new Asked(Queries.INSTANCE.slotHolder(), q -> bind(q, 1, "cf/cell/7", "default")),
        new Asked(Queries.INSTANCE.changesBetween(), q -> bind(q, 1, 400, 410)),
        new Asked(Spaces.FIND, q -> bind(q, "default")),
        new Asked(DocumentStatements.FIND, q -> bind(q, 1, "key/7")),
        new Asked(DocumentStatements.BETWEEN, q -> bind(q, 1, "key/7", "key/8")));
  }

  private static void bind(PreparedStatement query, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      query.setObject(i + 1, values[i]);
    }
  }

  /** Counts the rows that the engine looked at. */
  @ParameterizedTest
  @MethodSource("queries")
  void looks_at_few_rows(Asked asked) throws SQLException {
    String location = MariaServer.shared().locationOf(folder);
    try (AllocationStore store = new MariaStoreFactory().open(location)) {
      store.commitAll(Blocks.adding(HELD));
      for (int i = 0; i < 10; i++) {
        Blocks.commit(store, new Change.PutDocument("key/" + i, "text"));
      }
    }
    try (Connection connection = DriverManager.getConnection(location);
        Statement session = connection.createStatement();
        PreparedStatement query = prepared(connection, asked)) {
      session.execute("FLUSH STATUS");
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          assertThat(rows.getString(1)).isNotEmpty();
        }
      }
      try (ResultSet row =
          session.executeQuery(
              "SELECT sum(variable_value) FROM information_schema.session_status WHERE"
                  + " variable_name IN ('HANDLER_READ_NEXT', 'HANDLER_READ_PREV',"
                  + " 'HANDLER_READ_FIRST', 'HANDLER_READ_LAST', 'HANDLER_READ_RND_NEXT')")) {
        row.next();
        assertThat(row.getInt(1)).isLessThan(HELD / 2);
      }
    }
  }

  private static PreparedStatement prepared(Connection connection, Asked asked)
      throws SQLException {
    try (Statement session = connection.createStatement()) {
      session.execute(MariaDatabase.SESSION);
    }
    PreparedStatement query = connection.prepareStatement(asked.sql());
    asked.binding().bind(query);
    return query;
  }
}
