package io.dualstack.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.constraint.Inside;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Prefixes and ranges against intervals of plain numbers. */
class PrefixProperties {
  @Property
  void a_prefix_is_the_interval_from_its_first_to_its_last_address(@ForAll IpPrefix prefix) {
    BigInteger last = number(prefix.first()).add(prefix.size()).subtract(BigInteger.ONE);

    assertThat(number(prefix.last())).isEqualTo(last);
    assertThat(prefix.size()).isEqualTo(prefix.toRange().size());
    assertThat(prefix.isSingle()).isEqualTo(prefix.first().equals(prefix.last()));
    assertThat(prefix.toRange().toPrefixes()).containsExactly(prefix);
    assertThat(IpPrefix.containing(prefix.last(), prefix.length())).isEqualTo(prefix);
    assertThat(number(prefix.netmask()).add(prefix.size()))
        .isEqualTo(BigInteger.ONE.shiftLeft(prefix.family().bits()));
  }

  @Property
  void an_address_with_host_bits_is_no_prefix(
      @ForAll IpAddress address, @ForAll @IntRange(max = 128) int length) {
    if (length > address.family().bits() || !address.mask(length).equals(address)) {
      assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.of(address, length));
    } else {
      assertThat(IpPrefix.of(address, length).first()).isEqualTo(address);
    }
  }

  @Property
  void containing_an_address_is_lying_in_the_interval(
      @ForAll IpPrefix prefix, @ForAll IpAddress address) {
    boolean inside =
        prefix.family() == address.family()
            && number(prefix.first()).compareTo(number(address)) <= 0
            && number(address).compareTo(number(prefix.last())) <= 0;

    assertThat(prefix.contains(address)).isEqualTo(inside);
    assertThat(prefix.toRange().contains(address)).isEqualTo(inside);
    assertThat(prefix.overlaps(address.toPrefix())).isEqualTo(inside);
  }

  @Property
  void prefixes_compare_as_their_intervals_do(@ForAll IpPrefix a, @ForAll IpPrefix b) {
    assertThat(a.contains(b)).isEqualTo(contains(a.toRange(), b.toRange()));
    assertThat(a.overlaps(b)).isEqualTo(overlaps(a.toRange(), b.toRange()));
    assertThat(a.isAdjacentTo(b)).isEqualTo(touches(a.toRange(), b.toRange()));
  }

  @Property
  void ranges_compare_as_their_intervals_do(@ForAll IpRange a, @ForAll IpRange b) {
    assertThat(a.contains(b)).isEqualTo(contains(a, b));
    assertThat(a.overlaps(b)).isEqualTo(overlaps(a, b));
    assertThat(a.isAdjacentTo(b)).isEqualTo(touches(a, b));
    assertThat(a.intersect(b).isPresent()).isEqualTo(overlaps(a, b));
    assertThat(a.union(b).isPresent()).isEqualTo(overlaps(a, b) || touches(a, b));
  }

  @Property
  void ranges_and_prefixes_compare_as_their_intervals_do(
      @ForAll IpRange range, @ForAll IpPrefix prefix) {
    assertThat(range.contains(prefix)).isEqualTo(contains(range, prefix.toRange()));
    assertThat(range.overlaps(prefix)).isEqualTo(overlaps(range, prefix.toRange()));
  }

  private static boolean contains(IpRange a, IpRange b) {
    return a.family() == b.family()
        && number(a.first()).compareTo(number(b.first())) <= 0
        && number(b.last()).compareTo(number(a.last())) <= 0;
  }

  private static boolean overlaps(IpRange a, IpRange b) {
    return a.family() == b.family()
        && number(a.first())
                .max(number(b.first()))
                .compareTo(number(a.last()).min(number(b.last())))
            <= 0;
  }

  private static boolean touches(IpRange a, IpRange b) {
    return a.family() == b.family()
        && (number(a.last()).add(BigInteger.ONE).equals(number(b.first()))
            || number(b.last()).add(BigInteger.ONE).equals(number(a.first())));
  }

  private static BigInteger number(IpAddress address) {
    return address.toBigInteger();
  }

  @Property
  void a_parent_is_two_halves(@ForAll IpPrefix prefix) {
    assertThat(prefix.parent().isEmpty()).isEqualTo(prefix.length() == 0);
    prefix
        .parent()
        .ifPresent(
            parent -> {
              IpPrefix sibling = prefix.sibling().orElseThrow();
              assertThat(parent.split(prefix.length())).containsExactlyInAnyOrder(prefix, sibling);
              assertThat(sibling.sibling()).hasValue(prefix);
              assertThat(sibling.isAdjacentTo(prefix)).isTrue();
            });
  }

  @Property
  void splitting_covers_without_overlap_in_order(
      @ForAll IpPrefix prefix, @ForAll @IntRange(max = 8) int more) {
    int length = Math.min(prefix.length() + more, prefix.family().bits());
    List<IpPrefix> blocks = new ArrayList<>();
    prefix.split(length).forEach(blocks::add);

    partitions(prefix.toRange(), blocks.stream().map(IpPrefix::toRange).toList());
    assertThat(blocks).allMatch(block -> block.length() == length);
    assertThat(prefix.count(length)).isEqualTo(blocks.size());
    for (int i = 0; i < blocks.size(); i++) {
      assertThat(prefix.nth(length, i)).isEqualTo(blocks.get(i));
      assertThat(prefix.nth(length, BigInteger.valueOf(i))).isEqualTo(blocks.get(i));
    }
  }

  @Property
  void the_nth_block_starts_n_blocks_behind_the_first(
      @ForAll IpPrefix prefix, @ForAll @IntRange(max = 128) int more, @ForAll BigInteger seed) {
    int length = Math.min(prefix.length() + more, prefix.family().bits());
    BigInteger index = seed.abs().mod(prefix.count(length));

    IpPrefix block = prefix.nth(length, index);

    BigInteger size = block.size();
    assertThat(number(block.first())).isEqualTo(number(prefix.first()).add(index.multiply(size)));
    if (index.bitLength() < Long.SIZE) {
      assertThat(prefix.nth(length, index.longValueExact())).isEqualTo(block);
    }
  }

  @Property
  void subtracting_a_prefix_leaves_the_rest_in_the_fewest_blocks(
      @ForAll IpPrefix whole, @ForAll IpPrefix hole) {
    List<IpPrefix> rest = whole.subtract(hole);

    assertThat(IpSet.ofPrefixes(rest))
        .isEqualTo(IpSet.of(whole.toRange()).subtract(IpSet.of(hole.toRange())));
    minimal(rest);
  }

  @Property
  void subtracting_and_intersecting_ranges_partitions(@ForAll IpRange a, @ForAll IpRange b) {
    List<IpRange> pieces = new ArrayList<>(a.subtract(b));
    a.intersect(b).ifPresent(pieces::add);
    pieces.sort(null);

    partitions(a, pieces);
    assertThat(a.subtract(b)).noneMatch(b::overlaps);
    a.intersect(b).ifPresent(common -> assertThat(b.contains(common)).isTrue());
  }

  @Property
  void a_union_holds_both_and_nothing_between(@ForAll IpRange a, @ForAll IpRange b) {
    a.union(b)
        .ifPresent(
            union -> {
              assertThat(IpSet.of(union)).isEqualTo(IpSet.of(a).union(IpSet.of(b)));
              assertThat(b.union(a)).hasValue(union);
            });
  }

  @Property
  void a_range_is_covered_by_the_fewest_prefixes(@ForAll IpRange range) {
    List<IpPrefix> prefixes = range.toPrefixes();

    partitions(range, prefixes.stream().map(IpPrefix::toRange).toList());
    minimal(prefixes);
  }

  @Property
  void summarizing_keeps_the_addresses_in_the_fewest_blocks(
      @ForAll @Size(max = 12) List<IpPrefix> prefixes, @ForAll @Inside("192.0.2.0/28") IpPrefix p) {
    List<IpPrefix> all = new ArrayList<>(prefixes);
    all.add(p);

    List<IpPrefix> summary = IpPrefix.summarize(all);

    assertThat(IpSet.ofPrefixes(summary)).isEqualTo(IpSet.ofPrefixes(all));
    minimal(summary);
  }

  /**
   * Sorted disjoint blocks are as few as can be exactly when no two of them are halves of a third:
   * each largest aligned block inside a set is then one of them.
   */
  private static void minimal(List<IpPrefix> blocks) {
    Set<IpPrefix> all = new HashSet<>(blocks);
    assertThat(blocks).allMatch(block -> block.sibling().filter(all::contains).isEmpty());
    for (int i = 1; i < blocks.size(); i++) {
      assertThat(blocks.get(i - 1).last()).isLessThan(blocks.get(i).first());
    }
  }

  private static void partitions(IpRange whole, List<IpRange> pieces) {
    assertThat(pieces).isNotEmpty();
    assertThat(pieces.get(0).first()).isEqualTo(whole.first());
    assertThat(pieces.get(pieces.size() - 1).last()).isEqualTo(whole.last());
    for (int i = 1; i < pieces.size(); i++) {
      assertThat(pieces.get(i - 1).last().next()).hasValue(pieces.get(i).first());
    }
  }

  @Property
  void walking_a_range_meets_each_address_once(@ForAll @Inside("2001:db8::/120") IpRange range) {
    List<IpAddress> met = new ArrayList<>();
    range.addresses().forEach(met::add);

    assertThat(range.size()).isEqualTo(met.size());
    partitions(range, met.stream().map(IpRange::single).toList());
  }
}
