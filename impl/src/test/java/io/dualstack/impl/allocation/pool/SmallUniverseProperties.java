package io.dualstack.impl.allocation.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.allocation.pool.Scenarios.Step;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * A second opinion by the plainest model there is, one bit for each smallest block: universes of at
 * most 2^10 such blocks, which may be single addresses or anything up to a quarter of an IPv6
 * space.
 */
class SmallUniverseProperties {
  /**
   * A range and the order of its smallest block; the steps' blocks are cut to such.
   *
   * @param unit prefix length of the smallest block
   */
  record Universe(IpPrefix range, int unit, List<Step> steps) {
    int count() {
      return 1 << (unit - range.length());
    }

    /** Returns the number of the first smallest block. */
    int index(IpPrefix block) {
      BigInteger offset = block.first().toBigInteger().subtract(range.first().toBigInteger());
      return offset.shiftRight(range.family().bits() - unit).intValueExact();
    }

    IpPrefix trimmed(IpPrefix block) {
      return IpPrefix.containing(block.first(), Math.min(unit, block.length()));
    }
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void equals_a_bit_set(@ForAll("universes") Universe universe) {
    FreeSpace space = FreeSpace.of(universe.range());
    BitSet free = new BitSet();
    free.set(0, universe.count());

    for (Step step : universe.steps()) {
      IpPrefix block = universe.trimmed(step.block());
      int size = 1 << (universe.unit() - block.length());
      int at = universe.index(block);
      switch (step.verb()) {
        case OCCUPY, OCCUPY_REST -> {
          boolean all = free.get(at, at + size).cardinality() == size;
          assertThat(space.occupy(block)).isEqualTo(all);
          if (all) {
            free.clear(at, at + size);
          }
        }
        case FREE, FREE_REST -> {
          boolean none = free.get(at, at + size).isEmpty();
          assertThat(space.free(block)).isEqualTo(none);
          if (none) {
            free.set(at, at + size);
          }
        }
        case ALLOCATE_LOWEST, ALLOCATE_FROM -> {
          Optional<IpPrefix> lowest = lowest(universe, free, size, block.length());
          assertThat(space.allocateLowest(block.length())).isEqualTo(lowest);
          lowest.ifPresent(
              found -> free.clear(universe.index(found), universe.index(found) + size));
        }
      }
      TreeInvariants.check(space);
      assertThat(space.freeBlocks(universe.unit()))
          .isEqualTo(BigInteger.valueOf(free.cardinality()));
    }
  }

  private static Optional<IpPrefix> lowest(Universe universe, BitSet free, int size, int length) {
    for (int at = 0; at < universe.count(); at += size) {
      if (free.nextClearBit(at) >= at + size) {
        return Optional.of(universe.range().nth(length, at / size));
      }
    }
    return Optional.empty();
  }

  @Provide
  Arbitrary<Universe> universes() {
    return Combinators.combine(Scenarios.ranges(), Arbitraries.integers().between(0, 10))
        .flatAs(
            (range, width) ->
                Scenarios.steps(range)
                    .list()
                    .ofMaxSize(80)
                    .map(
                        steps -> {
                          int unit = Math.min(range.length() + width, range.family().bits());
                          return new Universe(range, unit, steps);
                        }));
  }
}
