package io.dualstack.impl.allocation.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OwnerIndexProperties {
  enum Verb {
    PUT,
    REMOVE,
    REMOVE_ALL
  }

  record Block(long high, long low, int length) {}

  record Step(Verb verb, long owner, Block block) {}

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void equals_a_map_of_sets(@ForAll("steps") List<Step> steps) {
    OwnerIndex index = new OwnerIndex();
    Map<Long, Set<Block>> model = new HashMap<>();

    for (Step step : steps) {
      Block block = step.block();
      Set<Block> owned = model.computeIfAbsent(step.owner(), owner -> new HashSet<>());
      switch (step.verb()) {
        case PUT ->
            assertThat(index.put(step.owner(), block.high(), block.low(), block.length()))
                .isEqualTo(owned.add(block));
        case REMOVE ->
            assertThat(index.remove(step.owner(), block.high(), block.low(), block.length()))
                .isEqualTo(owned.remove(block));
        case REMOVE_ALL -> {
          List<Block> seen = new ArrayList<>();
          int count =
              index.removeAll(
                  step.owner(), (high, low, length) -> seen.add(new Block(high, low, length)));
          assertThat(seen).hasSize(count).containsExactlyInAnyOrderElementsOf(owned);
          owned.clear();
        }
      }
    }

    assertThat(index.size()).isEqualTo(model.values().stream().mapToInt(Set::size).sum());
    assertThat(index.owners())
        .isEqualTo((int) model.values().stream().filter(owned -> !owned.isEmpty()).count());
    for (Step step : steps) {
      Set<Block> owned = model.get(step.owner());
      List<Block> seen = new ArrayList<>();
      index.forEach(step.owner(), (high, low, length) -> seen.add(new Block(high, low, length)));
      assertThat(seen).containsExactlyInAnyOrderElementsOf(owned);
      assertThat(index.contains(step.owner())).isEqualTo(!owned.isEmpty());

      Block block = step.block();
      assertThat(index.contains(step.owner(), block.high(), block.low(), block.length()))
          .isEqualTo(owned.contains(block));
      boolean anyone = model.values().stream().anyMatch(set -> set.contains(block));
      assertThat(index.owner(block.high(), block.low(), block.length()).isPresent())
          .isEqualTo(anyone);
      index
          .owner(block.high(), block.low(), block.length())
          .ifPresent(owner -> assertThat(model.get(owner)).contains(block));
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Verb> verbs =
        Arbitraries.of(Verb.PUT, Verb.PUT, Verb.PUT, Verb.REMOVE, Verb.REMOVE, Verb.REMOVE_ALL);
    Arbitrary<Long> owners =
        Arbitraries.oneOf(Arbitraries.longs().between(0, 3), Arbitraries.longs());
    Arbitrary<Block> blocks =
        Combinators.combine(
                Arbitraries.longs().between(0, 1),
                Arbitraries.longs().between(-4, 4),
                Arbitraries.of(0, 64, 128))
            .as(Block::new);
    return Combinators.combine(verbs, owners, blocks).as(Step::new).list().ofMaxSize(120);
  }
}
