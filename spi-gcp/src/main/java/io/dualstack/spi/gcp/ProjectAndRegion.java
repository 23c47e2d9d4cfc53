package io.dualstack.spi.gcp;

import com.google.api.client.http.HttpTransport;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which project and region: as set or in the environment, else of the credentials, else of gcloud's
 * configuration, else of the machine that this runs on. Looked for when they are first needed,
 * since that may go over the network. Thread-safe.
 */
final class ProjectAndRegion {
  private final GcpSettings settings;
  private final GcpAccess access;
  private final Map<String, String> environment;
  private final Path home;
  private final HttpTransport transport;
  private @Nullable String project;
  private @Nullable String region;

  ProjectAndRegion(
      GcpSettings settings,
      GcpAccess access,
      Map<String, String> environment,
      Path home,
      HttpTransport transport) {
    this.settings = settings;
    this.access = access;
    this.environment = environment;
    this.home = home;
    this.transport = transport;
    this.project = settings.project();
    this.region = settings.region();
  }

  /**
   * Returns the project.
   *
   * @throws ProviderException with {@link Reason#NOT_CONFIGURED} if nobody tells
   */
  synchronized String project() {
    String known = project;
    if (known == null) {
      known =
          access
              .projectOfCredentials()
              .or(() -> gcloud("core", "project", GcpSettings.PROJECT))
              .or(() -> metadata("project/project-id", GcpSettings.PROJECT))
              .orElseThrow(() -> missing("project", "GOOGLE_CLOUD_PROJECT"));
      project = known;
    }
    return known;
  }

  /**
   * Returns the region.
   *
   * @throws ProviderException with {@link Reason#NOT_CONFIGURED} if nobody tells
   */
  synchronized String region() {
    String known = region;
    if (known == null) {
      known =
          gcloud("compute", "region", GcpSettings.NAME)
              .or(() -> gcloud("compute", "zone", GcpSettings.NAME).map(ProjectAndRegion::regionOf))
              .or(
                  () ->
                      metadata("instance/zone", null)
                          .map(Reservation::lastSegment)
                          .map(ProjectAndRegion::regionOf))
              .orElseThrow(() -> missing("region", "CLOUDSDK_COMPUTE_REGION"));
      region = known;
    }
    return known;
  }

  private Optional<String> gcloud(String section, String key, Pattern rule) {
    return new GcloudConfiguration(environment, home)
        .value(section, key)
        .filter(value -> rule.matcher(value).matches());
  }

  /** Who has an endpoint of his own and no credentials isn't on Google's machines. */
  private Optional<String> metadata(String path, @Nullable Pattern rule) {
    return settings.anonymous()
        ? Optional.empty()
        : new MachineMetadata(transport, environment)
            .value(path)
            .filter(value -> rule == null || rule.matcher(value).matches());
  }

  private static String regionOf(String zone) {
    return zone.replaceFirst("-[a-z]$", "");
  }

  private static ProviderException missing(String setting, String variable) {
    return new ProviderException(
        GcpNetworkProvider.NAME,
        Reason.NOT_CONFIGURED,
        false,
        ("setting %s is missing, and neither credentials nor gcloud nor this machine tell it; set it,"
                + " or the environment variable %s")
            .formatted(setting, variable),
        null);
  }
}
