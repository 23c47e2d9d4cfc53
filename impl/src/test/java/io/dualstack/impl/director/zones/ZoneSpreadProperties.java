package io.dualstack.impl.director.zones;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Against all ways to choose one zone for each address. */
class ZoneSpreadProperties {

  private static final List<String> ZONES = List.of("z1", "z2", "z3");

  @Property(tries = 500)
  void a_spread_is_found_if_there_is_one_and_fits_every_network(
      @ForAll("groups") List<List<List<String>>> networks) {
    Set<List<Integer>> possible = new HashSet<>(countsOf(networks.get(0)));
    networks.forEach(network -> possible.retainAll(countsOf(network)));

    Optional<ZoneSpread> found =
        ZoneSpread.of(ZONES, networks.stream().map(ZoneSpreadProperties::kinds).toList());

    assertThat(found.isPresent()).isEqualTo(!possible.isEmpty());
    found.ifPresent(
        spread -> {
          List<Integer> counts = ZONES.stream().map(spread::instances).toList();
          assertThat(possible).contains(counts);
          assertThat(evennessOf(counts))
              .isEqualTo(
                  possible.stream()
                      .map(ZoneSpreadProperties::evennessOf)
                      .min(Comparator.naturalOrder())
                      .orElseThrow());
          for (int i = 0; i < networks.size(); i++) {
            assertThatSharesAddUp(spread, i, kinds(networks.get(i)));
          }
        });
  }

  private static void assertThatSharesAddUp(
      ZoneSpread spread, int network, Map<List<String>, Integer> kinds) {
    Map<String, Integer> used = new HashMap<>();
    Map<List<String>, Integer> taken = new HashMap<>();
    spread
        .shares(network)
        .forEach(
            (kind, share) ->
                share.forEach(
                    (zone, count) -> {
                      assertThat(kind).contains(zone);
                      used.merge(zone, count, Integer::sum);
                      taken.merge(kind, count, Integer::sum);
                    }));
    assertThat(taken).isEqualTo(kinds);
    for (String zone : ZONES) {
      assertThat(used.getOrDefault(zone, 0)).isEqualTo(spread.instances(zone));
    }
  }

  private static Map<List<String>, Integer> kinds(List<List<String>> addresses) {
    Map<List<String>, Integer> kinds = new LinkedHashMap<>();
    addresses.forEach(zones -> kinds.merge(zones, 1, Integer::sum));
    return kinds;
  }

  /** Every count of addresses by zone that comes of choosing a zone for each address. */
  private static Set<List<Integer>> countsOf(List<List<String>> addresses) {
    Set<List<Integer>> counts = new HashSet<>();
    counts.add(List.of(0, 0, 0));
    for (List<String> zones : addresses) {
      Set<List<Integer>> next = new HashSet<>();
      for (List<Integer> before : counts) {
        for (String zone : zones) {
          List<Integer> after = new ArrayList<>(before);
          after.set(ZONES.indexOf(zone), before.get(ZONES.indexOf(zone)) + 1);
          next.add(after);
        }
      }
      counts = next;
    }
    return counts;
  }

  private static int evennessOf(List<Integer> counts) {
    return counts.stream().mapToInt(count -> count * count).sum();
  }

  @Provide
  Arbitrary<List<List<List<String>>>> groups() {
    Arbitrary<List<String>> zones =
        Arbitraries.subsetOf(ZONES)
            .ofMinSize(1)
            .map(set -> ZONES.stream().filter(set::contains).toList());
    return Arbitraries.integers()
        .between(1, 6)
        .flatMap(size -> zones.list().ofSize(size).list().ofMinSize(1).ofMaxSize(4));
  }
}
