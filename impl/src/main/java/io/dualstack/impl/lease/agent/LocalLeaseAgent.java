package io.dualstack.impl.lease.agent;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.DualstackException;
import io.dualstack.KernelException;
import io.dualstack.LeaseConflictException;
import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.cni.datastore.SilkStore;
import io.dualstack.impl.cni.link.SourceGuard;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.kernel.HostIpv6Check;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent of one host, whose kernel state is its only state. Closing leaves device and lease
 * behind. What a failing registry does to it is decided here: a refused lease ends it at once,
 * silence only after the partition tolerance.
 */
public final class LocalLeaseAgent implements LeaseAgent {

  private static final Logger LOG = LoggerFactory.getLogger(LocalLeaseAgent.class);

  private final AgentConfig config;
  private final Namespace host;
  private final LeaseRegistry registry;
  private final Meters meters;
  private final LongSupplier nanoTime;
  private final Vtep vtep;
  private final Converger converger;
  private final SilkStore store;
  private final SourceGuard guard;
  private final CellLease lease;
  private final LeasedNetworks networks;
  private final CompletableFuture<DualstackException> failure = new CompletableFuture<>();

  private long renewedNanos;
  private @Nullable ScheduledExecutorService rounds;
  private @Nullable ScheduledFuture<?> round;
  private @Nullable HttpServer server;

  private LocalLeaseAgent(
      AgentConfig config,
      Namespace host,
      LeaseRegistry registry,
      Meters meters,
      LongSupplier nanoTime) {
    this.config = config;
    this.host = host;
    this.registry = registry;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.vtep = new Vtep(host, config.vtep(), config.underlayIp());
    this.converger = new Converger(host, config);
    this.store = new SilkStore(config.datastore());
    this.guard = new SourceGuard(host);
    // First of all, as it may refuse, and then nothing is to be changed.
    IpPrefix ipv6Prefix = CellPrefix.decide(config, () -> new HostIpv6Check().read(host));
    this.lease = findOrAcquire();
    this.renewedNanos = nanoTime.getAsLong();
    this.networks =
        new LeasedNetworks(
            lease.overlaySubnet(),
            vtep.read()
                .orElseThrow(
                    () -> new KernelException("find " + vtep.name(), "it has vanished", null))
                .mtu(),
            ipv6Prefix);
  }

  /**
   * Takes or acquires the lease and makes the overlay device. Neither polls nor serves yet.
   *
   * @param host the namespace in which the overlay device is; closed with the agent
   * @throws StoreUnavailableException if the registry is away; the device stays as it is
   * @throws LeaseConflictException if the device's lease is refused and containers depend on it
   * @throws io.dualstack.PoolExhaustedException if there is no lease to be had
   * @throws KernelException if the device can't be made; no device is left behind
   * @throws io.dualstack.InvalidConfigurationException if IPv6 is required and can't be had
   */
  public static LocalLeaseAgent start(
      AgentConfig config,
      Namespace host,
      LeaseRegistry registry,
      Meters meters,
      LongSupplier nanoTime) {
    return new LocalLeaseAgent(config, host, registry, meters, nanoTime);
  }

  /**
   * Starts an agent on the host that its configuration names, with its rounds.
   *
   * @param meters never throw
   * @throws DualstackException as {@link #start}
   */
  public static LeaseAgent open(AgentConfig config, LeaseRegistry registry, Meters meters) {
    Namespace host = Namespace.of(config.hostNamespace());
    try {
      LocalLeaseAgent agent = start(config, host, registry, meters, System::nanoTime);
      agent.startPolling();
      return agent;
    } catch (RuntimeException e) {
      host.close();
      throw e;
    }
  }

  // Starting

  private CellLease findOrAcquire() {
    Optional<Vtep.State> device = vtep.read();
    if (device.isEmpty()) {
      return acquire();
    }
    IpAddress overlayIp = device.get().overlayIp();
    if (overlayIp == null) {
      // Whoever made it was stopped halfway; no packet ever passed it.
      vtep.delete();
      return acquire();
    }
    CellLease found =
        new CellLease(
            config.underlayIp(),
            OverlayNetworks.subnetOf(config, overlayIp),
            device.get().hardwareAddress());
    if (OverlayNetworks.networkOf(config, overlayIp) == null) {
      return replace(
          new LeaseConflictException(
              found,
              null,
              "%s: the lease %s of this device is not in the overlay network"
                  .formatted(vtep.name(), found.overlaySubnet())));
    }
    try {
      registry.renew(found);
    } catch (LeaseConflictException e) {
      return replace(e);
    }
    LOG.atInfo().addKeyValue("overlay_subnet", found.overlaySubnet()).log("lease renewed");
    return found;
  }

  private CellLease replace(LeaseConflictException reason) {
    int containers = store.count();
    if (containers > 0) {
      throw new LeaseConflictException(
          reason.claimed(),
          reason.held().orElse(null),
          "%s; %d containers depend on it: stop them and start again"
              .formatted(reason.getMessage(), containers));
    }
    LOG.atWarn().addKeyValue("device", vtep.name()).log("replaced: {}", reason.getMessage());
    vtep.delete();
    return acquire();
  }

