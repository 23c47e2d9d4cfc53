package io.dualstack.impl.firewall.iptables;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is missing in the tables of a family: chains, what leads to them, and how many rules they
 * have. What rules say is not compared, as the kernel says it in other words.
 */
record TablesCheck(SavedTables saved) {

  /** Returns whether a shared chain of the filter table leads to another. */
  boolean isReached(String parent, String chain) {
    return entries(TableName.FILTER, parent, chain) > 0;
  }

  private long entries(TableName table, String parent, String chain) {
    return saved.rules(table, parent).stream()
        .filter(rule -> SavedTables.target(rule).equals(chain))
        .count();
  }

  /** Returns whether chains of the filter table have as many rules as these lines add. */
  boolean hasRules(List<String> lines) {
    return hasRules(TableName.FILTER, lines);
  }

  private boolean hasRules(TableName table, List<String> lines) {
    Map<String, Long> wanted =
        lines.stream()
            .collect(Collectors.groupingBy(line -> line.split(" ", 3)[1], Collectors.counting()));
    return wanted.entrySet().stream()
        .allMatch(each -> saved.rules(table, each.getKey()).size() == each.getValue());
  }

  /** Returns whether all of these chains are there, with as many rules, and led to as often. */
  boolean holds(ContainerTables tables) {
    return leadsTo(tables)
        && tables.byTable().entrySet().stream()
            .allMatch(
                table ->
                    table.getValue().chains().stream()
                        .allMatch(
                            chain ->
                                saved.chains(table.getKey()).contains(chain)
                                    && saved.rules(table.getKey(), chain).size()
                                        == table.getValue().filling(chain).size()));
  }

  /** Returns whether all is there that leads to these chains. */
  boolean leadsTo(ContainerTables tables) {
    return tables.byTable().entrySet().stream()
        .allMatch(
            table ->
                table.getValue().entries().stream()
                    .filter(entry -> !entry.chain().isEmpty())
                    .allMatch(
                        entry ->
                            entries(table.getKey(), entry.parent(), entry.chain())
                                >= table.getValue().entries(entry.chain()).size()));
  }
}
