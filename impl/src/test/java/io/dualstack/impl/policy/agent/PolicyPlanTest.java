package io.dualstack.impl.policy.agent;

import static io.dualstack.impl.policy.agent.AgentWorld.app;
import static io.dualstack.impl.policy.agent.AgentWorld.container;
import static io.dualstack.impl.policy.agent.AgentWorld.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.PolicyRules.Allowed;
import io.dualstack.firewall.PolicyRules.Source;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.TaggedPolicy;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PolicyPlanTest {
  private static final IpAddress ONE = IpAddress.parse("10.255.1.2");
  private static final IpAddress TWO = IpAddress.parse("10.255.1.3");

  private static PolicyRules plan(List<DescribedContainer> containers, TaggedPolicy... policies) {
    return PolicyPlan.of(containers, List.of(policies), List.of(), OptionalInt.empty(), false);
  }

  private static Allowed allowed(String source, String app, IpAddress to, int port, int tag) {
    return new Allowed(source, app, to, Protocol.TCP, PortRange.single(port), tag);
  }

  @Test
  void an_address_is_marked_once_however_many_policies_its_application_has() {
    assertThat(
            plan(
                List.of(app("one", "10.255.1.2", "a")),
                policy("a", 1, "b", 8080),
                policy("a", 1, "c", 8080)))
        .isEqualTo(new PolicyRules(List.of(), List.of(new Source("a", ONE, 1)), List.of(), false));
  }

  @Test
  void an_application_that_may_reach_itself_is_marked_and_let_in() {
    PolicyRules rules =
        plan(
            List.of(app("one", "10.255.1.2", "a"), app("two", "10.255.1.3", "a")),
            policy("a", 1, "a", 8080));

    assertThat(rules.sources())
        .containsExactlyInAnyOrder(new Source("a", ONE, 1), new Source("a", TWO, 1));
    assertThat(rules.allowed())
        .containsExactly(allowed("a", "a", ONE, 8080, 1), allowed("a", "a", TWO, 8080, 1));
  }

  @Test
  void a_container_without_application_has_no_part_in_policies() {
    PolicyRules rules =
        PolicyPlan.of(
            List.of(container("one", "10.255.1.2", "{\"space_id\": \"a\", \"ports\": \"8080\"}")),
            List.of(policy("a", 1, "a", 8080)),
            List.of(),
            OptionalInt.of(7),
            false);

    assertThat(rules).isEqualTo(PolicyRules.NONE);
  }

  @Test
  void routers_reach_declared_ports_where_that_is_on() {
    PolicyRules rules =
        PolicyPlan.of(
            List.of(
                container(
                    "one", "10.255.1.2", "{\"policy_group_id\": \"a\", \"ports\": \"8080, 9090\"}"),
                container(
                    "two", "10.255.1.3", "{\"policy_group_id\": \"a\", \"ports\": \"many\"}")),
            List.of(policy("b", 2, "a", 80)),
            List.of(),
            OptionalInt.of(7),
            true);

    assertThat(rules.allowed())
        .as("a port that is none costs its own container alone, and no policy")
        .containsExactlyInAnyOrder(
            allowed(Allowed.ROUTERS, "a", ONE, 8080, 7),
            allowed(Allowed.ROUTERS, "a", ONE, 9090, 7),
            allowed("b", "a", ONE, 80, 2),
            allowed("b", "a", TWO, 80, 2));
    assertThat(rules.log()).isTrue();
  }

  @Test
  void networks_are_open_where_policies_are_not_enforced() {
    List<IpPrefix> open = List.of(IpPrefix.parse("10.255.0.0/16"));

    assertThat(PolicyPlan.of(List.of(), List.of(), open, OptionalInt.empty(), false).openNetworks())
        .isEqualTo(open);
  }
}
