package io.dualstack.impl.lease.service;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.ignored;
import static io.dualstack.impl.config.ConfigKeys.keys;

import io.dualstack.Diagnostic;
import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.JsonConfig;
import io.dualstack.impl.http.Listener;
import io.dualstack.impl.http.Listening;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the Silk controller's configuration file says.
 *
 * @param listenHost where the API listens
 * @param listenPort where the API listens; 0 picks a free port
 * @param caCertificate the authorities of clients
 * @param certificate the server's certificate
 * @param key the certificate's key
 * @param pool the overlay network
 * @param store where leases are kept
 * @param health where health listens
 * @param metrics where metrics listen
 * @param staleAfter when a lease counts as stale
 * @param warnings what is accepted but probably not meant
 */
public record ControllerConfig(
    String listenHost,
    int listenPort,
    Path caCertificate,
    Path certificate,
    Path key,
    LeasePool pool,
    String store,
    Listener health,
    Listener metrics,
    Duration staleAfter,
    List<Diagnostic> warnings) {
  /** All that the file may say. */
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys(
              "network, subnet_prefix_length",
              "the overlay network, and the length of a cell's block (1 to 30); the first block is leased as single addresses",
              "the former required; 24"),
          keys("lease_expiration_seconds", "how long a lease lasts after it was renewed", "604800"),
          keys(
              "store",
              "where leases are kept, as for `--store`; stands in for the controller's `database`",
              REQUIRED),
          keys(
              "listen_host, listen_port",
              "where the API listens, with mutual TLS; see [Where services listen](#where-services-listen)",
              "0.0.0.0, 4103"),
          keys(
              "ca_cert_file, server_cert_file, server_key_file",
              "the authorities of clients; the server's certificate and key",
              REQUIRED),
          keys(
              "health_check_host, health_check_port",
              "`GET /health`: 200 while the store answers",
              "127.0.0.1, nowhere"),
          keys(
              "debug_server_host, debug_server_port",
              "`GET /metrics`, in Prometheus' text format",
              "127.0.0.1, nowhere"),
          keys("staleness_threshold_seconds", "when a lease counts as stale", "3600"),
          ignored(
              "database, metron_port, metrics_emit_seconds, log_prefix, log_level, max_idle_connections, max_open_connections, connections_max_lifetime_seconds"));

  static final int MAX_PORT = 65_535;

  private static final IpPrefix ANY = IpPrefix.parse("0.0.0.0/0");

  /** Copies the warnings. */
  public ControllerConfig {
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a file.
   *
   * @throws java.io.UncheckedIOException if it can't be read
   * @throws io.dualstack.InvalidConfigurationException with all faults in it
   */
  public static ControllerConfig read(Path file) {
    JsonConfig config = JsonConfig.read(file, KEYS);
    String host = config.optionalParsed("listen_host", Listening::host).orElse("0.0.0.0");
    int port = config.number("listen_port", 0, MAX_PORT, 4103);
    String ca = config.text("ca_cert_file");
    String certificate = config.text("server_cert_file");
    String key = config.text("server_key_file");
    IpPrefix network = config.parsed("network", IpPrefix::parse, ANY);
    int length = config.number("subnet_prefix_length", 1, LeasePool.MAX_SUBNET_PREFIX_LENGTH, 24);
    int expiry =
        config.number(
            "lease_expiration_seconds",
            1,
            Integer.MAX_VALUE,
            (int) LeasePool.DEFAULT_EXPIRY.toSeconds());
    int stale = config.number("staleness_threshold_seconds", 1, Integer.MAX_VALUE, 3600);
    Listener health = Listener.read(config, "health_check", 0, -1);
    Listener metrics = Listener.read(config, "debug_server", 0, -1);
    String store = config.store();
    return config.finish(
        "subnet_prefix_length",
        () ->
            new ControllerConfig(
                host,
                port,
                Path.of(ca),
                Path.of(certificate),
                Path.of(key),
                new LeasePool(network, length, Duration.ofSeconds(expiry)),
                store,
                health,
                metrics,
                Duration.ofSeconds(stale),
                config.warnings()));
  }
}
