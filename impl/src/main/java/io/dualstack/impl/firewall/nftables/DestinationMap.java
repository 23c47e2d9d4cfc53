package io.dualstack.impl.firewall.nftables;

import io.dualstack.firewall.Match;
import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.impl.firewall.Boxes;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Rules that treat packets alike, as a map from destinations to chains about services.
 *
 * <p>The kernel finds a destination in a tree, which takes as many steps as the number of
 * destinations has binary digits. Sets of destinations with services are quicker as long as they
 * are small: it reads a few bits of each element for each packet.
 */
final class DestinationMap {
  /** So many elements take the kernel as long to read as the way by a map. */
  private static final int FEW = 500;

  private DestinationMap() {}

  /** Returns whether there are so many that a map is the quicker way. */
  static boolean isFor(List<Match> matches) {
    long elements =
        matches.stream()
            .mapToLong(
                match ->
                    (long) match.destinations().ranges().size()
                        * match.services().numbers().ranges().size())
            .sum();
    return elements > FEW;
  }

  /**
   * Returns the map.
   *
   * @param chain returns the name of the chain that decides about services
   */
  static Definition of(IpFamily family, List<Match> matches, Function<ServiceSet, String> chain) {
    Map<NumberSet, IpSet> areas = new LinkedHashMap<>();
    Map<NumberSet, List<IpSet>> destinations = new LinkedHashMap<>();
    for (Match match : matches) {
      destinations
          .computeIfAbsent(match.services().numbers(), services -> new ArrayList<>())
          .add(match.destinations());
    }
    destinations.forEach((services, sets) -> areas.put(services, union(sets)));
    Map<NumberSet, String> chains = new LinkedHashMap<>();
    List<String> elements = new ArrayList<>();
    for (Boxes.Reached reached : Boxes.byDestination(family, areas)) {
      String name =
          chains.computeIfAbsent(
              reached.numbers(), numbers -> chain.apply(ServiceSet.ofNumbers(numbers)));
      elements.add(ChainText.range(reached.destinations()) + " : jump " + name);
    }
    return Definition.of(
        "map",
        "to" + ChainText.digit(family),
        List.of(
            "type %s : verdict".formatted(ChainText.address(family)),
            "flags interval",
            "elements = { " + String.join(", ", elements) + " }"),
        List.copyOf(chains.values()));
  }

  private static IpSet union(List<IpSet> sets) {
    return IpSet.of(sets.stream().flatMap(set -> set.ranges().stream()).toList());
  }
}
