package io.dualstack.impl.policy.agent;

import static io.dualstack.impl.policy.agent.AgentWorld.app;
import static io.dualstack.impl.policy.agent.AgentWorld.group;
import static io.dualstack.impl.policy.agent.AgentWorld.rule;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Meters;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.JsonBody;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What an agent tells of the groups that it was told. */
class LastGroupsTest {
  private final AtomicLong now = new AtomicLong();
  private final LastGroups last = new LastGroups(now::get);
  private final AgentWorld world = new AgentWorld();
  private final GroupCycle cycle =
      new GroupCycle(() -> List.copyOf(world.containers), world, world, Meters.NONE, last);

  private String told() {
    Answer answer = last.answer();
    assertThat(answer.status()).isEqualTo(200);
    return new String(answer.body(), UTF_8);
  }

  private String refusal() {
    Answer answer = last.answer();
    assertThat(answer.status()).isEqualTo(503);
    return JsonBody.readError(answer.body());
  }

  @Test
  void before_the_first_good_poll_that_is_said_with_the_reason() {
    assertThat(refusal()).contains("no security groups are known yet", "was not asked");

    world.containers.add(app("one", "10.255.1.2", "a"));
    world.isAway = true;
    assertThatThrownBy(cycle::cycle).hasMessage("the server is away");

    assertThat(refusal()).contains("known yet").endsWith(": the server is away");
  }

  @Test
  void the_last_good_answer_is_told_with_its_age_and_why_there_is_no_newer_one() {
    world.containers.add(app("one", "10.255.1.2", "a"));
    world.groups.add(group("g", true, rule("tcp", "2001:db8::/32", "443")));
    cycle.cycle();
    now.addAndGet(TimeUnit.SECONDS.toNanos(90));

    String groups =
        "\"space_guids\":[\"space\"],\"security_groups\":[{\"guid\":\"g\",\"name\":\"g\",\"rules\":"
            + "\"[{\\\"protocol\\\":\\\"tcp\\\",\\\"destination\\\":\\\"2001:db8::/32\\\","
            + "\\\"ports\\\":\\\"443\\\",\\\"type\\\":0,\\\"code\\\":0,\\\"description\\\":\\\"\\\","
            + "\\\"log\\\":false}]\",\"staging_default\":false,\"running_default\":true,"
            + "\"staging_space_guids\":[],\"running_space_guids\":[\"space\"]}]}";
    assertThat(told()).isEqualTo("{\"age_seconds\":90," + groups);

    world.isAway = true;
    assertThatThrownBy(cycle::cycle).hasMessage("the server is away");
    assertThat(told())
        .isEqualTo("{\"age_seconds\":90,\"failure\":\"the server is away\"," + groups);

    world.isAway = false;
    world.groups.clear();
    cycle.cycle();
    assertThat(told())
        .isEqualTo("{\"age_seconds\":0,\"space_guids\":[\"space\"],\"security_groups\":[]}");
  }

  @Test
  void what_one_container_is_asked_for_is_not_taken_for_the_cells() {
    world.containers.add(app("one", "10.255.1.2", "a"));
    cycle.force("one");

    assertThat(refusal()).contains("was not asked");
  }

  @Test
  void groups_that_the_kernel_refused_were_told_all_the_same() {
    world.containers.add(app("one", "10.255.1.2", "a"));
    world.groups.add(group("g", true, rule("all", "192.0.2.1", "")));
    world.refused = "one";
    assertThatThrownBy(cycle::cycle).hasMessageContaining("the kernel refuses");

    assertThat(told()).contains("192.0.2.1").doesNotContain("failure");
  }

  @Test
  void without_containers_nothing_is_asked_and_there_are_none() {
    cycle.cycle();

    assertThat(told()).isEqualTo("{\"age_seconds\":0,\"space_guids\":[],\"security_groups\":[]}");
    assertThat(world.done).isEmpty();
  }
}
