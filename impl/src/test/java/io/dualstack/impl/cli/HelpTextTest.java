package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParseResult;

/** What every command says about itself. */
class HelpTextTest {

  private static Stream<CommandLine> all(CommandLine command) {
    return command.getCommandSpec().usageMessage().hidden()
        ? Stream.of()
        : Stream.concat(
            Stream.of(command),
            command.getSubcommands().values().stream().flatMap(HelpTextTest::all));
  }

  private static Stream<String> commands() {
    return all(Main.commandLine()).map(each -> each.getCommandSpec().qualifiedName());
  }

  /** Those that do something by themselves. */
  private static Stream<String> deeds() {
    return all(Main.commandLine())
        .filter(each -> !(each.getCommand() instanceof CommandGroup))
        .map(each -> each.getCommandSpec().qualifiedName());
  }

  private static CommandLine named(String qualifiedName) {
    return all(Main.commandLine())
        .filter(each -> each.getCommandSpec().qualifiedName().equals(qualifiedName))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void says_in_sentences_what_it_and_its_options_do(String name) {
    CommandLine command = named(name);

    assertThat(command.getCommandSpec().usageMessage().header()).hasSize(1);
    assertThat(command.getCommandSpec().usageMessage().header()[0]).matches("[A-Z'].*\\.");
    for (ArgSpec argument : command.getCommandSpec().args()) {
      assertThat(String.join(" ", argument.description()))
          .as("%s %s", name, argument.paramLabel())
          .matches("[A-Z'].*\\.");
    }
  }

  @ParameterizedTest
  @MethodSource("deeds")
  void has_an_example_that_is_right_usage(String name) {
    List<String> example = HelpText.example(named(name).getCommandSpec());

    assertThat(example).isNotEmpty();
    for (String line : example) {
      // What a shell does before and behind the program.
      String words = line.replaceFirst("^(CNI_[A-Z]+=\\S+ )*", "").replaceFirst(" [<|] .*", "");
      assertThat(words).startsWith("dualstack ");
      String[] arguments = words.substring("dualstack ".length()).replace("'", "").split(" ");
      assertThatCode(() -> assertThat(deepest(arguments)).isEqualTo(name))
          .doesNotThrowAnyException();
    }
  }

  private static String deepest(String... arguments) {
    ParseResult parsed = Main.commandLine().parseArgs(arguments);
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return parsed.commandSpec().qualifiedName();
  }

  @Test
  void the_first_sentence_stands_in_lists_and_the_rest_with_the_command() {
    assertThat(usage("lab")).contains("up      Makes the foundation and leaves it running.\n");
    assertThat(usage("lab", "up"))
        .startsWith("Makes the foundation and leaves it running.\nUsage: dualstack lab up")
        .contains(
            "\nWithout files it is an example: two cells, a router, a control plane and five\n")
        .endsWith("\nExample:\n  dualstack lab up --test\n");
  }

  private static String usage(String... words) {
    CommandLine command = Main.commandLine().setUsageHelpAutoWidth(false);
    StringWriter out = new StringWriter();
    command.setOut(new PrintWriter(out, true));
    command.execute(Stream.concat(Stream.of(words), Stream.of("--help")).toArray(String[]::new));
    return out.toString();
  }
}
