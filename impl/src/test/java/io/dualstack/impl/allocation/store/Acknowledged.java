package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.check.StoreCheck;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What an {@link AllocatingProcess} was told before it was killed, and must be there. */
public final class Acknowledged {

  private final long seed;

  /** What was acknowledged and not asked to be released, with its blocks. */
  private final Map<String, Set<String>> held = new TreeMap<>();

  /** What was acknowledged as released. */
  private final Set<String> released = new HashSet<>();

  /** Nothing yet. The seed is what a failed test should tell. */
  public Acknowledged(long seed) {
    this.seed = seed;
  }

  /** Adds what a process said. */
  public void read(List<String> lines) {
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "+" -> held.put(words[1], Set.of(words[2].split(",", -1)));
        case "?" -> held.remove(words[1]);
        case "-" -> released.add(words[1]);
        default -> throw new AssertionError(line);
      }
    }
  }

  /** Looks at a store: what was acknowledged is there, and nothing is there by half. */
  public void assertKept(AllocationStore store) {
    Map<String, Set<String>> there =
        store.snapshot(AddressSpace.DEFAULT).blocks().stream()
            .collect(
                Collectors.groupingBy(
                    block -> block.owner().id(),
                    Collectors.mapping(block -> block.block().toString(), Collectors.toSet())));
    assertThat(there).as("seed %s: acknowledged", seed).containsAllEntriesOf(held);
    assertThat(there)
        .as("seed %s: released", seed)
        .doesNotContainKeys(released.toArray(String[]::new));
    assertThat(there)
        .as("seed %s: half there", seed)
        .allSatisfy((owner, theirs) -> assertThat(theirs).hasSize(3));
    assertThat(StoreCheck.run(store).findings()).as("seed %s", seed).isEmpty();
  }

  /** Makes sure that there was something to lose. */
  public void assertMany() {
    assertThat(held).hasSizeGreaterThan(10);
    assertThat(released).isNotEmpty();
  }
}
