package io.dualstack.impl.lease.service;

import io.dualstack.Diagnostic;
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
    JsonConfig config = JsonConfig.read(file);
    config.passOver(
        "metron_port",
        "metrics_emit_seconds",
        "log_prefix",
        "log_level",
        "max_idle_connections",
        "max_open_connections",
        "connections_max_lifetime_seconds");
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
