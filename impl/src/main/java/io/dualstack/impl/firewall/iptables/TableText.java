package io.dualstack.impl.firewall.iptables;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a container or the cell has in one table: chains, the rules in them, and what leads there.
 */
final class TableText {
  private final Map<String, List<String>> chains = new LinkedHashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /**
   * A rule in a chain that all share.
   *
   * @param parent the chain
   * @param chain the chain after whose making it is put; empty after all
   * @param rule the rule's arguments
   * @param isFirst whether it is put before all others
   */
  record Entry(String parent, String chain, String rule, boolean isFirst) {
    String added() {
      return "%s %s %s".formatted(isFirst ? "-I" : "-A", parent, rule);
    }

    String removed() {
      return "-D %s %s".formatted(parent, rule);
    }
  }

  TableText chain(String name) {
    chains.put(name, new ArrayList<>());
    return this;
  }

  TableText entry(String parent, String chain, String rule, boolean isFirst) {
    entries.add(new Entry(parent, chain, rule, isFirst));
    return this;
  }

  TableText rules(String chain, List<String> rules) {
    requireNonNull(chains.get(chain), chain).addAll(rules);
    return this;
  }

  List<String> chains() {
    return List.copyOf(chains.keySet());
  }

  List<Entry> entries() {
    return entries;
  }

  List<Entry> entries(String chain) {
    return entries.stream().filter(entry -> entry.chain().equals(chain)).toList();
  }

  /** The lines that fill a chain, which is empty; what is there twice does nothing more. */
  List<String> filling(String chain) {
    return requireNonNull(chains.get(chain), chain).stream()
        .distinct()
        .map(rule -> "-A %s %s".formatted(chain, rule))
        .toList();
  }
}
