package io.dualstack.impl.policy.agent;

import static io.dualstack.impl.policy.agent.AgentWorld.app;
import static io.dualstack.impl.policy.agent.AgentWorld.group;
import static io.dualstack.impl.policy.agent.AgentWorld.policy;
import static io.dualstack.impl.policy.agent.AgentWorld.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent does when nothing changes, something does, and things fail. */
class CyclesTest {
  private final AgentWorld world = new AgentWorld();
  private final Containers containers = () -> List.copyOf(world.containers);
  private final PolicyCycle policies =
      new PolicyCycle(
          containers, world, world, new PolicyCycle.Settings(List.of(), false, false), Meters.NONE);
  private final GroupCycle groups =
      new GroupCycle(containers, world, world, Meters.NONE, new LastGroups(() -> 0));

  @BeforeEach
  void two_containers() {
    world.containers.add(app("one", "10.255.1.2", "a"));
    world.containers.add(app("two", "10.255.1.3", "b"));
    world.policies.add(policy("a", 1, "b", 8080));
    world.groups.add(group("g", true, rule("all", "192.0.2.1", "")));
  }

  @Test
  void policies_are_asked_for_once_while_nothing_changes() {
    policies.poll();
    policies.poll();

    assertThat(world.done).containsExactly("ask [a, b, space]", "policies");
  }

  @Test
  void a_change_of_policies_is_put_in_force() {
    policies.poll();
    world.policies.clear();
    world.lastUpdated++;
    policies.poll();

    assertThat(world.rules).hasSize(2);
    assertThat(world.rules.get(1).allowed()).isEmpty();
  }

  @Test
  void a_new_container_gets_policies_though_none_changed() {
    policies.poll();
    world.containers.add(app("three", "10.255.1.4", "b"));
    policies.poll();

    assertThat(world.rules).hasSize(2);
    assertThat(world.rules.get(1).allowed()).hasSize(2);
  }

  @Test
  void a_failed_cycle_is_done_again_by_the_next_poll() {
    world.refused = "policies";
    assertThatThrownBy(policies::poll).hasMessageContaining("the kernel refuses");
    world.refused = "";
    policies.poll();

    assertThat(world.rules).hasSize(1);
  }

  @Test
  void after_a_failure_the_same_rules_are_put_in_force_again_as_nobody_knows_what_is_there() {
    policies.poll();
    world.refused = "policies";
    world.policies.clear();
    assertThatThrownBy(policies::force).hasMessageContaining("the kernel refuses");
    world.refused = "";
    world.policies.add(policy("a", 1, "b", 8080));
    policies.poll();

    assertThat(world.rules).hasSize(2);
    assertThat(world.rules.get(1)).isEqualTo(world.rules.get(0));
  }

  @Test
  void nothing_changes_while_the_server_is_away() {
    policies.poll();
    groups.cycle();
    int before = world.done.size();
    world.isAway = true;
    world.containers.remove(0);

    assertThatThrownBy(policies::poll).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(policies::force).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(groups::cycle).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> groups.force("two")).isInstanceOf(StoreUnavailableException.class);
    assertThat(world.done).hasSize(before);
  }

  @Test
  void switching_the_log_takes_effect_with_the_next_poll() {
    policies.poll();
    policies.log(true);
    policies.poll();

    assertThat(world.rules).hasSize(2);
    assertThat(world.rules.get(1).log()).isTrue();
  }

  @Test
  void only_containers_whose_groups_changed_are_touched() {
    groups.cycle();
    groups.cycle();
    assertThat(world.egress).hasSize(2);

    world.containers.set(
        1,
        AgentWorld.container(
            "two",
            "10.255.1.3",
            "{\"policy_group_id\": \"b\", \"space_id\": \"space\","
                + " \"container_workload\": \"staging\"}"));
    groups.cycle();

    assertThat(world.egress).hasSize(3);
    assertThat(world.egress.get(2).endpoint().handle()).isEqualTo("two");
    assertThat(world.egress.get(2).groups()).isEmpty();
  }

  @Test
  void a_container_that_fails_holds_up_no_other_and_is_tried_again() {
    world.refused = "one";
    assertThatThrownBy(groups::cycle).hasMessageContaining("the kernel refuses");
    assertThat(world.egress).extracting(each -> each.endpoint().handle()).containsExactly("two");

    world.refused = "";
    groups.cycle();

    assertThat(world.egress)
        .extracting(each -> each.endpoint().handle())
        .containsExactly("two", "one");
  }

  @Test
  void a_forced_container_is_done_whatever_is_believed_and_an_unknown_one_refused() {
    groups.cycle();
    groups.force("one");

    assertThat(world.egress).hasSize(3);
    assertThatThrownBy(() -> groups.force("nobody"))
        .hasMessageContaining("nobody: there is no such container");
  }

  @Test
  void what_is_left_of_a_container_that_is_gone_is_removed() {
    groups.cycle();
    groups.forget("one");
    assertThat(world.done).as("it is still there").doesNotContain("remove one");

    groups.cycle();
    world.containers.remove(0);
    groups.forget("one");

    assertThat(world.done).contains("remove one");
  }
}
