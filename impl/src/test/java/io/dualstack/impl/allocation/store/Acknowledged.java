package io.dualstack.impl.allocation.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.check.StoreCheck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What an {@link AllocatingProcess} was told before it was killed, and must be there. */
public final class Acknowledged {

  private final long seed;

  /** What was acknowledged and not asked to be released, with its blocks. */
  private final Map<String, Set<String>> held = new TreeMap<>();

  /** What was asked to be released, without an answer. */
  private final Set<String> releasing = new TreeSet<>();

  /** What was acknowledged as released. */
  private final Set<String> released = new HashSet<>();

  /** The number of the owner after the last, by what stands before it. */
  private final Map<String, Integer> next = new TreeMap<>();

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
        case "?" -> {
          held.remove(words[1]);
          releasing.add(words[1]);
        }
        case "-" -> {
          releasing.remove(words[1]);
          released.add(words[1]);
        }
        default -> throw new AssertionError(line);
      }
      int slash = words[1].lastIndexOf('/');
      next.merge(
          words[1].substring(0, slash),
          Integer.parseInt(words[1].substring(slash + 1)) + 1,
          Math::max);
    }
  }

  /** Returns what is held, with its blocks. */
  public Map<String, Set<String>> held() {
    return Collections.unmodifiableMap(held);
  }

  /** Returns what was asked to be released, without an answer. */
  public Set<String> releasing() {
    return Collections.unmodifiableSet(releasing);
  }

  /** Returns how many were released. */
  public int released() {
    return released.size();
  }

  /** Returns the number of the first owner that a caller knows nothing about. */
  public int next(String caller) {
    return next.getOrDefault(caller, 0);
  }

  /** Returns what to read to go on from here, without all that was released. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    held.forEach((owner, blocks) -> lines.add("+ " + owner + " " + String.join(",", blocks)));
    releasing.forEach(owner -> lines.add("? " + owner));
    next.forEach(
        (caller, number) -> {
          String last = caller + "/" + (number - 1);
          if (released.contains(last)) {
            lines.add("- " + last);
          }
        });
    return lines;
  }

  /** Looks at a store: what was acknowledged is there, and nothing is wrong with it. */
  public void assertKept(AllocationStore store) {
    assertIn(there(store));
    assertThat(StoreCheck.run(store).findings()).as("seed %s", seed).isEmpty();
  }

  /** Returns who holds what in a store. */
  public static Map<String, Set<String>> there(AllocationStore store) {
    return store.snapshot(AddressSpace.DEFAULT).blocks().stream()
        .collect(
            Collectors.groupingBy(
                block -> block.owner().id(),
                Collectors.mapping(block -> block.block().toString(), Collectors.toSet())));
  }

  /** Looks at who holds what: what was acknowledged is so, and nobody has a half. */
  public void assertIn(Map<String, Set<String>> there) {
    assertThat(there).as("seed %s: acknowledged", seed).containsAllEntriesOf(held);
    assertThat(there)
        .as("seed %s: released", seed)
        .doesNotContainKeys(released.toArray(String[]::new));
    assertThat(there)
        .as("seed %s: half there", seed)
        .allSatisfy((owner, theirs) -> assertThat(theirs).hasSize(3));
  }

  /** Makes sure that there was something to lose. */
  public void assertMany() {
    assertThat(held).hasSizeGreaterThan(10);
    assertThat(released).isNotEmpty();
  }
}
