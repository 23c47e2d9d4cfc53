package io.dualstack.impl.firewall.iptables;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code iptables-save} says there is. */
final class SavedTables {
  private static final Pattern TARGET = Pattern.compile(" (?:-j|-g) (\\S+)");

  /** As of a host that has no rules. */
  static final SavedTables NONE = new SavedTables();

  /** Chain by chain its rules, as lines that begin with {@code -A}. */
  private final Map<TableName, Map<String, List<String>>> tables = new EnumMap<>(TableName.class);

  static SavedTables parse(String saved) {
    SavedTables parsed = new SavedTables();
    Map<String, List<String>> table = new LinkedHashMap<>();
    for (String line : saved.lines().toList()) {
      if (line.startsWith("*")) {
        table = new LinkedHashMap<>();
        for (TableName name : TableName.values()) {
          if (line.equals("*" + name)) {
            parsed.tables.put(name, table);
          }
        }
      } else if (line.startsWith(":")) {
        table.put(line.substring(1, line.indexOf(' ')), new ArrayList<>());
      } else if (line.startsWith("-A ")) {
        table.computeIfAbsent(line.split(" ", 3)[1], chain -> new ArrayList<>()).add(line);
      }
    }
    return parsed;
  }

  private Map<String, List<String>> table(TableName name) {
    return tables.getOrDefault(name, Map.of());
  }

  Set<String> chains(TableName table) {
    return table(table).keySet();
  }

  List<String> rules(TableName table, String chain) {
    return table(table).getOrDefault(chain, List.of());
  }

  /**
   * Returns lines that remove the rules that lead to chains, from all chains but such that are to
   * be emptied anyway.
   */
  List<String> removals(TableName table, Predicate<String> targets, Predicate<String> emptied) {
    List<String> lines = new ArrayList<>();
    table(table)
        .forEach(
            (chain, rules) -> {
              if (!emptied.test(chain)) {
                rules.stream()
                    .filter(rule -> targets.test(target(rule)))
                    .map(SavedTables::removal)
                    .forEach(lines::add);
              }
            });
    return lines;
  }

  static String target(String rule) {
    Matcher matcher = TARGET.matcher(rule);
    return matcher.find() ? matcher.group(1) : "";
  }

  static String removal(String rule) {
    return "-D" + rule.substring(2);
  }
}
