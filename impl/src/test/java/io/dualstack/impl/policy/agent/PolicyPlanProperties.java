package io.dualstack.impl.policy.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Meters;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.policy.TaggedPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PolicyPlanProperties {
  private static final Arbitrary<String> APPS = Arbitraries.of("a", "b", "c");

  @Provide
  Arbitrary<List<DescribedContainer>> containers() {
    return Combinators.combine(Arbitraries.integers().between(2, 9), APPS)
        .as((number, app) -> AgentWorld.app("h" + number, "10.255.1." + number, app))
        .list()
        .uniqueElements(each -> each.container().handle())
        .ofMaxSize(5);
  }

  /** The tag of an application is the same in all its policies. */
  @Provide
  Arbitrary<List<TaggedPolicy>> policies() {
    return Combinators.combine(APPS, APPS, Arbitraries.of(80, 8080))
        .as((from, to, port) -> AgentWorld.policy(from, from.charAt(0), to, port))
        .list()
        .ofMaxSize(8);
  }

  private static PolicyRules plan(
      List<DescribedContainer> containers, List<TaggedPolicy> policies) {
    return PolicyPlan.of(containers, policies, List.of(), OptionalInt.of(7), false);
  }

  @Property(tries = 200)
  void the_order_in_which_things_are_told_changes_nothing(
      @ForAll("containers") List<DescribedContainer> containers,
      @ForAll("policies") List<TaggedPolicy> policies,
      @ForAll Random random) {
    List<DescribedContainer> others = new ArrayList<>(containers);
    List<TaggedPolicy> otherPolicies = new ArrayList<>(policies);
    Collections.shuffle(others, random);
    Collections.shuffle(otherPolicies, random);

    assertThat(plan(others, otherPolicies)).isEqualTo(plan(containers, policies));
  }

  @Property(tries = 200)
  void what_is_in_force_is_not_put_in_force_again(
      @ForAll("containers") List<DescribedContainer> containers,
      @ForAll("policies") List<TaggedPolicy> policies) {
    AgentWorld world = new AgentWorld();
    world.containers.addAll(containers);
    world.policies.addAll(policies);
    PolicyCycle cycle =
        new PolicyCycle(
            () -> List.copyOf(world.containers),
            world,
            world,
            new PolicyCycle.Settings(List.of(), true, false),
            Meters.NONE);

    cycle.force();
    Collections.reverse(world.policies);
    cycle.force();
    cycle.poll();

    assertThat(world.rules).hasSize(1);
  }
}
