package io.dualstack.impl.routing.registrar;

import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.routing.nats.MessageBus;
import io.dualstack.routing.RouteAudience;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route registrar: each route is looked at when it starts and in its own interval, and
 * registered while it is healthy. It greets nobody, and takes all routes back once when it ends.
 *
 * <p>Other than the original it goes on while NATS is away, also at the start, and tells all there
 * is as soon as it is back.
 */
public final class RegisterService implements AutoCloseable, MessageBus.Events {
  private static final Logger LOG = LoggerFactory.getLogger(RegisterService.class);

  private static final MutualTls.Names NAMES =
      new MutualTls.Names(
          "/nats_mtls_config/ca_path", "/nats_mtls_config/cert_path", "/nats_mtls_config/key_path");

  /** Health checks wait for others beyond so many. */
  private static final int MOST_THREADS = 32;

  private final List<RouteTurn> turns;
  private final ScheduledExecutorService rounds;
  private final Set<String> obstacles = new HashSet<>();
  private final Object opening = new Object();
  private @Nullable MessageBus bus;

  private RegisterService(RegisterConfig config) {
    String instance = UUID.randomUUID().toString();
    turns =
        config.routes().stream()
            .map(
                route ->
                    new RouteTurn(
                        route,
                        route.message(instance, config.availabilityZone()),
                        config.unregistrations(),
                        this::publish))
            .toList();
    rounds =
        Executors.newScheduledThreadPool(
            Math.min(MOST_THREADS, turns.size() + 1),
            task -> {
              Thread thread = new Thread(task, "route-registrar");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts to register; NATS need not be there yet.
   *
   * @throws io.dualstack.MissingDependencyException without the client of NATS
   * @throws io.dualstack.InvalidConfigurationException naming every file for TLS that can't be used
   */
  public static RegisterService start(RegisterConfig config) {
    RegisterService service = new RegisterService(config);
    synchronized (service.opening) {
      service.bus = MessageBus.open(config.nats(), NAMES, Set.of(), service);
    }
    for (RouteTurn turn : service.turns) {
      Objects.requireNonNull(
          service.rounds.scheduleAtFixedRate(
              () -> look(turn), 0, turn.route().interval().toNanos(), TimeUnit.NANOSECONDS));
    }
    return service;
  }

  private static void look(RouteTurn turn) {
    try {
      turn.look();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // Whoever runs this again and again would stop at an exception, without a word.
      LOG.atError().addKeyValue("route", turn.route().name()).setCause(e).log("not looked at");
    }
  }

  /** What can't be told is told when there is a connection. */
  private boolean publish(String subject, byte[] message) {
    synchronized (opening) {
      try {
        Objects.requireNonNull(bus).publish(subject, message);
        return true;
      } catch (IllegalStateException e) {
        LOG.atDebug().setCause(e).log("not told to NATS");
        return false;
      }
    }
  }

  @Override
  public void connected() {
    synchronized (obstacles) {
      obstacles.clear();
    }
    try {
      rounds.execute(() -> turns.forEach(RouteTurn::tell));
    } catch (RejectedExecutionException e) {
      LOG.atDebug().log("connected to NATS while ending");
    }
  }

  @Override
  public void disconnected() {
    // Said by the bus already; what is not told meanwhile is told by connected().
  }

  @Override
  public void kept(String obstacle) {
    synchronized (obstacles) {
      if (obstacles.add(obstacle)) {
        LOG.atWarn().log(obstacle);
      }
    }
  }

  @Override
  public void started(RouteAudience audience, byte[] start) {
    throw new IllegalStateException("nobody was asked");
  }

  @Override
  public void answered(RouteAudience audience, byte[] start) {
    throw new IllegalStateException("nobody was asked");
  }

  @Override
  public void close() {
    rounds.shutdownNow();
    turns.forEach(RouteTurn::stop);
    awaitChecks();
    MessageBus ended;
    synchronized (opening) {
      ended = bus;
    }
    if (ended != null) {
      ended.close();
    }
  }

  /** Scripts that run are killed by those who wait for them. */
  private void awaitChecks() {
    try {
      if (!rounds.awaitTermination(1, TimeUnit.SECONDS)) {
        LOG.atWarn().log("a health check goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
