package io.dualstack.impl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dualstack man}. */
@Command(
    name = "man",
    description = {
      "Writes manual pages: of one command, with the keys of its configuration file, to standard",
      "output, or of all commands into a directory."
    },
    footer = "dualstack man cell serve | man -l -",
    mixinStandardHelpOptions = true)
final class ManCommand implements Callable<Integer> {
  @Spec private CommandSpec command;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Writes all pages here, such as /usr/local/share/man/man1.")
  private @Nullable Path out;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "The command, such as cell serve; dualstack itself when absent.")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    CommandLine root = command.root().commandLine();
    Path folder = out;
    PrintWriter said = command.commandLine().getOut();
    if (folder == null) {
      said.print(ManualPage.of(named(root)));
    } else if (words.isEmpty()) {
      Map<String, String> pages = ManualPage.all(root);
      write(folder, pages);
      said.println("%d manual pages in %s".formatted(pages.size(), folder));
    } else {
      throw new ParameterException(
          command.commandLine(), "--out writes the pages of all commands; name none");
    }
    said.flush();
    return 0;
  }

  private CommandLine named(CommandLine root) {
    CommandLine found = root;
    for (String word : words) {
      CommandLine below = found.getSubcommands().get(word);
      if (below == null) {
        throw new ParameterException(
            command.commandLine(),
            "%s: is no command of '%s'; there are %s"
                .formatted(
                    word,
                    found.getCommandSpec().qualifiedName(),
                    String.join(", ", found.getSubcommands().keySet())));
      }
      found = below;
    }
    return found;
  }

  private static void write(Path folder, Map<String, String> pages) {
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> page : pages.entrySet()) {
        Files.writeString(folder.resolve(page.getKey()), page.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder.toString(), e);
    }
  }
}
