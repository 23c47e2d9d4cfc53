package io.dualstack.spi.openstack.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.testkit.TestClock;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.Fault;
import io.dualstack.testkit.cloud.openstack.FakeKeystone;
import io.dualstack.testkit.cloud.openstack.FakeNeutron;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logging in, and trying again. */
class NetworkApiTest {
  private static final Fault BUSY =
      new Fault.Answered(FakeAnswer.json(429, "{}").with("Retry-After", "7"));

  private final TestClock clock = TestClock.atNoon();
  private final FakeNeutron cloud = new FakeNeutron(clock);
  private final List<Duration> waits = new ArrayList<>();

  @AfterEach
  void stop() {
    cloud.close();
  }

  private NetworkApi api(String... settings) {
    Map<String, String> all =
        new LinkedHashMap<>(
            Map.of(
                "auth_url", cloud.authUrl().toString(),
                "username", FakeKeystone.USER,
                "password", FakeKeystone.PASSWORD,
                "project_name", FakeKeystone.PROJECT));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    AccessConfig config =
        new AccessConfigReader(
                all,
                new Surroundings(Map.of(), Path.of("target"), Path.of("target")),
                new ArrayList<>())
            .read();
    return new NetworkApi(config, clock, new Patience(config.attempts(), waits::add, () -> 0.5));
  }

  private static JsonNode ports(NetworkApi api) {
    return api.get("/ports", Map.of());
  }

  private long logins() {
    return cloud.requests().stream().filter(one -> one.path().endsWith("/auth/tokens")).count();
  }

  private static ObjectNode network(String name) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("network").put("name", name);
    return body;
  }

  @Test
  void one_login_serves_until_shortly_before_the_token_expires() {
    NetworkApi api = api();
    cloud.keystone().tokensLast(Duration.ofMinutes(10));

    ports(api);
    ports(api);
    assertThat(logins()).isEqualTo(1);
    assertThat(api.projectId()).contains(FakeKeystone.PROJECT_ID);

    clock.advance(Duration.ofMinutes(9).plusSeconds(1));
    ports(api);

    assertThat(logins()).isEqualTo(2);
  }

  @Test
  void a_token_that_is_not_taken_any_more_is_renewed_once() {
    NetworkApi api = api();
    ports(api);
    cloud.keystone().revokeTokens();

    ports(api);

    assertThat(logins()).isEqualTo(2);
  }

  @Test
  void every_way_to_log_in_is_one_that_keystone_takes() {
    ports(api());
    ports(
        api(
            "application_credential_id",
            FakeKeystone.CREDENTIAL_ID,
            "application_credential_secret",
            FakeKeystone.CREDENTIAL_SECRET));
    ports(
        api(
            "application_credential_name",
            FakeKeystone.CREDENTIAL_NAME,
            "application_credential_secret",
            FakeKeystone.CREDENTIAL_SECRET));

    String token =
        cloud.requests().get(cloud.requests().size() - 1).header("X-Auth-Token").orElseThrow();
    ports(api("auth_type", "token", "token", token));
    assertThat(logins()).isEqualTo(4);
  }

  @Test
  void a_refused_login_says_who_and_where_without_the_secret() {
    NetworkApi wrong = api("password", "not-the-password");

    assertThatThrownBy(() -> ports(wrong))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("user " + FakeKeystone.USER)
        .hasMessageContaining("/identity/v3/auth/tokens")
        .hasMessageNotContaining("not-the-password");
  }

  @Test
  void the_catalog_is_read_by_region_and_interface() {
    cloud.keystone().endpoint("RegionTwo", "public", URI.create("http://127.0.0.1:1/nowhere"));

    assertThatThrownBy(() -> ports(api()))
        .hasMessageContaining("several public network endpoints")
        .hasMessageContaining("[RegionOne, RegionTwo]");
    ports(api("region", "RegionOne"));
    ports(api("interface", "internal"));
    ports(api("endpoint", cloud.networkEndpoint() + "/v2.0/"));
    assertThatThrownBy(() -> ports(api("region", "RegionThree")))
        .hasMessageContaining("no public network endpoints in region \"RegionThree\"");
  }

  @Test
  void without_keystone_requests_carry_no_token() {
    cloud.trustEverybody();

    ports(api("auth_type", "none", "endpoint", cloud.networkEndpoint().toString()));

    assertThat(cloud.requests())
        .extracting(FakeRequest::path)
        .containsExactly("/network/v2.0/ports");
    assertThat(cloud.requests().get(0).header("X-Auth-Token")).isEmpty();
  }

  @Test
  void reading_is_tried_again_with_growing_waits_and_jitter() {
    cloud.faults().next("GET ports", Fault.FAILED, Fault.FAILED, Fault.FAILED);

    ports(api());

    assertThat(waits)
        .containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @Test
  void a_service_that_asks_for_patience_is_given_it_even_for_what_is_made() {
    cloud.faults().next("POST networks", BUSY);

    api().post("/networks", network("n"));

    assertThat(waits).containsExactly(Duration.ofMillis(7100));
    assertThat(cloud.all("networks")).hasSize(1);
  }

  @Test
  void what_may_have_been_made_is_not_made_twice() {
    for (Fault fault : List.of(Fault.FAILED, Fault.CUT_AFTER)) {
      cloud.faults().next("POST networks", fault);

      assertThatThrownBy(() -> api().post("/networks", network("n")))
          .isInstanceOfSatisfying(
              ApiFailure.class, failure -> assertThat(failure.isDoubtful()).isTrue());
    }
    assertThat(cloud.all("networks")).hasSize(1);
  }

  @Test
  void attempts_come_to_an_end() {
    cloud.faults().next("GET ports", Fault.FAILED, Fault.FAILED, Fault.FAILED);

    assertThatThrownBy(() -> ports(api("attempts", "2")))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.status()).isEqualTo(500));
    assertThat(waits).hasSize(1);
  }

  @Test
  void a_service_that_stays_silent_is_not_waited_for_without_end() {
    NetworkApi api = api("timeout", "PT0.5S", "attempts", "2");
    ports(api);
    cloud.faults().next("GET ports", Fault.SILENT, Fault.SILENT);

    assertThatThrownBy(() -> ports(api))
        .isInstanceOfSatisfying(
            ApiFailure.class, failure -> assertThat(failure.isDoubtful()).isTrue())
        .hasMessageContaining("no answer");
    assertThat(waits).hasSize(1);
  }

  @Test
  void a_service_that_is_not_there_is_named() {
    assertThatThrownBy(() -> ports(api("auth_url", "http://127.0.0.1:1", "attempts", "2")))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("http://127.0.0.1:1/v3/auth/tokens");
    assertThat(waits).hasSize(1);
  }
}
