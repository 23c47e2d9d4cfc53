package io.dualstack.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Sets against a bit per address, in small worlds where things go wrong: the last IPv4 addresses
 * followed by the first IPv6 ones, both sides of the 64-bit boundary, the end of IPv6.
 */
class SetProperties {
  private static final int HALF = 64;

  /**
   * Addresses in order, as numbers from 0.
   *
   * @param lower the address of number 0
   * @param upper the address of number 64
   */
  record World(IpAddress lower, IpAddress upper) {
    static final List<World> ALL =
        List.of(
            new World(IpAddress.parse("255.255.255.192"), IpAddress.parse("::")),
            new World(
                IpAddress.parse("2001:db8::ffff:ffff:ffff:ffc0"),
                IpAddress.parse("2001:db8:0:1::")),
            new World(
                IpAddress.parse("0.0.0.0"),
                IpAddress.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0")),
            new World(IpAddress.parse("192.0.2.0"), IpAddress.parse("192.0.2.64")));

    IpAddress address(int number) {
      return number < HALF ? lower.plus(number) : upper.plus(number - HALF);
    }

    /** The addresses of two numbers and all between, which may be of two families. */
    List<IpRange> ranges(int first, int last) {
      if (last < HALF || first >= HALF || lower.plus(HALF - 1).next().equals(Optional.of(upper))) {
        return List.of(IpRange.of(address(first), address(last)));
      }
      return List.of(
          IpRange.of(address(first), address(HALF - 1)), IpRange.of(upper, address(last)));
    }

    IpSet everything() {
      return IpSet.of(ranges(0, 2 * HALF - 1));
    }
  }

  /** A set and the same set as bits. */
  record Modelled(World world, IpSet set, BitSet bits) {
    /** The set is what the bits say and in its only form. */
    void holds() {
      List<IpRange> expected = new ArrayList<>();
      for (int from = bits.nextSetBit(0); from >= 0; ) {
        int to = bits.nextClearBit(from) - 1;
        expected.addAll(world.ranges(from, to));
        from = bits.nextSetBit(to + 1);
      }
      assertThat(set.ranges()).isEqualTo(expected);
      assertThat(set.isEmpty()).isEqualTo(bits.isEmpty());
      assertThat(set.size(IpFamily.IPV4).add(set.size(IpFamily.IPV6)))
          .isEqualTo(bits.cardinality());
      for (int number = 0; number < 2 * HALF; number++) {
        assertThat(set.contains(world.address(number))).isEqualTo(bits.get(number));
      }
    }
  }

  private record Stretch(int first, int last) {}

  private static Modelled modelled(World world, List<Stretch> stretches) {
    List<IpRange> ranges = new ArrayList<>();
    BitSet bits = new BitSet();
    for (Stretch stretch : stretches) {
      ranges.addAll(world.ranges(stretch.first, stretch.last));
      bits.set(stretch.first, stretch.last + 1);
    }
    return new Modelled(world, IpSet.of(ranges), bits);
  }

  private static Arbitrary<List<Stretch>> stretches() {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 2 * HALF - 1);
    Arbitrary<Integer> few = Arbitraries.integers().between(0, 6);
    return Arbitraries.oneOf(
            Combinators.combine(numbers, few)
                .as((from, more) -> new Stretch(from, Math.min(from + more, 2 * HALF - 1))),
            Combinators.combine(numbers, numbers)
                .as((a, b) -> new Stretch(Math.min(a, b), Math.max(a, b))))
        .list()
        .ofMaxSize(12);
  }

  /** Two sets of one world. */
  record Pair(Modelled one, Modelled other) {}

  @Provide
  Arbitrary<Pair> pairs() {
    return Combinators.combine(Arbitraries.of(World.ALL), stretches(), stretches())
        .as((world, a, b) -> new Pair(modelled(world, a), modelled(world, b)));
  }

  @Property
  void a_set_has_one_form(@ForAll("pairs") Pair pair) {
    pair.one.holds();
    assertThat(IpSet.ofPrefixes(pair.one.set.prefixes())).isEqualTo(pair.one.set);
    assertThat(IpSet.parse(pair.one.set.toString())).isEqualTo(pair.one.set);
    assertThat(pair.one.set.equals(pair.other.set))
        .isEqualTo(pair.one.bits.equals(pair.other.bits));
  }

  @Property
  void a_union_has_the_bits_of_both(@ForAll("pairs") Pair pair) {
    BitSet bits = (BitSet) pair.one.bits.clone();
    bits.or(pair.other.bits);

    new Modelled(pair.one.world, pair.one.set.union(pair.other.set), bits).holds();
  }

  @Property
  void an_intersection_has_the_bits_in_both(@ForAll("pairs") Pair pair) {
    BitSet bits = (BitSet) pair.one.bits.clone();
    bits.and(pair.other.bits);

    new Modelled(pair.one.world, pair.one.set.intersect(pair.other.set), bits).holds();
  }

