package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the commands of a cell refuse, and in which words. */
class CellCommandsTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cell", "leases", "policies"})
  void a_group_alone_is_wrong_usage(String group) {
    assertThat(run(group)).isEqualTo(2);

    assertThat(err.toString()).contains("a command is missing").contains("serve");
  }

  @Test
  void only_plugins_that_there_are_can_be_installed() {
    Path directory = folder.resolve("bin");

    assertThat(run("cni", "install", directory.toString(), "--plugin", "bridge")).isEqualTo(2);

    assertThat(err.toString()).contains("--plugin: bridge").contains("silk-cni, host-local");
    assertThat(directory).doesNotExist();
  }

  @Test
  void plugins_start_processes_by_vfork_only_where_java_does_not_warn_of_it() {
    assertThat(CniCommand.Install.spawning(17)).endsWith("launchMechanism=VFORK");
    assertThat(CniCommand.Install.spawning(24)).endsWith("launchMechanism=VFORK");
    assertThat(CniCommand.Install.spawning(25)).isEmpty();
  }

  @Test
  void where_plugins_cant_be_written_is_said_in_words() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(run("cni", "install", file.resolve("bin").toString())).isEqualTo(1);

    assertThat(err.toString())
        .contains(file.toString())
        .doesNotContain("InternalError")
        .doesNotContain("Exception");
  }
}
