package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.SecurityGroupPage;
import io.dualstack.policy.TaggedPolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Drives two stores of one place and a model side by side: random sequences of policies created and
 * deleted between five applications, and pages of every size. Extend it, and name the class so that
 * it is run.
 */
public abstract class PolicyStoreModelContract {

  private static final int TRIES = 60;

  /** Creates the suite. */
  protected PolicyStoreModelContract() {}

  /** One place, and the stores over it. */
  protected interface Fixture extends AutoCloseable {

    /**
     * Opens a store over the place.
     *
     * @return the store
     */
    PolicyStore open();

    /** Removes the place. */
    @Override
    void close();
  }

  /**
   * Makes an empty place; called for every sequence.
   *
   * @return the place
   */
  protected abstract Fixture emptyPlace();

  /**
   * One call.
   *
   * @param creates whether policies are created; else deleted
   * @param second whether the second store is called
   * @param policies the policies
   */
  protected record Step(boolean creates, boolean second, List<NetworkPolicy> policies) {}

  /**
   * Random calls.
   *
   * @return sequences of calls
   */
  @Provide
  protected Arbitrary<List<Step>> steps() {
    Arbitrary<String> apps = Arbitraries.of("a", "b", "c", "d", "e");
    Arbitrary<NetworkPolicy> policies =
        Combinators.combine(
                apps,
                apps,
                Arbitraries.of(Protocol.TCP, Protocol.UDP),
                Arbitraries.of(PortRange.single(80), PortRange.of(80, 81)))
            .as(
                (source, destination, protocol, ports) ->
                    new NetworkPolicy(
                        source, new PolicyDestination.App(destination, protocol, ports)));
    return Combinators.combine(
            Arbitraries.of(true, false), Arbitraries.of(true, false), policies.list().ofMaxSize(4))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(15);
  }

  /** What must be there, in the simplest way. */
  private static final class Model {
    private final Set<NetworkPolicy> policies = new LinkedHashSet<>();
    private final Map<String, Integer> tags = new TreeMap<>();

    void take(Step step) {
      for (NetworkPolicy policy : step.policies()) {
        if (step.creates()) {
          ends(policy).forEach(this::tag);
          policies.add(policy);
        } else {
          policies.remove(policy);
        }
      }
      Set<String> used = new TreeSet<>();
      policies.forEach(policy -> used.addAll(policy.apps()));
      tags.keySet().retainAll(used);
    }

    private void tag(String app) {
      int lowest = 1;
      while (tags.containsValue(lowest)) {
        lowest++;
      }
      tags.putIfAbsent(app, lowest);
    }
  }

  private static List<String> ends(NetworkPolicy policy) {
    return List.of(policy.source(), ((PolicyDestination.App) policy.destination()).guid());
  }

  @Property(tries = TRIES)
  void stores_and_model_agree_on_policies_and_tags(@ForAll("steps") List<Step> steps) {
    Model model = new Model();
    try (Fixture place = emptyPlace();
        PolicyStore first = place.open();
        PolicyStore second = place.open()) {
      for (Step step : steps) {
        PolicyStore called = step.second() ? second : first;
        if (step.creates()) {
          called.create(step.policies(), Integer.MAX_VALUE);
        } else {
          called.delete(step.policies());
        }
        model.take(step);

        List<TaggedPolicy> there = first.policies(PolicyFilter.ALL);
        assertThat(there.stream().map(TaggedPolicy::policy))
            .containsExactlyElementsOf(model.policies);
        Map<String, Integer> tags = new TreeMap<>();
        second.groups().forEach(group -> tags.put(group.id(), group.tag().number()));
        assertThat(tags).isEqualTo(model.tags);
        assertThat(there).allSatisfy(policy -> assertTagged(policy, model.tags));
      }
    }
  }

  private static void assertTagged(TaggedPolicy policy, Map<String, Integer> tags) {
    List<String> ends = ends(policy.policy());
    assertThat(policy.sourceTag().number()).isEqualTo(tags.get(ends.get(0)));
    assertThat(policy.destinationTag().orElseThrow().number()).isEqualTo(tags.get(ends.get(1)));
  }

  @Property(tries = TRIES)
  void creating_and_deleting_leaves_nothing(@ForAll("steps") List<Step> steps) {
    try (Fixture place = emptyPlace();
        PolicyStore store = place.open()) {
      PolicyGroup router = store.tag("router", "router");
      steps.forEach(step -> store.create(step.policies(), Integer.MAX_VALUE));
      steps.forEach(step -> store.delete(step.policies()));

      assertThat(store.policies(PolicyFilter.ALL)).isEmpty();
      assertThat(store.groups()).containsExactly(router);
    }
  }

  @Property(tries = TRIES)
  void pages_of_every_size_tell_every_group_that_applies_once_and_in_order(
      @ForAll List<Boolean> bound, @ForAll @IntRange(min = 1, max = 5) int limit) {
    List<BoundSecurityGroup> groups = new ArrayList<>();
    for (boolean applies : bound) {
      groups.add(
          new BoundSecurityGroup(
              "g" + groups.size(),
              "",
              List.of(),
              false,
              false,
              Set.of(),
              applies ? Set.of("s") : Set.of("other")));
    }
    try (Fixture place = emptyPlace();
        PolicyStore store = place.open()) {
      store.replaceSecurityGroups(groups);

      List<BoundSecurityGroup> told = new ArrayList<>();
      long from = 0;
      do {
        SecurityGroupPage page = store.securityGroups(Set.of("s"), from, limit);
        assertThat(page.groups()).hasSizeLessThanOrEqualTo(limit);
        told.addAll(page.groups());
        from = page.next();
      } while (from != 0);

      assertThat(told)
          .containsExactlyElementsOf(
              groups.stream().filter(group -> group.appliesTo(Set.of("s"))).toList());
    }
  }
}
