package io.dualstack.impl.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Lays out what commands say about themselves: the first sentence of a description stands above the
 * usage and in lists of commands, the rest below it, both wrapped to the terminal; then an example.
 */
final class HelpText {

  private static final String INDENT = "  ";

  /** A full stop that ends a sentence. */
  private static final Pattern END = Pattern.compile("\\.(\\s+|$)");

  private HelpText() {}

  /** Lays out a command and all below it. */
  static void layOut(CommandSpec command) {
    UsageMessageSpec text = command.usageMessage();
    String words = String.join(" ", text.description());
    Matcher end = END.matcher(words);
    int cut = end.find() ? end.start() + 1 : words.length();
    String rest = words.substring(cut).strip();
    text.header(words.substring(0, cut));
    text.description(rest.isEmpty() ? new String[0] : new String[] {rest});
    if (text.footer().length > 0) {
      text.footerHeading("%nExample:%n")
          .footer(Stream.of(text.footer()).map(INDENT::concat).toArray(String[]::new));
    }
    command.subcommands().values().forEach(below -> layOut(below.getCommandSpec()));
  }

  /** Returns the lines of a command's example, as they are typed. */
  static List<String> example(CommandSpec command) {
    return Stream.of(command.usageMessage().footer()).map(String::strip).toList();
  }
}
