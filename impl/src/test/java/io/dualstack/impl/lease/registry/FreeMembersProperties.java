package io.dualstack.impl.lease.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FreeMembersProperties {

  @Property
  void draws_every_free_member_and_no_other(
      @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> steps) {
    FreeMembers members = new FreeMembers(10);
    List<Integer> used = new ArrayList<>();
    for (int member : steps) {
      if (used.contains(member) && used.size() % 2 == 0) {
        used.remove((Integer) member);
        members.unuse(member);
      } else {
        used.add(member);
        members.use(member);
      }
    }

    Set<Integer> free = new HashSet<>();
    for (int member = 0; member < 10; member++) {
      if (!used.contains(member)) {
        free.add(member);
      }
    }
    Set<Integer> drawn = new HashSet<>();
    Random random = new Random(1);
    for (int draw = 0; draw < 300; draw++) {
      members.random(random).ifPresent(drawn::add);
    }
    assertThat(members.free()).isEqualTo(free.size());
    assertThat(drawn).isEqualTo(free);
  }
}
