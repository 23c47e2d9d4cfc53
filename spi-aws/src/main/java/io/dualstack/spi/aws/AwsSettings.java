package io.dualstack.spi.aws;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.provider.support.ReconcilingOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a user can say about the provider. All of it is optional; regions and credentials that
 * aren't given come from the SDK's own chains.
 *
 * @param region {@code region}: the AWS region
 * @param endpoint {@code endpoint}: the URL of the EC2 API in place of the region's own
 * @param quotasEndpoint {@code quotas_endpoint}: the URL of the Service Quotas API in place of the
 *     region's own; where {@code endpoint} is given and this isn't, quotas are not looked at
 * @param profile {@code profile}: which profile of the shared configuration files is used
 * @param foundation {@code foundation}: what tells this foundation's NICs from those of others in
 *     the same account; {@code dualstack} unless given
 * @param securityGroups {@code security_groups}: identifiers or names, separated by commas, for
 *     NICs whose networks name none
 * @param work {@code concurrency}: how many NICs are worked on side by side, 1 to 256, 8 unless
 *     given; {@code adopt}: whether NICs of nobody are taken over, {@code false} unless given
 * @param timeout {@code timeout_seconds}: how long a NIC may take to become what was asked for; 1
 *     to 3600, 120 unless given
 * @param attempts {@code attempts}: how often a call is tried; 1 to 20, 6 unless given
 * @param backoff {@code backoff_milliseconds}: the longest wait before the second try and between
 *     two looks at a NIC that isn't ready, which doubles from try to try up to 20 seconds; 1 to
 *     20000, 500 unless given
 */
record AwsSettings(
    @Nullable String region,
    @Nullable URI endpoint,
    @Nullable URI quotasEndpoint,
    @Nullable String profile,
    String foundation,
    List<String> securityGroups,
    ReconcilingOptions work,
    Duration timeout,
    int attempts,
    Duration backoff) {

  private static final List<String> NAMES =
      List.of(
          "adopt",
          "attempts",
          "backoff_milliseconds",
          "concurrency",
          "endpoint",
          "foundation",
          "profile",
          "quotas_endpoint",
          "region",
          "security_groups",
          "timeout_seconds");

  /**
   * Reads settings.
   *
   * @throws InvalidConfigurationException with all that is wrong with them
   */
  static AwsSettings of(Map<String, String> settings) {
    return new Reader(settings).read();
  }

  /** Reads values one by one and remembers what is wrong. */
  private static final class Reader {
    private final Map<String, String> settings;
    private final List<Diagnostic> findings = new ArrayList<>();

    Reader(Map<String, String> settings) {
      this.settings = settings;
    }

    AwsSettings read() {
      for (String name : new TreeSet<>(settings.keySet())) {
        if (!NAMES.contains(name)) {
          error(
              name,
              "UnknownProviderSetting",
              "the provider \"aws\" has no such setting; use one of " + String.join(", ", NAMES));
        }
      }
      AwsSettings read =
          new AwsSettings(
              text("region"),
              endpoint("endpoint", "https://ec2.eu-central-1.api.aws"),
              endpoint("quotas_endpoint", "https://servicequotas.eu-central-1.amazonaws.com"),
              text("profile"),
              foundation(),
              securityGroups(),
              new ReconcilingOptions(number("concurrency", 256, 8), adopt()),
              Duration.ofSeconds(number("timeout_seconds", 3600, 120)),
              number("attempts", 20, 6),
              Duration.ofMillis(number("backoff_milliseconds", 20_000, 500)));
      if (!findings.isEmpty()) {
        throw new InvalidConfigurationException(findings);
      }
      return read;
    }

    private @Nullable String text(String name) {
      String value = settings.get(name);
      if (value != null && value.isBlank()) {
        error(name, "ProviderSettingInvalid", "is empty; give a value or leave it out");
        return null;
      }
      return value == null ? null : value.strip();
    }

    private @Nullable URI endpoint(String name, String example) {
      String value = text(name);
      if (value == null) {
        return null;
      }
      try {
        URI endpoint = new URI(value);
        if (endpoint.getHost() != null
            && ("https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme()))) {
          return endpoint;
        }
      } catch (URISyntaxException e) {
        // Told below, as any other text that is no URL.
      }
      error(
          name,
          "ProviderSettingInvalid",
          "\"%s\" is no URL; write it like %s".formatted(value, example));
      return null;
    }

    private String foundation() {
      String value = text("foundation");
      if (value != null && value.length() > NicTags.LONGEST) {
        error(
            "foundation",
            "ProviderSettingInvalid",
            "has %d characters; use at most %d".formatted(value.length(), NicTags.LONGEST));
      }
      return value == null ? "dualstack" : value;
    }

    private List<String> securityGroups() {
      String value = text("security_groups");
      return value == null
          ? List.of()
          : Arrays.stream(value.split(","))
              .map(String::strip)
              .filter(group -> !group.isEmpty())
              .distinct()
              .toList();
    }

    private boolean adopt() {
      String value = text("adopt");
      if (value != null && !"true".equals(value) && !"false".equals(value)) {
        error("adopt", "ProviderSettingInvalid", "\"" + value + "\": use true or false");
      }
      return "true".equals(value);
    }

    private int number(String name, int most, int otherwise) {
      String value = text(name);
      if (value == null) {
        return otherwise;
      }
      try {
        int number = Integer.parseInt(value);
        if (number >= 1 && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Told below, as a number that is out of range.
      }
      error(
          name,
          "ProviderSettingInvalid",
          "\"%s\": use a whole number from 1 to %d".formatted(value, most));
      return otherwise;
    }

    private void error(String name, String code, String message) {
      findings.add(Diagnostic.error("providers.aws." + name, code, name + ": " + message));
    }
  }
}
