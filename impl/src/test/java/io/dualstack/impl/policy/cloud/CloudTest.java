package io.dualstack.impl.policy.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.StoreUnavailableException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudTest {

  private FakeCloud cloud;

  @BeforeEach
  void start() throws IOException {
    cloud = FakeCloud.start();
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void uaa_tells_who_is_behind_a_token() {
    cloud.token("t1", "guid-1", "jo", "network.write", "openid");
    cloud.token("t2", "a-client", "");

    assertThat(cloud.uaa().verify("t1"))
        .contains(new Caller("guid-1", "jo", Set.of("network.write", "openid")));
    assertThat(cloud.uaa().verify("t2")).contains(new Caller("a-client", "", Set.of()));
  }

  @Test
  void uaa_refuses_unknown_tokens_and_clients() {
    cloud.token("t1", "guid-1", "jo");

    assertThat(cloud.uaa().verify("t9")).isEmpty();
    assertThat(cloud.strangeUaa().verify("t1")).isEmpty();
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(cloud.strangeUaa()::ownToken)
        .withMessageContaining("401");
  }

  @Test
  void uaa_that_is_away_refuses_nobody() {
    cloud.away(true);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> cloud.uaa().verify("t1"))
        .satisfies(failure -> assertThat(failure.retryable()).isTrue());
  }

  @Test
  void spaces_of_applications_are_asked_for_in_chunks_and_read_page_by_page() {
    for (int i = 0; i < 7; i++) {
      cloud.app("app" + i, "space" + i % 3);
    }

    assertThat(
            cloud
                .controller()
                .spacesOf(List.of("app0", "app1", "app2", "app3", "app4", "app5", "gone", "app0")))
        .isEqualTo(
            Map.of(
                "app0", "space0", "app1", "space1", "app2", "space2", "app3", "space0", "app4",
                "space1", "app5", "space2"));
    assertThat(cloud.takeRequests())
        .filteredOn(line -> line.contains("/v3/apps"))
        .hasSizeBetween(3, 6);
    assertThat(cloud.controller().spacesOf(List.of())).isEmpty();
    assertThat(cloud.takeRequests()).isEmpty();
  }

  @Test
  void spaces_of_a_developer_are_read_page_by_page() {
    cloud.developer("jo", "s1", "s2", "s3", "s4", "s5");

    assertThat(cloud.controller().spacesOfDeveloper("jo"))
        .containsExactlyInAnyOrder("s1", "s2", "s3", "s4", "s5");
    assertThat(cloud.controller().spacesOfDeveloper("nobody")).isEmpty();
  }

  @Test
  void the_time_of_the_last_update_has_nanoseconds() {
    cloud.latestUpdate("2026-08-20T10:11:12.123456789Z");

    assertThat(cloud.latestUpdate().get())
        .contains(Instant.parse("2026-08-20T10:11:12.123456789Z"));
    cloud.latestUpdate("2026-08-20T12:11:12+02:00");
    assertThat(cloud.latestUpdate().get()).contains(Instant.parse("2026-08-20T10:11:12Z"));
  }

  @Test
  void an_old_cloud_controller_and_times_that_stand_for_none_are_unknown() {
    assertThat(cloud.latestUpdate().get()).isEmpty();
    cloud.latestUpdate("1970-01-01T00:00:00Z");
    assertThat(cloud.latestUpdate().get()).isEmpty();
    cloud.latestUpdate("0001-01-01T00:00:00Z");
    assertThat(cloud.latestUpdate().get()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "1700000000"})
  void what_is_no_time_is_refused(String text) {
    cloud.latestUpdate(text);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(cloud.latestUpdate()::get)
        .withMessageContaining("what is no time");
  }
}
