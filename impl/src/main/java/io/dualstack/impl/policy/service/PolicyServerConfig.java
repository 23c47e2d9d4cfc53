package io.dualstack.impl.policy.service;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.ignored;
import static io.dualstack.impl.config.ConfigKeys.keys;

import io.dualstack.Diagnostic;
import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.JsonConfig;
import io.dualstack.impl.http.Listener;
import io.dualstack.impl.http.Listening;
import io.dualstack.impl.policy.http.ExternalPolicyApi;
import io.dualstack.net.PortRange;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration file of the policy server says: of the external API, of the internal one, of
 * the sync of security groups, or of several of these in one file.
 *
 * @param listenHost where the APIs listen
 * @param store where policies are kept
 * @param tagLength the bytes of a tag
 * @param files the certificates of the APIs; null when none is served with TLS
 * @param internalPort where the internal API listens; -1 for nowhere, 0 picks a free port
 * @param external the external API; null when it is not served
 * @param cloud UAA and Cloud Controller; null when nobody is asked
 * @param sync the sync of security groups; null when it is not done
 * @param health where health listens
 * @param metrics where metrics listen
 * @param warnings what is accepted but probably not meant
 */
public record PolicyServerConfig(
    String listenHost,
    String store,
    int tagLength,
    @Nullable Files files,
    int internalPort,
    @Nullable External external,
    @Nullable Cloud cloud,
    @Nullable Sync sync,
    Listener health,
    Listener metrics,
    List<Diagnostic> warnings) {
  /** All that the file may say. */
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys(
              "store",
              "`sqlite:/path/file`, [`jdbc:postgresql://host/database`](#postgresql),"
                  + " [`jdbc:mariadb://host/database`](#mariadb) or `memory:`; ours",
              REQUIRED),
          keys("listen_host", "see [Where services listen](#where-services-listen)", "`0.0.0.0`"),
          keys("tag_length", "bytes of a tag, 1 to 3", "2"),
          keys(
              "internal_listen_port",
              "the API for cells, with mutual TLS (4003 in the job)",
              "not served"),
          keys("listen_port", "the API for people (4002 in the job)", "not served"),
          keys("enable_tls", "mutual TLS for people too", "false"),
          keys(
              "ca_cert_file, server_cert_file, server_key_file",
              "the authorities of clients; certificate and key",
              "required with TLS"),
          keys(
              "uaa_url, uaa_port, uaa_ca, uaa_client, uaa_client_secret",
              "who verifies tokens; the authorities are the system's without `uaa_ca`",
              "required for people and sync"),
          keys("cc_url, cc_ca_cert", "Cloud Controller", "required for people and sync"),
          keys(
              "max_policies",
              "of how many policies an application may be the source; not for administrators",
              "150"),
          keys(
              "enable_space_developer_self_service, allowed_cors_domains",
              "developers need no scope; whose pages may call",
              "false; none"),
          keys(
              "cleanup_interval",
              "seconds between two looks for policies of applications that are gone",
              "60"),
          keys(
              "cc_app_request_chunk_size, request_timeout",
              "applications in one question; seconds of a call",
              "100; 5"),
          keys(
              "cc_internal_url",
              "Cloud Controller's internal API, which tells when security groups changed: switches their sync on",
              "no sync"),
          keys(
              "cc_internal_ca_cert, cc_internal_client_cert, cc_internal_client_key",
              "for that API",
              "required with it"),
          keys(
              "asg_poll_interval_seconds, retry_deadline_seconds",
              "between two cycles; after how long without success it is an error",
              "60; 300"),
          keys("health_check_host, health_check_port", "`GET /health`", "127.0.0.1, nowhere"),
          keys("debug_server_host, debug_server_port", "`GET /metrics`", "127.0.0.1, nowhere"),
          keys("skip_ssl_validation", "known, without effect: certificates are always checked", ""),
          ignored(
              "database, database_migration_timeout, max_idle_connections, max_open_connections, connections_max_lifetime_seconds, metron_address, log_level, log_prefix, uuid, asg_sync_interval, locket, locket_address, locket_ca_cert_file, locket_client_cert_file, locket_client_key_file"));

  /** Copies the warnings. */
  public PolicyServerConfig {
    warnings = List.copyOf(warnings);
  }

  /** The authorities of clients, and a certificate with its key. */
  public record Files(Path ca, Path certificate, Path key) {}

  /**
   * The external API.
   *
   * @param port where it listens; 0 picks a free port
   * @param tls whether with mutual TLS
   * @param rules what operators decide
   * @param cleanupInterval after how long policies of applications that are gone are looked for
   */
  public record External(
      int port, boolean tls, ExternalPolicyApi.Rules rules, Duration cleanupInterval) {}

  /**
   * UAA and Cloud Controller.
   *
   * @param uaa where UAA is
   * @param uaaCa its authorities; null for the system's
   * @param client the name of the policy server's client
   * @param secret the client's secret
   * @param controller where Cloud Controller is
   * @param controllerCa its authorities; null for the system's
   * @param appsPerRequest how many applications are asked for at once
   * @param timeout how long a call may take
   */
  public record Cloud(
      URI uaa,
      @Nullable Path uaaCa,
      String client,
      String secret,
      URI controller,
      @Nullable Path controllerCa,
      int appsPerRequest,
      Duration timeout) {
    @Override
    public String toString() {
      return "Cloud[uaa=%s, client=%s, controller=%s]".formatted(uaa, client, controller);
    }
  }

  /**
   * The sync of security groups.
   *
   * @param controller where Cloud Controller's internal API is
   * @param files its authorities, and this service's certificate and key
   * @param interval between two cycles
   * @param retryDeadline after how long without success it is an error
   */
  public record Sync(URI controller, Files files, Duration interval, Duration retryDeadline) {}

  /**
   * Reads a file.
   *
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws io.dualstack.InvalidConfigurationException with all faults in it
   */
  public static PolicyServerConfig read(Path file) {
    JsonConfig config = JsonConfig.read(file, KEYS);
    String host = config.optionalParsed("listen_host", Listening::host).orElse("0.0.0.0");
    String store = config.store();
    int tagLength = config.number("tag_length", 1, 3, 2);
    int internalPort = config.number("internal_listen_port", 0, PortRange.MAX, -1);
    @Nullable External external = external(config);
    @Nullable Sync sync = sync(config);
    @Nullable Cloud cloud = external == null && sync == null ? null : cloud(config);
    boolean tls = internalPort >= 0 || (external != null && external.tls());
    @Nullable Files files =
        files(config, "ca_cert_file", "server_cert_file", "server_key_file", tls);
    Listener health = Listener.read(config, "health_check", 0, -1);
    Listener metrics = Listener.read(config, "debug_server", 0, -1);
    if (internalPort < 0 && external == null && sync == null && !config.has("listen_port")) {
      config.fault(
          "internal_listen_port",
          "ConfigValueMissing",
          "is missing, and so are listen_port and cc_internal_url: there is nothing to do; give one"
              + " of them");
    }
    return config.finish(
        "internal_listen_port",
        () ->
            new PolicyServerConfig(
                host,
                store,
                tagLength,
                files,
                internalPort,
                external,
                cloud,
                sync,
                health,
                metrics,
                config.warnings()));
  }

  private static @Nullable External external(JsonConfig config) {
    int port = config.number("listen_port", 0, PortRange.MAX, -1);
    boolean tls = config.flag("enable_tls").orElse(false);
    int most = config.number("max_policies", 1, Integer.MAX_VALUE, 150);
    boolean selfService = config.flag("enable_space_developer_self_service").orElse(false);
    List<String> domains = config.optionalTexts("allowed_cors_domains");
    int cleanup = config.number("cleanup_interval", 1, Integer.MAX_VALUE, 60);
    return port < 0
        ? null
        : new External(
            port,
            tls,
            new ExternalPolicyApi.Rules(most, selfService, Set.copyOf(domains)),
            Duration.ofSeconds(cleanup));
  }

  private static final URI NOWHERE = URI.create("http://nowhere.invalid");

  private static @Nullable Sync sync(JsonConfig config) {
    int interval = config.number("asg_poll_interval_seconds", 1, Integer.MAX_VALUE, 60);
    int deadline = config.number("retry_deadline_seconds", 1, Integer.MAX_VALUE, 300);
    Optional<URI> controller = config.optionalParsed("cc_internal_url", PolicyServerConfig::url);
    @Nullable Files files =
        files(
            config,
            "cc_internal_ca_cert",
            "cc_internal_client_cert",
            "cc_internal_client_key",
            config.has("cc_internal_url"));
    return controller.isEmpty() || files == null
        ? null
        : new Sync(
            controller.get(), files, Duration.ofSeconds(interval), Duration.ofSeconds(deadline));
  }

  private static @Nullable Cloud cloud(JsonConfig config) {
    URI uaa = config.parsed("uaa_url", PolicyServerConfig::url, NOWHERE);
    int uaaPort = config.number("uaa_port", 1, PortRange.MAX, -1);
    Optional<String> uaaCa = config.optionalText("uaa_ca");
    String client = config.text("uaa_client");
    String secret = config.text("uaa_client_secret");
    URI controller = config.parsed("cc_url", PolicyServerConfig::url, NOWHERE);
    Optional<String> controllerCa = config.optionalText("cc_ca_cert");
    int apps = config.number("cc_app_request_chunk_size", 1, 10_000, 100);
    int timeout = config.number("request_timeout", 1, Integer.MAX_VALUE, 5);
    return new Cloud(
        uaaPort < 0 ? uaa : withPort(uaa, uaaPort),
        uaaCa.map(Path::of).orElse(null),
        client,
        secret,
        controller,
        controllerCa.map(Path::of).orElse(null),
        apps,
        Duration.ofSeconds(timeout));
  }

  private static @Nullable Files files(
      JsonConfig config, String ca, String certificate, String key, boolean needed) {
    return needed
        ? new Files(
            Path.of(config.text(ca)), Path.of(config.text(certificate)), Path.of(config.text(key)))
        : null;
  }

  private static URI url(String text) {
    URI url = URI.create(text);
    if (url.getHost() == null
        || !Set.of("http", "https").contains(String.valueOf(url.getScheme()))) {
      throw new IllegalArgumentException(
          text + ": is no address of a server; write https://host:port");
    }
    return url;
  }

  private static URI withPort(URI url, int port) {
    return URI.create("%s://%s:%d".formatted(url.getScheme(), url.getHost(), port));
  }
}