  @Property
  void a_difference_has_the_bits_in_one_alone(@ForAll("pairs") Pair pair) {
    BitSet bits = (BitSet) pair.one.bits.clone();
    bits.andNot(pair.other.bits);

    new Modelled(pair.one.world, pair.one.set.subtract(pair.other.set), bits).holds();
  }

  @Property
  void a_complement_has_the_other_bits_and_the_rest_of_the_world(@ForAll("pairs") Pair pair) {
    BitSet bits = (BitSet) pair.one.bits.clone();
    bits.flip(0, 2 * HALF);
    IpSet complement = pair.one.set.complement();
    IpSet world = pair.one.world.everything();

    new Modelled(pair.one.world, complement.intersect(world), bits).holds();
    assertThat(world.complement().subtract(complement)).isEqualTo(IpSet.EMPTY);
    assertThat(complement.complement()).isEqualTo(pair.one.set);
  }

  @Property
  void a_family_has_the_bits_of_that_family(@ForAll("pairs") Pair pair) {
    for (IpFamily family : IpFamily.values()) {
      BitSet bits = (BitSet) pair.one.bits.clone();
      for (int number = 0; number < 2 * HALF; number++) {
        bits.set(number, bits.get(number) && pair.one.world.address(number).family() == family);
      }
      new Modelled(pair.one.world, pair.one.set.only(family), bits).holds();
    }
  }

  @Property
  void blocks_and_ranges_are_found_by_their_bits(@ForAll("pairs") Pair pair) {
    World world = pair.one.world;
    for (int from = 0; from < 2 * HALF; from += 5) {
      for (int to = from; to < 2 * HALF; to += 7) {
        List<IpRange> ranges = world.ranges(from, to);
        if (ranges.size() == 1) {
          IpRange range = ranges.get(0);
          BitSet within = pair.one.bits.get(from, to + 1);
          assertThat(pair.one.set.contains(range)).isEqualTo(within.cardinality() == to - from + 1);
          assertThat(pair.one.set.overlaps(range)).isEqualTo(!within.isEmpty());
          List<IpRange> touched = pair.one.set.ranges().stream().filter(range::overlaps).toList();
          assertThat(pair.one.set.overlapping(range).ranges()).isEqualTo(touched);
        }
      }
    }
  }

  @Property
  void a_set_contains_a_prefix_as_it_contains_its_range(
      @ForAll IpSet set, @ForAll IpPrefix prefix) {
    assertThat(set.contains(prefix)).isEqualTo(set.contains(prefix.toRange()));
    assertThat(set.overlaps(prefix)).isEqualTo(set.overlaps(prefix.toRange()));
    assertThat(set.contains(prefix)).isEqualTo(IpSet.of(prefix.toRange()).subtract(set).isEmpty());
    assertThat(set.overlaps(prefix))
        .isEqualTo(!IpSet.of(prefix.toRange()).intersect(set).isEmpty());
  }

  @Property
  void large_sets_obey_the_laws_of_sets(@ForAll IpSet a, @ForAll IpSet b, @ForAll IpSet c) {
    assertThat(a.union(b)).isEqualTo(b.union(a));
    assertThat(a.intersect(b)).isEqualTo(b.intersect(a));
    assertThat(a.union(b).union(c)).isEqualTo(a.union(b.union(c)));
    assertThat(a.intersect(b.union(c))).isEqualTo(a.intersect(b).union(a.intersect(c)));
    assertThat(a.union(b).complement()).isEqualTo(a.complement().intersect(b.complement()));
    assertThat(a.subtract(b).union(a.intersect(b))).isEqualTo(a);
    assertThat(a.union(a.complement())).isEqualTo(IpSet.all());
    assertThat(a.intersect(a.complement())).isEqualTo(IpSet.EMPTY);
  }

  @Property
  void ports_are_summarized_and_subtracted_as_bits(
      @ForAll List<PortRange> ranges, @ForAll PortRange one, @ForAll PortRange other) {
    assertThat(bits(PortRange.summarize(ranges))).isEqualTo(bits(ranges));
    List<PortRange> summary = PortRange.summarize(ranges);
    for (int i = 1; i < summary.size(); i++) {
      assertThat(summary.get(i).first()).isGreaterThan(summary.get(i - 1).last() + 1);
    }

    BitSet rest = bits(List.of(one));
    rest.andNot(bits(List.of(other)));
    assertThat(bits(one.subtract(other))).isEqualTo(rest);

    BitSet common = bits(List.of(one));
    common.and(bits(List.of(other)));
    assertThat(bits(one.intersect(other).stream().toList())).isEqualTo(common);
    assertThat(one.overlaps(other)).isEqualTo(!common.isEmpty());
    assertThat(one.contains(other)).isEqualTo(common.cardinality() == other.size());
  }

  private static BitSet bits(List<PortRange> ranges) {
    BitSet bits = new BitSet();
    ranges.forEach(range -> bits.set(range.first(), range.last() + 1));
    return bits;
  }
}
