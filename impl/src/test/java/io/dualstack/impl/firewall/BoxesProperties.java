package io.dualstack.impl.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.NumberSet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BoxesProperties {
  private static final List<IpAddress> ADDRESSES =
      List.of("0.0.0.0", "0.0.0.1", "0.0.0.2", "0.0.0.3", "255.255.255.254", "255.255.255.255")
          .stream()
          .map(IpAddress::parse)
          .toList();

  @Provide
  Arbitrary<Map<NumberSet, IpSet>> areas() {
    Arbitrary<NumberSet> numbers =
        Arbitraries.integers()
            .between(0, 5)
            .tuple2()
            .map(
                both ->
                    new NumberSet.Range(
                        Math.min(both.get1(), both.get2()), Math.max(both.get1(), both.get2())))
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(NumberSet::of);
    Arbitrary<IpSet> destinations =
        Combinators.combine(Arbitraries.of(ADDRESSES), Arbitraries.of(ADDRESSES))
            .as(
                (one, other) ->
                    one.compareTo(other) <= 0 ? IpRange.of(one, other) : IpRange.of(other, one))
            .list()
            .ofMinSize(1)
            .ofMaxSize(3)
            .map(IpSet::of);
    return Arbitraries.maps(numbers, destinations).ofMaxSize(4);
  }

  @Property(tries = 500)
  void hold_each_point_of_the_areas_once_and_no_other(
      @ForAll("areas") Map<NumberSet, IpSet> areas) {
    List<Boxes.Box> boxes = Boxes.of(IpFamily.IPV4, areas);

    for (IpAddress address : ADDRESSES) {
      for (int number = 0; number <= 6; number++) {
        long at = number;
        boolean isIn =
            areas.entrySet().stream()
                .anyMatch(area -> area.getKey().contains(at) && area.getValue().contains(address));
        assertThat(
                boxes.stream()
                    .filter(box -> box.destinations().contains(address))
                    .filter(box -> box.numbers().first() <= at && at <= box.numbers().last()))
            .hasSize(isIn ? 1 : 0);
      }
    }
  }

  @Property(tries = 500)
  void by_destination_each_address_is_found_once_with_all_that_is_reached_there(
      @ForAll("areas") Map<NumberSet, IpSet> areas) {
    List<Boxes.Reached> reached = Boxes.byDestination(IpFamily.IPV4, areas);

    for (IpAddress address : ADDRESSES) {
      NumberSet there =
          areas.entrySet().stream()
              .filter(area -> area.getValue().contains(address))
              .map(Map.Entry::getKey)
              .reduce(NumberSet.EMPTY, NumberSet::union);
      assertThat(reached)
          .filteredOn(each -> each.destinations().contains(address))
          .extracting(Boxes.Reached::numbers)
          .isEqualTo(there.isEmpty() ? List.of() : List.of(there));
    }
  }

  @Example
  void are_as_few_as_slabs_of_either_kind_make() {
    IpSet all = IpSet.all(IpFamily.IPV4);
    IpSet hosts = IpSet.of(IpRange.single(ADDRESSES.get(1)), IpRange.single(ADDRESSES.get(3)));

    assertThat(Boxes.of(IpFamily.IPV4, Map.of(NumberSet.of(443), all, NumberSet.of(80), hosts)))
        .hasSize(3);
    assertThat(
            Boxes.of(
                IpFamily.IPV4,
                Map.of(NumberSet.of(0, 100), hosts, NumberSet.of(7), all.subtract(hosts))))
        .hasSize(5);
  }
}
