package io.dualstack.impl.allocation.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignFileTest {

  @TempDir private Path folder;

  private static void assertRefusedAndLeftAsItIs(Path file, String reason) throws IOException {
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(() -> SqliteAllocationStore.open(file))
        .isInstanceOfSatisfying(
            StoreUnavailableException.class, failure -> assertThat(failure.retryable()).isFalse())
        .hasMessageContaining(file.toString())
        .hasMessageContaining(reason);

    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void a_file_that_is_no_database_is_left_as_it_is() throws IOException {
    for (String content : List.of("x", "networks: []\n".repeat(1_000), "SQLite format 3\0")) {
      assertRefusedAndLeftAsItIs(Files.writeString(folder.resolve("file"), content), "");
    }
  }

  @Test
  void a_database_of_another_program_is_left_as_it_is() throws IOException, SQLException {
    Path file = folder.resolve("other.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE theirs (x)");
    }

    assertRefusedAndLeftAsItIs(file, "another program");
  }

  @Test
  void an_empty_file_becomes_a_store() throws IOException {
    Path file = Files.createFile(folder.resolve("empty.db"));

    SqliteAllocationStore.open(file).close();

    assertThat(file).isNotEmptyFile();
  }
}
