package io.dualstack.impl.allocation.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.allocation.store.FirstOpeners;
import io.dualstack.impl.store.postgresql.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a database becomes a store, and which are refused and left as they are. */
class OpeningTest extends FirstOpeners {

  private static final PostgresServer SERVER = PostgresServer.shared();

  OpeningTest() {
    super(SERVER, new PostgresStoreFactory(), 1);
  }

  private static AllocationStore open(String location) {
    return new PostgresStoreFactory().open(location);
  }

  @Test
  void schemas_of_one_database_are_different_stores() throws SQLException {
    String location = SERVER.empty("");
    execute(location, "CREATE TABLE theirs (x int)");
    String other = location + "&currentSchema=other";
    try (AllocationStore one = open(location);
        AllocationStore two = open(other)) {
      Blocks.commit(one, new Change.Add(Blocks.held("10.0.0.0/8", "cf/router/0")));
      Blocks.commit(two, new Change.Add(Blocks.held("10.0.0.0/8", "cf/router/1")));

      assertThat(one.snapshot(AddressSpace.DEFAULT).blocks()).hasSize(1);
      assertThat(two.location()).endsWith("?currentSchema=other");
    }
    assertThat(tables(location, "public")).containsExactly("theirs");
  }

  @Test
  void a_schema_of_another_program_is_left_as_it_is() throws SQLException {
    String location = SERVER.empty("");
    execute(location, "CREATE SCHEMA dualstack", "CREATE TABLE dualstack.theirs (x int)");

    assertRefused(location, "has tables of another program, and was left as it is");

    assertThat(tables(location, "dualstack")).containsExactly("theirs");
  }

  @Test
  void a_schema_of_a_newer_version_is_left_as_it_is() throws SQLException {
    String location = SERVER.empty("");
    open(location).close();
    execute(
        location,
        "INSERT INTO dualstack.dualstack_migrations SELECT installed_rank + 9, '10', 'newer', type,"
            + " script, checksum, installed_by, installed_on, 1, true"
            + " FROM dualstack.dualstack_migrations WHERE version = '1'");
    List<String> before = tables(location, "dualstack");

    assertRefused(location, "was written by a newer Dualstack (format 10, this one knows 2)");

    assertThat(tables(location, "dualstack")).isEqualTo(before);
  }

  @Test
  void an_empty_schema_made_by_another_becomes_a_store() throws SQLException {
    String location = SERVER.empty("");
    execute(location, "CREATE SCHEMA dualstack");

    try (AllocationStore store = open(location)) {
      assertThat(Blocks.commit(store)).isEqualTo(1);
    }
  }

  @Test
  void an_encoding_without_all_characters_is_refused() {
    String location = SERVER.empty("TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");

    assertRefused(location, "its encoding is LATIN1");
  }

  @Test
  void a_database_that_is_not_there_is_named() {
    assertRefused(SERVER.location("nowhere"), "database \"nowhere\" does not exist; create it");
  }

  @Test
  void a_user_who_may_not_make_the_schema_is_told_what_to_grant() throws SQLException {
    String location = SERVER.empty("");
    execute(location, "CREATE ROLE poor LOGIN PASSWORD 's3cret'");

    assertRefused(
        location.replace("user=postgres", "user=poor&password=s3cret"),
        "permission denied for database");
  }

  @Test
  void an_owner_of_the_schema_alone_can_use_it() throws SQLException {
    String location = SERVER.empty("");
    execute(
        location,
        "CREATE ROLE director LOGIN PASSWORD 's3cret'",
        "CREATE SCHEMA dualstack AUTHORIZATION director");

    try (AllocationStore store = open(location.replace("user=postgres", "user=director"))) {
      assertThat(Blocks.commit(store, new Change.Add(Blocks.held("::/0", "all")))).isEqualTo(1);
    }
  }

  @Test
  void a_server_that_is_not_there_is_worth_another_try() {
    assertThatThrownBy(() -> open("jdbc:postgresql://[::1]:1/ips?password=s3cret"))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessageStartingWith("jdbc:postgresql://[::1]:1/ips: the server can't be reached")
        .satisfies(failure -> assertThat(failure.toString()).doesNotContain("s3cret"));
  }

  private static void assertRefused(String location, String reason) {
    assertThatThrownBy(() -> open(location))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageStartingWith("jdbc:postgresql://[::1]:")
        .hasMessageContaining(reason)
        .satisfies(failure -> assertThat(failure.toString()).doesNotContain("s3cret"));
  }

  private static void execute(String location, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(location);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> tables(String location, String schema) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(location);
        ResultSet rows = connection.getMetaData().getTables(null, schema, "%", null)) {
      while (rows.next()) {
        tables.add(rows.getString("TABLE_NAME"));
      }
    }
    return tables;
  }
}
