package io.dualstack.impl.policy.service;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.Meters;
import io.dualstack.impl.http.Health;
import io.dualstack.impl.http.Listening;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.impl.metrics.MetricsServer;
import io.dualstack.impl.metrics.PrometheusMeters;
import io.dualstack.impl.policy.cloud.CloudController;
import io.dualstack.impl.policy.cloud.LatestUpdate;
import io.dualstack.impl.policy.cloud.Uaa;
import io.dualstack.impl.policy.http.ExternalPolicyApi;
import io.dualstack.impl.policy.http.InternalPolicyServer;
import io.dualstack.impl.policy.sync.RepeatedSync;
import io.dualstack.impl.policy.sync.SecurityGroupSync;
import io.dualstack.impl.policy.sync.StalePolicies;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policy server: what its configuration asks for of APIs, sync, health and metrics. */
public final class PolicyService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyService.class);

  /** People's requests wait for UAA and Cloud Controller most of the time. */
  private static final int THREADS = 32;

  private static final MutualTls.Names NAMES =
      new MutualTls.Names("/ca_cert_file", "/server_cert_file", "/server_key_file");

  private static final MutualTls.Names CONTROLLER_NAMES =
      new MutualTls.Names(
          "/cc_internal_ca_cert", "/cc_internal_client_cert", "/cc_internal_client_key");

  private final PolicyServerConfig config;
  private final PolicyStore store;
  private final Meters meters;
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private int internalPort = -1;
  private int externalPort = -1;

  private PolicyService(PolicyServerConfig config, PolicyStore store) {
    this.config = config;
    this.store = store;
    @Nullable PrometheusMeters prometheus =
        config.metrics().isNowhere()
            ? null
            : PrometheusMeters.of("/debug_server_port", "policy_server");
    this.meters = prometheus == null ? Meters.NONE : prometheus;
    try {
      @Nullable MutualTls tls = config.files() == null ? null : tls(config.files(), NAMES);
      if (!config.health().isNowhere()) {
        ending(
            config
                .health()
                .open(
                    address ->
                        Health.startWithUptime(
                            address, "Network policy server", store::lastUpdated)));
      }
      if (prometheus != null) {
        ending(
            config
                .metrics()
                .open(address -> MetricsServer.start(address, prometheus, this::report)));
      }
      startCloud(tls);
      if (config.internalPort() >= 0 && tls != null) {
        TlsServer server =
            Listening.at(
                "/internal_listen_port",
                listen(config.internalPort()),
                address -> InternalPolicyServer.start(address, tls, store, meters));
        ends.push(server::close);
        internalPort = server.address().getPort();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts the service.
   *
   * @param store where policies are kept; closed by whoever opened it
   * @throws io.dualstack.InvalidConfigurationException if a certificate can't be used, or it can't
   *     listen where it should
   */
  public static PolicyService start(PolicyServerConfig config, PolicyStore store) {
    return new PolicyService(config, store);
  }

  private static MutualTls tls(PolicyServerConfig.Files files, MutualTls.Names names) {
    return MutualTls.read(files.ca(), files.certificate(), files.key(), names);
  }

  private InetSocketAddress listen(int port) {
    return Listening.address(config.listenHost(), port);
  }

  private void ending(HttpServer plain) {
    ends.push(() -> plain.stop(0));
  }

  private void report() {
    meters.gauge("totalPolicies", (double) store.policies(PolicyFilter.ALL).size());
    meters.gauge("totalTags", (double) store.groups().size());
  }

  // What needs UAA and Cloud Controller

  private void startCloud(@Nullable MutualTls tls) {
    PolicyServerConfig.Cloud cloud = config.cloud();
    if (cloud == null) {
      return;
    }
    Uaa uaa =
        new Uaa(remote(cloud.uaa(), cloud.uaaCa(), "/uaa_ca"), cloud.client(), cloud.secret());
    CloudController controller =
        new CloudController(
            remote(cloud.controller(), cloud.controllerCa(), "/cc_ca_cert"),
            uaa::ownToken,
            cloud.appsPerRequest());
    ScheduledExecutorService rounds =
        Executors.newScheduledThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "policy-server-rounds");
              thread.setDaemon(true);
              return thread;
            });
    ends.push(rounds::shutdownNow);
    PolicyServerConfig.External external = config.external();
    if (external != null) {
      serve(external, new ExternalPolicyApi(store, uaa, controller, external.rules(), meters), tls);
      StalePolicies stale = new StalePolicies(store, controller);
      repeat(rounds, external.cleanupInterval(), external.cleanupInterval(), () -> cleanUp(stale));
    }
    PolicyServerConfig.Sync sync = config.sync();
    if (sync != null) {
      LatestUpdate latest =
          new LatestUpdate(
              RemoteService.of(
                  sync.controller(), cloud.timeout(), tls(sync.files(), CONTROLLER_NAMES)));
      repeat(
          rounds,
          Duration.ZERO,
          sync.interval(),
          new RepeatedSync(
              new SecurityGroupSync(latest, controller, store),
              sync.retryDeadline(),
              meters,
              System::nanoTime));
    }
  }

  private static void repeat(
      ScheduledExecutorService rounds, Duration first, Duration interval, Runnable round) {
    Objects.requireNonNull(
        rounds.scheduleWithFixedDelay(
            round, first.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS));
  }

  private RemoteService remote(URI url, @Nullable Path ca, String name) {
    return RemoteService.of(
        url,
        Objects.requireNonNull(config.cloud()).timeout(),
        ca == null ? null : MutualTls.trustOnly(ca, name));
  }

  private void serve(
      PolicyServerConfig.External external, ExternalPolicyApi api, @Nullable MutualTls tls) {
    InetSocketAddress where = listen(external.port());
    if (external.tls() && tls != null) {
      TlsServer server =
          Listening.at(
              "/listen_port",
              where,
              address -> TlsServer.start(address, tls, "policy-server", api));
      ends.push(server::close);
      externalPort = server.address().getPort();
    } else {
      HttpServer server =
          Listening.at("/listen_port", where, address -> Plain.start(address, THREADS, api));
      ending(server);
      externalPort = server.getAddress().getPort();
    }
  }

  private void cleanUp(StalePolicies stale) {
    try {
      int deleted = stale.delete().size();
      meters.gauge("stalePoliciesDeleted", deleted);
    } catch (RuntimeException e) {
      // Whoever runs this again and again would stop at an exception, without a word.
      meters.count("policyCleanupFailure");
      LOG.atWarn().log("stale policies not looked for: {}", e.getMessage());
    }
  }

  /** Returns the port of the internal API; empty when it is not served. */
  public OptionalInt internalPort() {
    return internalPort < 0 ? OptionalInt.empty() : OptionalInt.of(internalPort);
  }

  /** Returns the port of the external API; empty when it is not served. */
  public OptionalInt externalPort() {
    return externalPort < 0 ? OptionalInt.empty() : OptionalInt.of(externalPort);
  }

  /** Says whether security groups follow Cloud Controller. */
  public boolean syncs() {
    return config.sync() != null;
  }

  @Override
  public void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
  }
}
