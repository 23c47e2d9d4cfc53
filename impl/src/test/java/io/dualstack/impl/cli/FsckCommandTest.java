package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.Dualstack;
import io.dualstack.net.IpSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class FsckCommandTest {
  @TempDir private Path folder;
  private Path file;
  private final StringWriter out = new StringWriter();

  @BeforeEach
  void fill() {
    file = folder.resolve("ips.db");
    try (Dualstack dualstack = Dualstack.builder().store("sqlite:" + file).build()) {
      dualstack.allocator().exclude(IpSet.parse("2001:db8::/80"), "a router");
    }
  }

  private int fsck(String... more) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    String[] arguments = new String[more.length + 3];
    arguments[0] = "fsck";
    arguments[1] = "--store";
    arguments[2] = "sqlite:" + file;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return line.execute(arguments);
  }

  private void tamper() throws SQLException {
    try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = raw.createStatement()) {
      statement.execute("DELETE FROM block");
    }
  }

  @Test
  void a_sound_store() {
    assertThat(fsck()).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "store: sqlite:" + file, "", "The store is sound (spaces: 1, blocks: 1, revision: 1).");
  }

  @Test
  void a_store_that_is_not_sound() throws SQLException {
    tamper();

    assertThat(fsck()).isEqualTo(1);
    assertThat(out.toString())
        .contains("error: space default: 2001:db8::/80: the trail says", "[TrailDiffers]")
        .contains("The store is not sound (spaces: 1, blocks: 0,");
  }

  @Test
  void findings_for_machines() throws SQLException, IOException {
    tamper();

    assertThat(fsck("--json")).isEqualTo(1);
    JsonNode document = new ObjectMapper().readTree(out.toString());
    assertThat(document.path("sound").asBoolean(true)).isFalse();
    assertThat(document.path("revision").asLong()).isEqualTo(1);
    assertThat(document.path("findings").path(0).path("code").asText()).isEqualTo("TrailDiffers");
  }
}
