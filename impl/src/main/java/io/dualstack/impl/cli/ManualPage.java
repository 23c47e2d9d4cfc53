package io.dualstack.impl.cli;

import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.ConfigKeys.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The manual page of a command, in the man macros of roff, made of what the command itself knows.
 */
final class ManualPage {

  private static final String SUFFIX = ".1";
  private static final Pattern LINK = Pattern.compile("\\[([^]]+)]\\(#[^)]*\\)");
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");

  /** Stand around what is bold while the rest of a text is escaped. */
  private static final char BOLD = '\u0001';

  private static final char PLAIN = '\u0002';

  private final CommandSpec command;
  private final StringBuilder page = new StringBuilder();

  private ManualPage(CommandLine command) {
    this.command = command.getCommandSpec();
  }

  /** Returns the page of a command. */
  static String of(CommandLine command) {
    return new ManualPage(command).write();
  }

  /** Returns the pages of a command and all below it, by the names of their files. */
  static Map<String, String> all(CommandLine command) {
    Map<String, String> pages = new TreeMap<>();
    pages.put(name(command.getCommandSpec()) + SUFFIX, of(command));
    below(command).forEach(each -> pages.putAll(all(each)));
    return pages;
  }

  private static List<CommandLine> below(CommandLine command) {
    return command.getSubcommands().values().stream()
        .filter(each -> !each.getCommandSpec().usageMessage().hidden())
        .toList();
  }

  private static String name(CommandSpec command) {
    return command.qualifiedName("-");
  }

  private String write() {
    UsageMessageSpec text = command.usageMessage();
    String header = String.join(" ", text.header());
    line(".TH \"%s\" 1".formatted(name(command).toUpperCase(Locale.ROOT)));
    section("NAME");
    line(escaped(name(command)) + " \\- " + escaped(header.replaceFirst("\\.$", "")));
    section("SYNOPSIS");
    verbatim(
        new Help(command, Help.defaultColorScheme(Help.Ansi.OFF))
            .synopsis(0)
            .lines()
            .map(String::stripTrailing)
            .toList());
    section("DESCRIPTION");
    line(
        escaped(
            Stream.of(List.of(header), List.of(text.description()))
                .flatMap(List::stream)
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(" "))));
    arguments();
    subcommands();
    ConfigFiles.of(words()).ifPresent(this::keys);
    exitCodes();
    List<String> example = HelpText.example(command);
    if (!example.isEmpty()) {
      section("EXAMPLE");
      verbatim(example);
    }
    seeAlso();
    return page.toString();
  }

  /** The command without the program's name. */
  private String words() {
    return command.qualifiedName().replaceFirst("^\\S+ ?", "");
  }

  private void arguments() {
    List<PositionalParamSpec> positional = command.positionalParameters();
    if (!positional.isEmpty()) {
      section("ARGUMENTS");
      positional.forEach(each -> item(each.paramLabel(), description(each)));
    }
    section("OPTIONS");
    for (OptionSpec option : command.options()) {
      String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
      item(
          Stream.of(option.names()).collect(Collectors.joining(", ")) + value, description(option));
    }
  }

  private static String description(ArgSpec argument) {
    String fallback = argument.defaultValue();
    // As picocli fills in what a description quotes.
    return String.join(" ", argument.description())
        .replace("${DEFAULT-VALUE}", fallback == null ? "" : fallback);
  }

  private void subcommands() {
    List<CommandLine> below = below(command.commandLine());
    if (!below.isEmpty()) {
      section("COMMANDS");
      for (CommandLine each : below) {
        item(
            each.getCommandName(), String.join(" ", each.getCommandSpec().usageMessage().header()));
      }
    }
  }

  private void keys(ConfigFiles.ConfigFile file) {
    section("THE FILE OF " + file.option());
    line(
        "One JSON object. Keys of an object within are written behind a full stop, and those of"
            + " each object of an array behind [].");
    for (Row row : file.keys().rows()) {
      item(String.join(", ", row.names()), sentences(row));
    }
  }

  private static String sentences(Row row) {
    String meaning = row.meaning();
    String first = meaning.substring(0, 1).toUpperCase(Locale.ROOT) + meaning.substring(1) + ".";
    String otherwise = row.otherwise();
    if (otherwise.isEmpty()) {
      return first;
    }
    return otherwise.startsWith(ConfigKeys.REQUIRED)
        ? first + " R" + otherwise.substring(1) + "."
        : first + " Default: " + otherwise + ".";
  }

  private void exitCodes() {
    Map<String, String> codes = command.root().usageMessage().exitCodeList();
    section("EXIT STATUS");
    codes.forEach(this::item);
  }

  private void seeAlso() {
    List<String> others = new ArrayList<>();
    CommandSpec parent = command.parent();
    if (parent != null) {
      others.add(name(parent));
      Set<String> siblings = parent.subcommands().keySet();
      if (parent.parent() != null) {
        siblings.stream()
            .filter(each -> !each.equals(command.name()))
            .forEach(each -> others.add(name(parent) + "-" + each));
      }
    }
    below(command.commandLine()).forEach(each -> others.add(name(each.getCommandSpec())));
    section("SEE ALSO");
    line(
        others.stream()
            .map(each -> "\\fB" + escaped(each) + "\\fR(1)")
            .collect(Collectors.joining(",\n")));
  }

  // roff

  private void section(String title) {
    line(".SH \"" + escaped(title) + "\"");
  }

  private void item(String term, String text) {
    line(".TP");
    line("\\fB" + escaped(term) + "\\fR");
    line(escaped(text));
  }

  private void verbatim(List<String> lines) {
    line(".nf");
    lines.forEach(each -> line(escaped(each)));
    line(".fi");
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  /** Markdown's code becomes bold, its links their texts; what roff would read is escaped. */
  private static String escaped(String text) {
    String marked =
        CODE.matcher(LINK.matcher(text).replaceAll("$1")).replaceAll(BOLD + "$1" + PLAIN);
    String safe = marked.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
    return (safe.startsWith(".") ? "\\&" + safe : safe)
        .replace(String.valueOf(BOLD), "\\fB")
        .replace(String.valueOf(PLAIN), "\\fR");
  }
}
