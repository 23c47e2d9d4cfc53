package io.dualstack.impl.policy.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.policy.cloud.FakeCloud;
import io.dualstack.impl.policy.store.memory.MemoryPolicyStore;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecurityGroupSyncTest {

  private static final String MONDAY = "2026-08-17T10:00:00.5Z";
  private static final String TUESDAY = "2026-08-18T10:00:00.25Z";

  private final PolicyStore store = new MemoryPolicyStore(2, TestClock.atNoon());
  private FakeCloud cloud;
  private SecurityGroupSync sync;

  @BeforeEach
  void start() throws IOException {
    cloud = FakeCloud.start();
    sync = new SecurityGroupSync(cloud.latestUpdate(), cloud.controller(), store);
    cloud.latestUpdate(MONDAY);
    for (int i = 0; i < 5; i++) {
      cloud.securityGroup("g" + i, "s");
    }
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private List<String> stored() {
    return store.securityGroups(Set.of("s"), 0, 0).groups().stream()
        .map(BoundSecurityGroup::guid)
        .toList();
  }

  private long lists() {
    return cloud.takeRequests().stream().filter(line -> line.contains("security_groups")).count();
  }

  @Test
  void stores_the_groups_of_all_pages_as_they_are_and_looks_at_no_destination() throws Exception {
    assertThat(sync.cycle()).isTrue();

    assertThat(stored()).containsExactly("g0", "g1", "g2", "g3", "g4");
    assertThat(store.securityGroups(Set.of("s"), 0, 1).groups())
        .containsExactly(
            new BoundSecurityGroup(
                "g0",
                "n-g0",
                List.of(new GroupRule("icmp", "not looked at", "", null, 0, "", false)),
                true,
                false,
                Set.of(),
                Set.of("s")));
  }

  @Test
  void an_equal_or_older_time_asks_for_no_list_and_leaves_the_store_alone() throws Exception {
    sync.cycle();
    cloud.takeRequests();
    cloud.removeSecurityGroups();

    assertThat(sync.cycle()).isFalse();
    cloud.latestUpdate("2026-08-16T10:00:00Z");
    assertThat(sync.cycle()).isFalse();

    assertThat(lists()).isZero();
    assertThat(stored()).hasSize(5);
    cloud.latestUpdate(TUESDAY);
    assertThat(sync.cycle()).isTrue();
    assertThat(stored()).isEmpty();
  }

  @Test
  void without_a_time_every_cycle_reads_the_whole_list() throws Exception {
    cloud.latestUpdate((String) null);

    assertThat(sync.cycle()).isTrue();
    assertThat(sync.cycle()).isTrue();
    cloud.latestUpdate("0001-01-01T00:00:00Z");
    assertThat(sync.cycle()).isTrue();

    assertThat(lists()).isEqualTo(9);
  }

  @Test
  void a_change_between_pages_throws_the_attempt_away_and_the_next_one_is_stored()
      throws Exception {
    AtomicInteger pages = new AtomicInteger();
    cloud.afterPage(
        () -> {
          if (pages.incrementAndGet() == 2) {
            cloud.latestUpdate(TUESDAY);
            cloud.securityGroup("late", "s");
          }
        });

    assertThat(sync.cycle()).isTrue();

    assertThat(stored()).containsExactly("g0", "g1", "g2", "g3", "g4", "late");
    assertThat(lists()).isEqualTo(2 + 3);
    // The cycle began before the change, which the next one has to look at again.
    assertThat(sync.cycle()).isTrue();
    assertThat(sync.cycle()).isFalse();
  }

  @Test
  void a_list_that_changes_each_time_is_told_as_such_and_stores_nothing() throws Exception {
    AtomicInteger pages = new AtomicInteger();
    cloud.afterPage(
        () -> cloud.latestUpdate("2026-08-18T10:00:%02dZ".formatted(pages.incrementAndGet())));

    assertThatExceptionOfType(UnstableListException.class)
        .isThrownBy(sync::cycle)
        .withMessageContaining("changed while they were read");

    assertThat(lists()).isEqualTo(3);
    assertThat(stored()).isEmpty();
    cloud.afterPage(() -> {});
    assertThat(sync.cycle()).isTrue();
  }

  @Test
  void a_binding_without_a_guid_fails_the_cycle_and_leaves_the_store_alone() throws Exception {
    sync.cycle();
    cloud.latestUpdate(TUESDAY);
    ObjectNode broken = cloud.securityGroup("broken", "s");
    ((ArrayNode) broken.at("/relationships/staging_spaces/data")).addObject().put("name", "x");

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(sync::cycle)
        .withMessageContaining("n-broken: relationships.staging_spaces: an entry has no guid");

    assertThat(stored()).hasSize(5);
  }

  @Test
  void a_cloud_controller_that_is_away_leaves_the_store_alone() throws Exception {
    sync.cycle();
    cloud.away(true);

    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(sync::cycle);

    assertThat(stored()).hasSize(5);
  }
}
