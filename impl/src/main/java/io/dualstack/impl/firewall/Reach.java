package io.dualstack.impl.firewall;

import io.dualstack.firewall.NumberSet;
import io.dualstack.firewall.RuleSet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.ServiceSet;
import io.dualstack.firewall.Verdict;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What rules that only accept let through in one family and scope, seen from the services. Costs
 * the number of distinct sets of services times the number of cells that they cut.
 */
final class Reach {
  private final IpSet scope;
  private final Map<ServiceSet, IpSet> destinations = new HashMap<>();
  private final ServiceSet everywhere;
  private final ServiceSet somewhere;

  Reach(RuleSet rules, AddressScope area, IpFamily family) {
    scope = area.addresses(family);
    Map<ServiceSet, List<IpRange>> merged = new LinkedHashMap<>();
    rules.rules().stream()
        .filter(rule -> rule.match().family() == family && rule.verdict() == Verdict.ACCEPT)
        .forEach(
            rule ->
                merged
                    .computeIfAbsent(rule.match().services(), services -> new ArrayList<>())
                    .addAll(rule.match().destinations().ranges()));
    merged.forEach(
        (services, ranges) -> {
          IpSet there = IpSet.of(ranges).intersect(scope);
          if (!there.isEmpty()) {
            destinations.put(services, there);
          }
        });
    List<NumberSet.Range> all = new ArrayList<>();
    List<NumberSet.Range> some = new ArrayList<>();
    Axis<Long> cells = Axis.of(0L, destinations.keySet(), services -> Spans.of(services.numbers()));
    for (int cell = 0; cell < cells.cells(); cell++) {
      Long next = cells.next(cell);
      IpSet there = to(cells.start(cell));
      if (next != null && !there.isEmpty()) {
        NumberSet.Range range = new NumberSet.Range(cells.start(cell), next - 1);
        some.add(range);
        if (there.equals(scope)) {
          all.add(range);
        }
      }
    }
    everywhere = ServiceSet.ofNumbers(NumberSet.of(all));
    somewhere = ServiceSet.ofNumbers(NumberSet.of(some));
  }

  /** The services that are reached in all of the scope. */
  ServiceSet everywhere() {
    return everywhere;
  }

  /** The services that are reached in some or all of the scope. */
  ServiceSet somewhere() {
    return somewhere;
  }

  /** Where in the scope a service is reached. */
  IpSet to(Service service) {
    return to(service.number());
  }

  private IpSet to(long service) {
    Collection<IpRange> ranges = new ArrayList<>();
    destinations.forEach(
        (services, there) -> {
          if (services.numbers().contains(service)) {
            ranges.addAll(there.ranges());
          }
        });
    return IpSet.of(ranges);
  }

  /** Where in the scope a service is not reached. */
  IpSet notTo(Service service) {
    return scope.subtract(to(service));
  }
}
