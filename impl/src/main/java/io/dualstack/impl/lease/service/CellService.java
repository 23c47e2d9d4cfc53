package io.dualstack.impl.lease.service;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.Meters;
import io.dualstack.impl.cell.CellInstances;
import io.dualstack.impl.cell.InstancesHandler;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.lease.agent.LocalLeaseAgent;
import io.dualstack.impl.lease.http.HttpLeaseRegistry;
import io.dualstack.impl.metrics.MetricsServer;
import io.dualstack.impl.metrics.PrometheusMeters;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeaseRegistry;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The daemon: an agent whose registry is behind HTTP, with what it tells plugins and metrics. */
public final class CellService implements AutoCloseable {

  private static final MutualTls.Names NAMES =
      new MutualTls.Names("/ca_cert_file", "/client_cert_file", "/client_key_file");

  private final LocalLeaseAgent agent;
  private final CellInstances instances;
  private final Meters meters;
  private final InetSocketAddress address;
  private final @Nullable HttpServer metrics;

  private CellService(
      LocalLeaseAgent agent,
      CellInstances instances,
      Meters meters,
      InetSocketAddress address,
      @Nullable HttpServer metrics) {
    this.agent = agent;
    this.instances = instances;
    this.meters = meters;
    this.address = address;
    this.metrics = metrics;
  }

  /**
   * Starts the agent, its rounds and its servers.
   *
   * @param host the namespace of the cell
   * @throws io.dualstack.InvalidConfigurationException if a certificate can't be used, or it can't
   *     listen where it should
   */
  public static CellService start(DaemonConfig config, Namespace host) {
    @Nullable PrometheusMeters prometheus =
        config.metrics().isNowhere()
            ? null
            : PrometheusMeters.of("/debug_server_port", "silk_daemon");
    Meters meters = prometheus == null ? Meters.NONE : prometheus;
    LocalLeaseAgent agent =
        LocalLeaseAgent.start(config.agent(), host, registry(config), meters, System::nanoTime);
    try {
      CellInstances instances =
          new CellInstances(
              config.agent().underlayIp(), config.agent().datastore(), config.containerMetadata());
      InetSocketAddress address =
          config
              .plugins()
              .open(
                  where ->
                      agent.serve(
                          where, Map.of(InstancesHandler.PATH, new InstancesHandler(instances))));
      HttpServer metrics = prometheus == null ? null : serveMetrics(config, prometheus);
      agent.startPolling();
      return new CellService(agent, instances, meters, address, metrics);
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  private static HttpServer serveMetrics(DaemonConfig config, PrometheusMeters meters) {
    return config.metrics().open(where -> MetricsServer.start(where, meters, () -> {}));
  }

  /** Gives up the cell's lease and removes its overlay device. */
  public static void tearDown(DaemonConfig config, Namespace host) {
    LocalLeaseAgent.tearDown(config.agent(), host, registry(config));
  }

  private static LeaseRegistry registry(DaemonConfig config) {
    return HttpLeaseRegistry.open(config.registry(), NAMES);
  }

  public LeaseAgent agent() {
    return agent;
  }

  /** Returns the containers that the cell has attached. */
  public CellInstances instances() {
    return instances;
  }

  /** Returns what is served as metrics. */
  public Meters meters() {
    return meters;
  }

  /** Returns where plugins ask. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    if (metrics != null) {
      metrics.stop(0);
    }
    agent.close();
  }
}
