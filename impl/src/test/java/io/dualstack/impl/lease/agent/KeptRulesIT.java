package io.dualstack.impl.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.kernel.Flock;
import io.dualstack.lease.LeaseKind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The rules against forged sources, which the agent keeps on a host of containers with IPv6. */
class KeptRulesIT extends LeaseAgentHosts {

  @Test
  void rules_are_put_by_the_first_round_and_back_after_they_were_flushed() throws Exception {
    Files.writeString(folder.resolve("store-1.json"), "{\"c1\":{\"ipv6\":\"2001:db8::2\"}}\n");
    LocalLeaseAgent agent = start(1);
    agent.poll();
    String rules = on(1, "nft", "list", "ruleset");
    assertThat(rules).contains("dualstack_guard").contains("fib saddr");
    agent.poll();
    assertThat(meters.text()).doesNotContain("guard_restored");

    on(1, "nft", "flush", "ruleset");
    agent.poll();
    on(1, "nft", "flush", "table", "inet", "dualstack_guard");
    agent.poll();

    assertThat(on(1, "nft", "list", "ruleset")).isEqualTo(rules);
    assertThat(meters.text()).contains("silk_daemon_guard_restored_total 2.0");
  }

  @Test
  void rules_are_kept_while_the_registry_is_away_too() throws Exception {
    SwitchableRegistry switchable = new SwitchableRegistry(registry);
    LocalLeaseAgent agent = start(1, config(1, LeaseKind.BLOCK), switchable);
    Files.writeString(folder.resolve("store-1.json"), "{\"c1\":{\"ipv6\":\"2001:db8::2\"}}\n");
    switchable.setAway(true);

    agent.poll();

    assertThat(on(1, "nft", "list", "ruleset")).contains("dualstack_guard");
  }

  @Test
  void whoever_holds_the_file_of_containers_does_not_hold_up_the_lease() throws Exception {
    Path file = folder.resolve("store-1.json");
    Files.writeString(file, "{\"c1\":{\"ipv6\":\"2001:db8::2\"}}\n");
    LocalLeaseAgent agent = start(1);

    try (Flock held = Flock.lock(file)) {
      assertThat(held).isNotNull();
      assertThat(Flock.tryLock(file)).isEmpty();
      agent.poll();
    }

    assertThat(meters.text()).contains("silk_daemon_renew_success_total 1.0");
    assertThat(on(1, "nft", "list", "ruleset")).isEmpty();
    agent.poll();
    assertThat(on(1, "nft", "list", "ruleset")).contains("dualstack_guard");
  }

  @Test
  void without_a_container_in_ipv6_there_are_no_rules() throws Exception {
    Files.writeString(folder.resolve("store-1.json"), "{\"c1\":{\"ip\":\"10.255.1.2\"}}\n");

    start(1).poll();

    assertThat(on(1, "nft", "list", "ruleset")).isEmpty();
  }
}