  private CellLease acquire() {
    CellLease acquired = registry.acquire(config.underlayIp(), config.kind());
    IpPrefix network = OverlayNetworks.networkOf(config, acquired.overlayIp());
    if (network == null) {
      throw new LeaseConflictException(
          acquired,
          null,
          "%s: the acquired lease is in none of the overlay networks %s; configure those of the registry"
              .formatted(acquired.overlaySubnet(), config.overlayNetworks()));
    }
    vtep.create(acquired, network);
    LOG.atInfo().addKeyValue("overlay_subnet", acquired.overlaySubnet()).log("lease acquired");
    return acquired;
  }

  @Override
  public CellLease lease() {
    return lease;
  }

  @Override
  public LeasedNetworks networks() {
    return networks;
  }

  // Rounds

  @Override
  public CompletableFuture<DualstackException> failure() {
    return failure.copy();
  }

  @Override
  public synchronized void poll() {
    keepGuard();
    if (failure.isDone() || !renew()) {
      return;
    }
    try {
      List<CellLease> leases = registry.leases();
      meters.gauge("numberLeases", leases.size());
      int changes = converger.converge(lease, leases);
      meters.count("convergeSuccess");
      if (changes > 0) {
        LOG.atInfo()
            .addKeyValue("leases", leases.size())
            .addKeyValue("changes", changes)
            .log("converged");
      }
    } catch (DualstackException e) {
      meters.count("convergeFailure");
      LOG.atError().log("not converged: {}", e.getMessage());
    }
  }

  /**
   * Whatever the registry says: who flushes the firewall must not set containers free. Nor may a
   * plugin that is stuck with the file of containers keep the lease from being renewed.
   */
  private void keepGuard() {
    try {
      store.ifAnyHasIpv6(
          () -> {
            if (guard.restore()) {
              meters.count("guardRestored");
              LOG.atWarn().log("the rules against forged sources had been changed; restored");
            }
          });
    } catch (IOException | DualstackException e) {
      LOG.atError().log("the rules against forged sources can't be kept: {}", e.getMessage());
    }
  }

  private boolean renew() {
    try {
      registry.renew(lease);
    } catch (LeaseConflictException e) {
      meters.count("renewFailure");
      fail(e);
      return false;
    } catch (DualstackException e) {
      meters.count("renewFailure");
      Duration away = Duration.ofNanos(nanoTime.getAsLong() - renewedNanos);
      if (away.compareTo(config.partitionTolerance()) >= 0) {
        fail(
            new StoreUnavailableException(
                "the lease %s could not be renewed for %s, which is longer than tolerated; the cell must be restarted: %s"
                    .formatted(lease.overlaySubnet(), away, e.getMessage()),
                false,
                e));
      } else {
        LOG.atWarn().addKeyValue("away", away).log("not renewed: {}", e.getMessage());
      }
      return false;
    }
    renewedNanos = nanoTime.getAsLong();
    meters.count("renewSuccess");
    return true;
  }

  private void fail(DualstackException reason) {
    LOG.atError().log("the cell can't go on: {}", reason.getMessage());
    failure.complete(reason);
  }

  /** Begins to poll, at once and then in the configured interval. */
  public synchronized void startPolling() {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "lease-agent"));
    rounds = thread;
    round =
        thread.scheduleWithFixedDelay(
            this::pollAndGoOn, 0, config.pollInterval().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A round that fails in an unknown way must not be the last. */
  private void pollAndGoOn() {
    try {
      poll();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("round failed");
    }
  }

  // Serving

  /**
   * Tells plugins the networks: the answer to any request that is for none of the other paths.
   *
   * @param address where to listen; port 0 picks a free one
   * @param others who answers at other paths
   * @return where it listens
   * @throws IOException if it can't listen there
   */
  public synchronized InetSocketAddress serve(
      InetSocketAddress address, Map<String, HttpHandler> others) throws IOException {
    byte[] body = NetworksJson.of(networks);
    HttpHandler plugins = exchange -> Plain.send(exchange, 200, Plain.TEXT, body);
    server =
        Plain.start(
            address,
            exchange ->
                others.getOrDefault(exchange.getRequestURI().getPath(), plugins).handle(exchange));
    return server.getAddress();
  }

  // Ending

  @Override
  public void leave() {
    close();
    try (Namespace again = Namespace.of(config.hostNamespace())) {
      tearDown(config, again, registry);
    }
  }

  @Override
  public void close() {
    ScheduledExecutorService thread;
    synchronized (this) {
      thread = rounds;
      rounds = null;
      if (round != null) {
        round.cancel(true);
        round = null;
      }
      if (server != null) {
        server.stop(0);
        server = null;
      }
    }
    if (thread != null) {
      thread.shutdownNow();
    }
    host.close();
  }

  /**
   * Gives up what a cell has: its lease and its device. Both are tried.
   *
   * @throws DualstackException the first failure, with the other as suppressed
   */
  public static void tearDown(AgentConfig config, Namespace host, LeaseRegistry registry) {
    DualstackException first = null;
    try {
      registry.release(config.underlayIp());
    } catch (DualstackException e) {
      first = e;
    }
    try {
      new Vtep(host, config.vtep(), config.underlayIp()).delete();
    } catch (DualstackException e) {
      if (first == null) {
        first = e;
      } else {
        first.addSuppressed(e);
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
