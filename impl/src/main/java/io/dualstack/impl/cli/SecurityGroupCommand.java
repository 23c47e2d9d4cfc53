package io.dualstack.impl.cli;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.impl.firewall.SecurityGroupFile;
import io.dualstack.impl.firewall.WrittenGroup;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dualstack security-group}. */
@Command(
    name = "security-group",
    description =
        "Security groups in files, or those of a cell, as the cf command line shows them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      SecurityGroupCommand.Show.class,
      SecurityGroupCommand.ListRules.class,
      SecurityGroupCommand.Check.class
    })
final class SecurityGroupCommand extends CommandGroup {
  /** {@code dualstack security-group show}. */
  @Command(
      name = "show",
      description = "Shows each group's name, its rules as they are written, and where it applies.",
      mixinStandardHelpOptions = true,
      footer = "dualstack security-group show public.json")
  static final class Show implements Callable<Integer> {
    @Mixin private SecurityGroupSource source;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      SecurityGroupSource.Told told = source.read();
      List<ShownGroup> groups = told.groups();
      if (output.isJson()) {
        ObjectNode document = told.json();
        document.set("groups", Json.array(groups.stream().map(Show::json).toList()));
        output.print(document);
        return 0;
      }
      PrintWriter out = output.out();
      told.printOrigin(out);
      String separator = "";
      for (ShownGroup group : groups) {
        out.print(separator);
        out.println("name: " + group.name());
        out.println("rules:");
        out.println(indented(group.rules()));
        applies(group).print(out);
        separator = System.lineSeparator();
      }
      out.flush();
      return 0;
    }

    private static Table applies(ShownGroup group) {
      Table table = new Table("SPACE", "LIFECYCLE");
      for (Lifecycle lifecycle : Lifecycle.values()) {
        if (group.defaultFor().contains(lifecycle)) {
          table.row("<all>", Json.word(lifecycle));
        }
        group.spaces(lifecycle).forEach(space -> table.row(space, Json.word(lifecycle)));
      }
      if (table.isEmpty()) {
        table.row("-", "-");
      }
      return table;
    }

    private static ObjectNode json(ShownGroup group) {
      ObjectNode node = Json.object().put("name", group.name());
      node.set("rules", group.rules());
      ObjectNode enabled = node.putObject("globally_enabled");
      ObjectNode spaces = node.putObject("spaces");
      for (Lifecycle lifecycle : Lifecycle.values()) {
        String word = Json.word(lifecycle);
        enabled.put(word, group.defaultFor().contains(lifecycle));
        group.spaces(lifecycle).forEach(spaces.withArray("/" + word)::add);
      }
      return node;
    }

    /** Line by line and with two blanks, whatever the machine; nothing is escaped for HTML. */
    private static String indented(JsonNode rules) {
      DefaultIndenter lines = new DefaultIndenter("  ", "\n");
      DefaultPrettyPrinter printer =
          new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER));
      printer.indentArraysWith(lines);
      printer.indentObjectsWith(lines);
      return Json.text(rules, printer);
    }
  }

  /** {@code dualstack security-group list}. */
  @Command(
      name = "list",
      description = "Shows the rules of all groups as a table, sorted by group.",
      mixinStandardHelpOptions = true,
      footer = "dualstack security-group list --cell http://127.0.0.1:8721")
  static final class ListRules implements Callable<Integer> {
    private static final List<String> COLUMNS =
        List.of("destination", "ports", "protocol", "lifecycle", "description");

    @Mixin private SecurityGroupSource source;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      SecurityGroupSource.Told told = source.read();
      List<ObjectNode> rules = new ArrayList<>();
      for (ShownGroup group : told.groups()) {
        for (String lifecycle : lifecycles(group)) {
          group.rules().forEach(rule -> rules.add(row(group, rule, lifecycle)));
        }
      }
      if (output.isJson()) {
        ObjectNode document = told.json();
        document.set("rules", Json.array(rules));
        output.print(document);
        return 0;
      }
      told.printOrigin(output.out());
      Table table =
          new Table(
              "SECURITY GROUP", "DESTINATION", "PORTS", "PROTOCOL", "LIFECYCLE", "DESCRIPTION");
      rules.forEach(
          rule -> {
            List<Object> cells = new ArrayList<>(List.of(rule.path("security_group").asText()));
            COLUMNS.forEach(column -> cells.add(rule.path(column).asText()));
            table.row(cells.toArray());
          });
      table.print(output.out());
      return 0;
    }

    private static ObjectNode row(ShownGroup group, JsonNode rule, String lifecycle) {
      ObjectNode row = Json.object().put("security_group", group.name());
      for (String column : COLUMNS) {
        row.put(column, column.equals("lifecycle") ? lifecycle : rule.path(column).asText(""));
      }
      return row;
    }

    /** A rule stands once for each lifecycle that its group applies to. */
    private static List<String> lifecycles(ShownGroup group) {
      List<String> words = new ArrayList<>();
      for (Lifecycle lifecycle : Lifecycle.values()) {
        if (group.defaultFor().contains(lifecycle) || !group.spaces(lifecycle).isEmpty()) {
          words.add(Json.word(lifecycle));
        }
      }
      return words.isEmpty() ? List.of("") : words;
    }
  }

  /** {@code dualstack security-group check}. */
  @Command(
      name = "check",
      description = "Checks groups as strictly as Cloud Controller and Diego together.",
      mixinStandardHelpOptions = true,
      footer = "dualstack security-group check public.json --ipv6")
  static final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "JSON of security groups.")
    private List<Path> files = List.of();

    @Mixin private FirewallCommand.GroupOptions options;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      List<WrittenGroup> groups = SecurityGroupFile.readWritten(files, options.options());
      int rules = groups.stream().mapToInt(group -> group.rules().size()).sum();
      if (output.isJson()) {
        output.print(Json.object().put("groups", groups.size()).put("rules", rules));
      } else {
        output.out().println("valid: groups " + groups.size() + ", rules " + rules);
        output.out().flush();
      }
      return 0;
    }
  }
}
