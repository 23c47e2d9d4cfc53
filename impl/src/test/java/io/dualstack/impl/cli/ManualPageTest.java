package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.golden.GoldenFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Manual pages, and what they say about configuration files. */
class ManualPageTest {

  /** Those whose file is that of a plugin, which its own section of the README describes. */
  private static final Set<String> OF_PLUGINS = Set.of("firewall apply", "firewall compile");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(ManualPageTest::all));
  }

  @Test
  void a_page_says_what_the_command_does_and_every_key_of_its_file() {
    assertThat(run("man", "routes", "register")).isZero();

    GoldenFiles.of("cli/manual").assertMatch(Map.of("dualstack-routes-register.1", out.toString()));
  }

  @Test
  void every_command_has_a_page_with_all_its_options(@TempDir Path folder) throws IOException {
    assertThat(run("man", "--out", folder.resolve("man1").toString())).isZero();

    for (CommandLine each : all(Main.commandLine()).toList()) {
      if (each.getCommandSpec().usageMessage().hidden()) {
        continue;
      }
      String name = each.getCommandSpec().qualifiedName("-");
      String page = Files.readString(folder.resolve("man1/" + name + ".1"));
      assertThat(page).contains(".SH \"NAME\"\n" + name.replace("-", "\\-") + " \\- ");
      for (OptionSpec option : each.getCommandSpec().options()) {
        assertThat(page).contains(option.longestName().replace("-", "\\-"));
      }
    }
    try (Stream<Path> files = Files.list(folder.resolve("man1"))) {
      assertThat(out.toString()).startsWith(files.count() + " manual pages in ");
    }
  }

  @Test
  void every_configuration_file_is_described() {
    Set<String> readers =
        all(Main.commandLine())
            .map(CommandLine::getCommandSpec)
            .filter(
                each -> each.findOption("--config") != null || each.findOption("--apps") != null)
            .map(each -> each.qualifiedName().substring("dualstack ".length()))
            .filter(each -> !OF_PLUGINS.contains(each))
            .collect(Collectors.toSet());

    assertThat(ConfigFiles.ALL.keySet()).isEqualTo(readers);
  }

  @Test
  void what_roff_would_read_as_its_own_is_escaped() {
    assertThat(run("man", "cell", "serve")).isZero();

    assertThat(out.toString())
        .contains("\nThis machine\\(aqs address")
        .contains("\\fB/var/vcap/data/silk/store.json\\fR")
        .doesNotContain("](#");
    assertThat(out.toString().lines())
        .allMatch(line -> line.matches("\\.(TH|SH|TP|nf|fi)\\b.*|[^.'].*"));
  }

  @Test
  void a_command_that_is_not_there_is_refused_with_those_that_are() {
    assertThat(run("man", "cell", "sing")).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("error: sing: is no command of 'dualstack cell'; there are serve, teardown");
  }
}
