package io.dualstack.impl.lease.registry;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * Which of the members 0 to size-1 are used how often, and a random one of those that are not.
 *
 * <p>The members are a permutation of which the first part is free. Only where it differs from the
 * identity is it written down, so that every step costs the same and the memory depends on what is
 * used, whatever the size. Not thread-safe.
 */
final class FreeMembers {

  private final Map<Integer, Integer> memberAt = new HashMap<>();
  private final Map<Integer, Integer> placeOf = new HashMap<>();
  private final Map<Integer, Integer> uses = new HashMap<>();
  private int free;

  FreeMembers(int size) {
    this.free = size;
  }

  int free() {
    return free;
  }

  /** Returns a random free member, each as likely as the other; empty when none is free. */
  OptionalInt random(RandomGenerator source) {
    return free == 0 ? OptionalInt.empty() : OptionalInt.of(memberAt(source.nextInt(free)));
  }

  /** Counts one use more of a member. */
  void use(int member) {
    if (uses.merge(member, 1, Integer::sum) == 1) {
      free--;
      swap(placeOf(member), free);
    }
  }

  /** Counts one use less of a member, which must be used. */
  void unuse(int member) {
    Integer left = uses.computeIfPresent(member, (key, count) -> count == 1 ? null : count - 1);
    if (left == null) {
      swap(placeOf(member), free);
      free++;
    }
  }

  private void swap(int place, int other) {
    int member = memberAt(place);
    int otherMember = memberAt(other);
    put(place, otherMember);
    put(other, member);
  }

  private int memberAt(int place) {
    return memberAt.getOrDefault(place, place);
  }

  private int placeOf(int member) {
    return placeOf.getOrDefault(member, member);
  }

  private void put(int place, int member) {
    if (place == member) {
      memberAt.remove(place);
      placeOf.remove(member);
    } else {
      memberAt.put(place, member);
      placeOf.put(member, place);
    }
  }
}
