package io.dualstack.testkit;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.ShrinkingDistance;

/**
 * A generator made of what is particular to a type. Unlike edge cases that are added to one of
 * jqwik's own generators, the edge cases of this one shrink.
 *
 * @param random makes a value
 * @param edges values to try first
 * @param simpler the simpler values that a value may be replaced by, the simplest first
 * @param distance how far a value is from the simplest one
 */
record Values<T>(
    Function<Random, T> random,
    List<T> edges,
    Function<T, Stream<T>> simpler,
    Function<T, ShrinkingDistance> distance)
    implements Arbitrary<T> {

  @Override
  public RandomGenerator<T> generator(int genSize) {
    return source -> shrinkable(random.apply(source));
  }

  @Override
  public EdgeCases<T> edgeCases(int maxEdgeCases) {
    return EdgeCases.fromSuppliers(
        edges.stream()
            .limit(maxEdgeCases)
            .<Supplier<Shrinkable<T>>>map(edge -> () -> shrinkable(edge))
            .toList());
  }

  private Shrinkable<T> shrinkable(T value) {
    return new Simplifying<>(value, this);
  }

  private record Simplifying<T>(T value, Values<T> values) implements Shrinkable<T> {
    @Override
    public Stream<Shrinkable<T>> shrink() {
      ShrinkingDistance here = distance();
      return values
          .simpler
          .apply(value)
          .map(values::shrinkable)
          .filter(candidate -> candidate.distance().compareTo(here) < 0);
    }

    @Override
    public ShrinkingDistance distance() {
      return values.distance.apply(value);
    }
  }
}
