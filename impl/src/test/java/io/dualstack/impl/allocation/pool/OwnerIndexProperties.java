package io.dualstack.impl.allocation.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class OwnerIndexProperties {

  record Step(boolean add, long owner) {}

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void equals_a_map_of_counts(@ForAll("steps") List<Step> steps) {
    OwnerIndex index = new OwnerIndex();
    Map<Long, Long> model = new HashMap<>();

    for (Step step : steps) {
      if (step.add()) {
        index.add(step.owner());
        model.merge(step.owner(), 1L, Long::sum);
      } else {
        assertThat(index.remove(step.owner())).isEqualTo(model.containsKey(step.owner()));
        model.computeIfPresent(step.owner(), (owner, count) -> count == 1 ? null : count - 1);
      }
      assertThat(index.owners()).isEqualTo(model.size());
    }

    for (Step step : steps) {
      assertThat(index.contains(step.owner())).isEqualTo(model.containsKey(step.owner()));
    }
    model.forEach(
        (owner, count) -> {
          for (long left = count; left > 0; left--) {
            assertThat(index.remove(owner)).isTrue();
          }
          assertThat(index.remove(owner)).isFalse();
        });
    assertThat(index.owners()).isZero();
  }

  /** Few owners, so that they come back; enough of them that they push each other from home. */
  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequency(Tuple.of(3, true), Tuple.of(2, false)),
            Arbitraries.longs().between(-30, 30))
        .as(Step::new)
        .list()
        .ofMaxSize(300);
  }
}
