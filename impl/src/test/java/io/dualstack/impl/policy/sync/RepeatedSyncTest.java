package io.dualstack.impl.policy.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.metrics.PrometheusMeters;
import io.dualstack.impl.policy.cloud.FakeCloud;
import io.dualstack.impl.policy.store.memory.MemoryPolicyStore;
import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatedSyncTest {

  private final PolicyStore store = new MemoryPolicyStore(2, TestClock.atNoon());
  private final PrometheusMeters meters = PrometheusMeters.of("the test", "policy_server");
  private long now;
  private FakeCloud cloud;
  private RepeatedSync sync;

  @BeforeEach
  void start() throws IOException {
    cloud = FakeCloud.start();
    cloud.latestUpdate("2026-08-17T10:00:00Z");
    cloud.securityGroup("g", "s");
    sync =
        new RepeatedSync(
            new SecurityGroupSync(cloud.latestUpdate(), cloud.controller(), store),
            Duration.ofSeconds(300),
            meters,
            () -> now);
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private int stored() {
    return store.securityGroups(Set.of("s"), 0, 0).groups().size();
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void a_failure_keeps_what_is_stored_and_the_next_cycle_tries_again() {
    sync.run();
    assertThat(stored()).isEqualTo(1);
    cloud.away(true);
    sync.run();
    sync.run();
    assertThat(stored()).isEqualTo(1);

    cloud.away(false);
    cloud.securityGroup("h", "s");
    cloud.latestUpdate("2026-08-18T10:00:00Z");
    sync.run();

    assertThat(stored()).isEqualTo(2);
    assertThat(meters.text())
        .contains("asg_sync_success_total 2.0", "asg_sync_failure_total 2.0")
        .doesNotContain("overdue");
  }

  @Test
  void a_list_that_is_never_stable_is_overdue_after_the_deadline_and_not_before() {
    AtomicInteger pages = new AtomicInteger();
    cloud.afterPage(
        () -> cloud.latestUpdate("2026-08-18T10:00:%02dZ".formatted(pages.incrementAndGet())));
    pass(300);
    sync.run();
    assertThat(meters.text()).contains("asg_sync_unstable_total 1.0").doesNotContain("overdue");

    pass(1);
    sync.run();

    assertThat(meters.text()).contains("asg_sync_unstable_total 2.0", "asg_sync_overdue_total 1.0");
  }

  @Test
  void success_starts_the_deadline_anew() {
    pass(301);
    sync.run();
    pass(299);
    cloud.away(true);
    sync.run();

    assertThat(meters.text()).doesNotContain("overdue");
  }

  @Test
  void a_store_that_is_closed_does_not_end_the_rounds() {
    store.close();

    sync.run();

    assertThat(meters.text()).contains("asg_sync_failure_total 1.0");
  }
}
