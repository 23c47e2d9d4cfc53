package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.RangeSet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class RoundRobinProperties {
  private static final IpAddress BASE = IpAddress.parse("10.0.0.0");

  @Property
  void finds_what_a_walk_address_by_address_finds(
      @ForAll @Size(max = 24) Set<@IntRange(max = 31) Integer> taken,
      @ForAll @IntRange(max = 33) int pointer,
      @ForAll @IntRange(min = 1, max = 5) int start,
      @ForAll @IntRange(min = 9, max = 14) int end,
      @ForAll @IntRange(max = 31) int gateway) {
    RangeSet set =
        RangeSet.of(
            AddressRange.of(
                IpPrefix.parse("10.0.0.0/28"),
                BASE.plus(start),
                BASE.plus(end),
                BASE.plus(gateway)),
            AddressRange.of(IpPrefix.parse("10.0.0.16/28")));
    UsedRuns used = new UsedRuns();
    taken.forEach(offset -> used.add(BASE.plus(offset)));
    IpAddress last = BASE.plus(pointer);

    Optional<IpAddress> found = new RoundRobin(set, last).firstFree(used);

    assertThat(found).isEqualTo(walk(set, last, taken));
  }

  /** The original's way: one step after the other until it is back where it began. */
  private static Optional<IpAddress> walk(RangeSet set, IpAddress last, Set<Integer> taken) {
    List<AddressRange> ranges = set.ranges();
    int at = 0;
    @Nullable IpAddress current = null;
    for (int i = 0; i < ranges.size(); i++) {
      if (ranges.get(i).contains(last)) {
        at = i;
        current = last;
      }
    }
    @Nullable IpAddress first = null;
    while (true) {
      if (current == null) {
        current = ranges.get(0).rangeStart();
      } else if (current.equals(ranges.get(at).rangeEnd())) {
        at = (at + 1) % ranges.size();
        current = ranges.get(at).rangeStart();
      } else {
        current = current.plus(1);
      }
      if (current.equals(first)) {
        return Optional.empty();
      }
      first = first == null ? current : first;
      if (!current.equals(ranges.get(at).gateway())
          && !taken.contains((int) (current.low() - BASE.low()))) {
        return Optional.of(current);
      }
    }
  }

  @Property
  void runs_are_a_set(
      @ForAll @Size(max = 60) List<@IntRange(min = -40, max = 40) Integer> changes,
      @ForAll @IntRange(min = 1, max = 40) int from) {
    UsedRuns runs = new UsedRuns();
    Set<Integer> model = new HashSet<>();
    IpAddress base = IpAddress.parse("2001:db8::ffff:ffff:ffff:ffe0");
    for (int change : changes) {
      int offset = Math.abs(change);
      if (change > 0) {
        runs.add(base.plus(offset));
        model.add(offset);
      } else {
        runs.remove(base.plus(offset));
        model.remove(offset);
      }
    }

    Optional<IpAddress> free = runs.firstFree(IpRange.of(base.plus(from), base.plus(40)));

    int expected = from;
    while (model.contains(expected)) {
      expected++;
    }
    assertThat(free).isEqualTo(expected > 40 ? Optional.empty() : Optional.of(base.plus(expected)));
    long gaps = new TreeSet<>(model).stream().filter(each -> !model.contains(each - 1)).count();
    assertThat(runs.size()).isEqualTo((int) gaps);
  }
}
