package io.dualstack.impl.allocation.store.mariadb;

import static io.dualstack.impl.store.mariadb.MariaServer.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.allocation.store.FirstOpeners;
import io.dualstack.impl.store.mariadb.MariaServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a database becomes a store, and which are refused and left as they are. */
class OpeningTest extends FirstOpeners {

  private static final MariaServer SERVER = MariaServer.shared();

  OpeningTest() {
    super(SERVER, new MariaStoreFactory(), 8);
  }

  private static AllocationStore open(String location) {
    return new MariaStoreFactory().open(location);
  }

  @Test
  void tables_of_another_program_are_left_as_they_are() throws SQLException {
    String location = SERVER.empty();
    execute(location, "CREATE TABLE theirs (x int)");

    assertRefused(location, "has tables of another program, and was left as it is");

    assertThat(tables(location)).containsExactly("theirs");
  }

  @Test
  void tables_of_a_newer_version_are_left_as_they_are() throws SQLException {
    String location = SERVER.empty();
    open(location).close();
    execute(
        location,
        "INSERT INTO dualstack_migrations SELECT installed_rank + 9, '10', 'newer', type, script,"
            + " checksum, installed_by, installed_on, 1, true FROM dualstack_migrations"
            + " WHERE version = '1'");
    List<String> before = tables(location);

    assertRefused(location, "was written by a newer Dualstack (format 10, this one knows 2)");

    assertThat(tables(location)).isEqualTo(before);
  }

  @Test
  void a_step_that_failed_is_taken_again() {
    String location = SERVER.empty();
    open(location).close();
    execute(location, "UPDATE dualstack_migrations SET success = 0", "DROP TRIGGER block_overlaps");

    try (AllocationStore store = open(location)) {
      assertThat(store.examine()).isEmpty();
      assertThat(Blocks.commit(store)).isEqualTo(1);
    }
  }

  @Test
  void an_encoding_without_all_characters_makes_no_difference() {
    String location = SERVER.empty();
    execute(location, "ALTER DATABASE CHARACTER SET ascii COLLATE ascii_general_ci");
    AllocationStore store = open(location);

    Blocks.commit(
        store,
        new Change.Add(Blocks.held("10.0.0.0/8", "cf/名/\ud83d\ude00")),
        new Change.PutDocument("schlüssel\ud83d\ude00", "wert\0"));

    try (store) {
      assertThat(store.documents(AddressSpace.DEFAULT, "schlüssel"))
          .containsEntry("schlüssel\ud83d\ude00", "wert\0");
    }
  }

  @Test
  void a_database_that_is_not_there_is_named() {
    assertRefused(SERVER.location("nowhere"), "Unknown database 'nowhere'; create it");
  }

  @Test
  void a_user_who_may_not_make_tables_is_told_what_to_grant() {
    String location = SERVER.empty();
    String name = location.replaceFirst(".*/([^/?]+)[?].*", "$1");
    execute(
        location,
        "CREATE USER IF NOT EXISTS looker IDENTIFIED BY 's3cret'",
        "GRANT SELECT ON " + name + ".* TO looker");

    assertRefused(
        location.replace("user=root", "user=looker&password=s3cret"),
        "CREATE command denied to user 'looker'");
  }

  @Test
  void a_wrong_password_is_told_without_telling_it() {
    assertRefused(
        SERVER.empty().replace("user=root", "user=nobody&password=s3cret"),
        "check user, password and from where the user may come");
  }

  @Test
  void a_server_that_is_not_there_is_worth_another_try() {
    assertThatThrownBy(() -> open("jdbc:mariadb://[::1]:1/ips?password=s3cret"))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isTrue())
        .hasMessageStartingWith("jdbc:mariadb://[::1]:1/ips: the server can't be reached")
        .satisfies(failure -> assertThat(failure.toString()).doesNotContain("s3cret"));
  }

  private static void assertRefused(String location, String reason) {
    assertThatThrownBy(() -> open(location))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageStartingWith("jdbc:mariadb://[::1]:")
        .hasMessageContaining(reason)
        .satisfies(failure -> assertThat(failure.toString()).doesNotContain("s3cret"));
  }

  private static List<String> tables(String location) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(location);
        ResultSet rows = connection.createStatement().executeQuery("SHOW TABLES")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }
}
