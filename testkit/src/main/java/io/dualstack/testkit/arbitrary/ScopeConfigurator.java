package io.dualstack.testkit.arbitrary;

import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.IpPrefixArbitrary;
import io.dualstack.testkit.ScopedArbitrary;
import io.dualstack.testkit.constraint.Family;
import io.dualstack.testkit.constraint.Inside;
import io.dualstack.testkit.constraint.Length;
import java.lang.annotation.Annotation;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.arbitraries.IntegerArbitrary;
import net.jqwik.api.configurators.ArbitraryConfigurator;
import net.jqwik.api.providers.TypeUsage;

/** Obeys the annotations of {@code io.dualstack.testkit.constraint}. */
public final class ScopeConfigurator implements ArbitraryConfigurator {
  /** Before jqwik's own, which wrap a generator and hide what it is. */
  private static final int FIRST = 10;

  /** For {@link java.util.ServiceLoader}. */
  public ScopeConfigurator() {}

  @Override
  public int order() {
    return FIRST;
  }

  @Override
  public <T> Arbitrary<T> configure(Arbitrary<T> arbitrary, TypeUsage targetType) {
    Arbitrary<?> narrowed = arbitrary;
    Optional<Family> family = targetType.findAnnotation(Family.class);
    if (family.isPresent()) {
      narrowed = scoped(narrowed, family.get(), targetType).family(family.get().value());
    }
    Optional<Inside> inside = targetType.findAnnotation(Inside.class);
    if (inside.isPresent()) {
      narrowed =
          scoped(narrowed, inside.get(), targetType).inside(IpPrefix.parse(inside.get().value()));
    }
    Optional<Length> length = targetType.findAnnotation(Length.class);
    if (length.isPresent()) {
      narrowed = withLength(narrowed, length.get(), targetType);
    }
    // Each step returned a generator of the same type as the one it narrowed.
    @SuppressWarnings("unchecked")
    Arbitrary<T> result = (Arbitrary<T>) narrowed;
    return result;
  }

  private static ScopedArbitrary<?, ?> scoped(
      Arbitrary<?> arbitrary, Annotation constraint, TypeUsage target) {
    if (arbitrary instanceof ScopedArbitrary<?, ?> scoped) {
      return scoped;
    }
    throw misplaced(constraint, target);
  }

  private static Arbitrary<?> withLength(Arbitrary<?> arbitrary, Length length, TypeUsage target) {
    if (arbitrary instanceof IpPrefixArbitrary prefixes) {
      return prefixes.lengthBetween(length.min(), length.max());
    }
    if (arbitrary instanceof IntegerArbitrary lengths) {
      return lengths.between(length.min(), length.max());
    }
    throw misplaced(length, target);
  }

  /** Ignoring it would let a property pass that was never tried on the values it is about. */
  private static IllegalArgumentException misplaced(Annotation constraint, TypeUsage target) {
    return new IllegalArgumentException(
        "@%s: says nothing about %s; put it on the address, prefix or range, in a collection on the element"
            .formatted(constraint.annotationType().getSimpleName(), target));
  }
}
