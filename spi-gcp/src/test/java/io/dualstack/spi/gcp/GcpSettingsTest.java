package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GcpSettingsTest {
  private static final Map<String, String> NO_ENVIRONMENT = Map.of();

  @Test
  void nothing_is_needed() {
    GcpSettings settings = GcpSettings.of(Map.of("region", "europe-west1"), NO_ENVIRONMENT);

    assertThat(settings.project()).isNull();
    assertThat(settings.endpoint()).isNull();
    assertThat(settings.anonymous()).isFalse();
    assertThat(settings.foundation()).isEqualTo("dualstack");
    assertThat(settings.work().concurrency()).isEqualTo(8);
    assertThat(settings.work().adopt()).isFalse();
    assertThat(settings.timeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.attempts()).isEqualTo(6);
    assertThat(settings.backoff()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void project_and_region_may_come_from_the_environment_and_settings_go_first() {
    Map<String, String> environment =
        Map.of("GOOGLE_CLOUD_PROJECT", "of-environment", "CLOUDSDK_COMPUTE_REGION", "us-east1");

    assertThat(GcpSettings.of(Map.of(), environment).project()).isEqualTo("of-environment");
    assertThat(GcpSettings.of(Map.of(), environment).region()).isEqualTo("us-east1");
    assertThat(GcpSettings.of(Map.of("project", "of-setting"), environment).project())
        .isEqualTo("of-setting");
  }

  @Test
  void all_that_is_wrong_is_named_at_once() {
    Map<String, String> wrong =
        Map.of(
            "region", "Europe West",
            "project", "My_Project",
            "adopt", "yes",
            "attempts", "0",
            "concurrency", "257",
            "endpoint", "not a url",
            "foundation", "A",
            "timeout_seconds", "PT1M",
            "colour", "blue");

    assertThatThrownBy(() -> GcpSettings.of(wrong, NO_ENVIRONMENT))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refusal ->
                assertThat(refusal.diagnostics())
                    .extracting(Diagnostic::path)
                    .containsExactlyInAnyOrderElementsOf(wrong.keySet()));
  }

  @Test
  void credentials_never_go_over_plain_http() {
    Map<String, String> settings =
        Map.of("region", "europe-west1", "endpoint", "http://127.0.0.1:8080");

    assertThatThrownBy(() -> GcpSettings.of(settings, NO_ENVIRONMENT))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("plain http");
  }

  @Test
  void googles_own_endpoint_asks_for_credentials() {
    Map<String, String> settings = Map.of("region", "europe-west1", "credentials", "none");

    assertThatThrownBy(() -> GcpSettings.of(settings, NO_ENVIRONMENT))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("credentials");
  }
}
