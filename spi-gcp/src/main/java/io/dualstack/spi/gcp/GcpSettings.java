package io.dualstack.spi.gcp;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.provider.support.ReconcilingOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user can say about the provider. All of it is optional: what isn't said here is found
 * where Google's own tools look, see {@link ProjectAndRegion}.
 *
 * @param project {@code project}: the project whose addresses and instances these are; unless
 *     given, the environment's {@code GOOGLE_CLOUD_PROJECT}, {@code CLOUDSDK_CORE_PROJECT} or
 *     {@code GCLOUD_PROJECT}; null if neither says
 * @param region {@code region}: the region; unless given, the environment's {@code
 *     CLOUDSDK_COMPUTE_REGION} or {@code GOOGLE_CLOUD_REGION}; null if neither says
 * @param endpoint {@code endpoint}: the URL of the API in place of Google's own
 * @param anonymous {@code credentials}: {@code default} for Application Default Credentials, or
 *     {@code none}, for an endpoint that asks for none
 * @param foundation {@code foundation}: what tells this foundation's NICs from those of others in
 *     the same project; {@code dualstack} unless given
 * @param work {@code concurrency}: how many NICs are worked on side by side, 1 to 256, 8 unless
 *     given; {@code adopt}: whether NICs of nobody are taken over, {@code false} unless given
 * @param timeout {@code timeout_seconds}: how long an operation may take to be done; 1 to 3600, 120
 *     unless given
 * @param attempts {@code attempts}: how often a call is tried; 1 to 20, 6 unless given
 * @param backoff {@code backoff_milliseconds}: the longest wait before the second try and between
 *     two looks at something that isn't ready, which doubles from try to try up to 20 seconds; 1 to
 *     20000, 500 unless given
 */
record GcpSettings(
    @Nullable String project,
    @Nullable String region,
    @Nullable URI endpoint,
    boolean anonymous,
    String foundation,
    ReconcilingOptions work,
    Duration timeout,
    int attempts,
    Duration backoff) {

  /** How the API wants names of resources, regions and zones written. */
  static final Pattern NAME = Pattern.compile("[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?");

  /** How the API wants projects written: an identifier, maybe of a domain, or a number. */
  static final Pattern PROJECT =
      Pattern.compile("(?:[-a-z0-9.]{1,63}:)?[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?");

  private static final List<String> NAMES =
      List.of(
          "adopt",
          "attempts",
          "backoff_milliseconds",
          "concurrency",
          "credentials",
          "endpoint",
          "foundation",
          "project",
          "region",
          "timeout_seconds");

  /**
   * Reads settings.
   *
   * @param environment the process's environment variables
   * @throws InvalidConfigurationException with all that is wrong with them
   */
  static GcpSettings of(Map<String, String> settings, Map<String, String> environment) {
    return new Reader(settings, environment).read();
  }

  /** Reads values one by one and remembers what is wrong. */
  private static final class Reader {
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final List<Diagnostic> findings = new ArrayList<>();

    Reader(Map<String, String> settings, Map<String, String> environment) {
      this.settings = settings;
      this.environment = environment;
    }

    GcpSettings read() {
      for (String name : new TreeSet<>(settings.keySet())) {
        if (!NAMES.contains(name)) {
          refuse(name, "SettingUnknown", "is no setting; use one of " + String.join(", ", NAMES));
        }
      }
      String project =
          text(
                  "project",
                  PROJECT,
                  "GOOGLE_CLOUD_PROJECT",
                  "CLOUDSDK_CORE_PROJECT",
                  "GCLOUD_PROJECT")
              .orElse(null);
      String region =
          text("region", NAME, "CLOUDSDK_COMPUTE_REGION", "GOOGLE_CLOUD_REGION").orElse(null);
      boolean anonymous = choice("credentials", "default", "none").equals("none");
      URI endpoint = endpoint(anonymous).orElse(null);
      String foundation = text("foundation", NAME).orElse("dualstack");
      int concurrency = number("concurrency", 1, 256, 8);
      boolean adopt = choice("adopt", "false", "true").equals("true");
      Duration timeout = Duration.ofSeconds(number("timeout_seconds", 1, 3600, 120));
      int attempts = number("attempts", 1, 20, 6);
      Duration backoff = Duration.ofMillis(number("backoff_milliseconds", 1, 20_000, 500));
      if (!findings.isEmpty()) {
        throw new InvalidConfigurationException(findings);
      }
      return new GcpSettings(
          project,
          region,
          endpoint,
          anonymous,
          foundation,
          new ReconcilingOptions(concurrency, adopt),
          timeout,
          attempts,
          backoff);
    }

    private Optional<String> text(String name, Pattern rule, String... variables) {
      String value = settings.get(name);
      if (value != null && !rule.matcher(value).matches()) {
        refuse(name, "SettingInvalid", "\"%s\" doesn't match %s".formatted(value, rule));
        return Optional.empty();
      }
      for (int i = 0; value == null && i < variables.length; i++) {
        String inherited = environment.get(variables[i]);
        value = inherited != null && rule.matcher(inherited).matches() ? inherited : null;
      }
      return Optional.ofNullable(value);
    }

    private String choice(String name, String usual, String other) {
      String value = settings.getOrDefault(name, usual);
      if (!value.equals(usual) && !value.equals(other)) {
        refuse(name, "SettingInvalid", "\"%s\": use %s or %s".formatted(value, usual, other));
        return usual;
      }
      return value;
    }

    private int number(String name, int least, int most, int usual) {
      String value = settings.get(name);
      if (value == null) {
        return usual;
      }
      if (value.matches("[0-9]{1,9}")) {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      }
      refuse(
          name,
          "SettingInvalid",
          "\"%s\": use a whole number from %d to %d".formatted(value, least, most));
      return usual;
    }

    private Optional<URI> endpoint(boolean anonymous) {
      String value = settings.get("endpoint");
      if (value == null) {
        if (anonymous) {
          refuse(
              "credentials",
              "SettingInvalid",
              "\"none\" goes with an endpoint of your own; Google's asks for credentials");
        }
        return Optional.empty();
      }
      try {
        URI uri = new URI(value);
        if (uri.getHost() != null && "https".equals(uri.getScheme())) {
          return Optional.of(uri);
        }
        if (uri.getHost() != null && "http".equals(uri.getScheme())) {
          if (!anonymous) {
            refuse(
                "endpoint",
                "SettingInvalid",
                "\"%s\": credentials don't go over plain http; use https, or credentials=none"
                    .formatted(value));
          }
          return Optional.of(uri);
        }
      } catch (URISyntaxException e) {
        // Refused below like every other text that is no URL.
      }
      refuse("endpoint", "SettingInvalid", "\"%s\" is no http or https URL".formatted(value));
      return Optional.empty();
    }

    private void refuse(String name, String code, String message) {
      findings.add(Diagnostic.error(name, code, name + ": " + message));
    }
  }
}
