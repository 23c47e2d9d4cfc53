package io.dualstack.impl.firewall.cell;

import io.dualstack.net.IpFamily;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Rules of one family in order, path by path.
 *
 * @param family the family of every rule
 * @param paths the paths that have rules
 */
public record PathRules(IpFamily family, Map<Path, List<CellRule>> paths) {
  /** Copies the map. */
  public PathRules {
    EnumMap<Path, List<CellRule>> copy = new EnumMap<>(Path.class);
    paths.forEach(
        (path, rules) -> {
          if (!rules.isEmpty()) {
            copy.put(path, List.copyOf(rules));
          }
        });
    paths = Collections.unmodifiableMap(copy);
  }

  /** Returns the rules of a path; none where a packet goes on. */
  public List<CellRule> of(Path path) {
    return paths.getOrDefault(path, List.of());
  }
}
