package io.dualstack.impl.lease.service;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.Meters;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.http.Health;
import io.dualstack.impl.http.Listening;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.impl.lease.http.LeaseServer;
import io.dualstack.impl.lease.registry.LeaseUsage;
import io.dualstack.impl.lease.registry.StoreLeaseRegistry;
import io.dualstack.impl.metrics.MetricsServer;
import io.dualstack.impl.metrics.PrometheusMeters;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The controller: a registry over a store, served with its health and its metrics. */
public final class LeaseService implements AutoCloseable {

  private static final MutualTls.Names NAMES =
      new MutualTls.Names("/ca_cert_file", "/server_cert_file", "/server_key_file");

  private final Deque<Runnable> ends = new ArrayDeque<>();
  private final TlsServer server;

  private LeaseService(ControllerConfig config, AllocationStore store) {
    MutualTls tls =
        MutualTls.read(config.caCertificate(), config.certificate(), config.key(), NAMES);
    @Nullable PrometheusMeters meters =
        config.metrics().isNowhere()
            ? null
            : PrometheusMeters.of("/debug_server_port", "silk_controller");
    StoreLeaseRegistry registry =
        new StoreLeaseRegistry(store, config.pool(), Clock.systemUTC(), new SecureRandom());
    try {
      if (!config.health().isNowhere()) {
        ending(config.health().open(address -> Health.start(address, registry::probe)));
      }
      if (meters != null) {
        ending(serveMetrics(config, registry, meters));
      }
      server =
          Listening.at(
              "/listen_port",
              Listening.address(config.listenHost(), config.listenPort()),
              address ->
                  LeaseServer.start(address, tls, registry, meters == null ? Meters.NONE : meters));
      ends.push(server::close);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static HttpServer serveMetrics(
      ControllerConfig config, StoreLeaseRegistry registry, PrometheusMeters meters) {
    return config
        .metrics()
        .open(
            address ->
                MetricsServer.start(
                    address, meters, () -> report(registry.usage(config.staleAfter()), meters)));
  }

  private static void report(LeaseUsage usage, PrometheusMeters meters) {
    meters.gauge("totalLeases", (double) usage.total());
    meters.gauge("freeLeases", (double) usage.freeBlocks());
    meters.gauge("staleLeases", (double) usage.stale());
  }

  /**
   * Starts the service.
   *
   * @param store where leases are kept; closed by whoever opened it
   * @throws io.dualstack.InvalidConfigurationException if a certificate can't be used, or it can't
   *     listen where it should
   */
  public static LeaseService start(ControllerConfig config, AllocationStore store) {
    return new LeaseService(config, store);
  }

  private void ending(HttpServer plain) {
    ends.push(() -> plain.stop(0));
  }

  /** Returns where the API listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }
}
