package io.dualstack.impl.firewall.iptables;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Input of {@code iptables-restore --noflush}: all of a table's lines take effect at once. */
final class Restore {
  private final Map<TableName, List<String>> tables = new EnumMap<>(TableName.class);

  Restore line(TableName table, String line) {
    tables.computeIfAbsent(table, name -> new ArrayList<>()).add(line);
    return this;
  }

  Restore lines(TableName table, Iterable<String> lines) {
    lines.forEach(line -> line(table, line));
    return this;
  }

  /** Makes a chain; fails if it is there. */
  Restore create(TableName table, String chain) {
    return line(table, "-N " + chain);
  }

  /** Empties a chain; fails unless it is there. */
  Restore flush(TableName table, String chain) {
    return line(table, "-F " + chain);
  }

  /** Makes a chain, or empties it if it is there. */
  Restore empty(TableName table, String chain) {
    return line(table, ":%s - [0:0]".formatted(chain));
  }

  /** Removes a chain, which must be empty, and no rule's target. */
  Restore delete(TableName table, String chain) {
    return line(table, "-X " + chain);
  }

  /** Returns the lines of a table. */
  List<String> lines(TableName table) {
    return tables.getOrDefault(table, List.of());
  }

  boolean isEmpty() {
    return tables.isEmpty();
  }

  /**
   * In how many transactions the kernel is told this, one for each table; 0 if that is not known,
   * as a table in which something is only looked at takes none.
   */
  int transactions() {
    return tables.values().stream().allMatch(Restore::isChanged) ? tables.size() : 0;
  }

  private static boolean isChanged(List<String> lines) {
    return lines.stream().anyMatch(line -> !line.startsWith("-C "));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    tables.forEach(
        (table, lines) -> {
          text.append('*').append(table).append('\n');
          lines.forEach(line -> text.append(line).append('\n'));
          text.append("COMMIT\n");
        });
    return text.toString();
  }
}
