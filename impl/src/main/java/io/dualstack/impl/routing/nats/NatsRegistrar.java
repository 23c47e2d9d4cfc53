package io.dualstack.impl.routing.nats;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.MissingDependencyException;
import io.dualstack.RouteRefusedException;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.routing.WireRouteFormats;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouteRegistrar;
import io.dualstack.routing.RouteRegistration;
import io.dualstack.routing.RouterStart;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link RegistrationCycle} by the clock, and tells NATS what it says. */
public final class NatsRegistrar implements RouteRegistrar, MessageBus.Events {
  private static final Logger LOG = LoggerFactory.getLogger(NatsRegistrar.class);

  private static final MutualTls.Names NAMES =
      new MutualTls.Names("tls.ca", "tls.certificate", "tls.key");

  private final RouteFormats formats = new WireRouteFormats();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final RegistrationCycle cycle;
  private final Thread thread = new Thread(this::run, "route-registrar");
  private volatile @Nullable MessageBus bus;
  private final Set<String> obstacles = new HashSet<>();
  private @Nullable String obstacle;
  private boolean connected;
  private boolean closed;

  private NatsRegistrar(RegistrarConfig config) {
    this.cycle =
        new RegistrationCycle(
            config, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * Starts a registrar; NATS need not be there yet.
   *
   * @throws MissingDependencyException without the client of NATS
   * @throws InvalidConfigurationException naming every file for TLS that can't be used
   */
  public static NatsRegistrar open(RegistrarConfig config) {
    return open(config, NAMES);
  }

  /**
   * Starts a registrar; NATS need not be there yet.
   *
   * @param names where the files for TLS are named
   * @throws MissingDependencyException without the client of NATS
   * @throws InvalidConfigurationException naming every file for TLS that can't be used
   */
  public static NatsRegistrar open(RegistrarConfig config, MutualTls.Names names) {
    NatsRegistrar registrar = new NatsRegistrar(config);
    registrar.connect(config, names);
    registrar.thread.setDaemon(true);
    registrar.thread.start();
    return registrar;
  }

  /** Held, so that nothing is told before there is a bus. */
  private void connect(RegistrarConfig config, MutualTls.Names names) {
    lock.lock();
    try {
      bus = MessageBus.open(config, names, EnumSet.allOf(RouteAudience.class), this);
    } finally {
      lock.unlock();
    }
  }

  // What is registered

  @Override
  public void put(String name, RouteRegistration registration) {
    lock.lock();
    try {
      tell(cycle.put(name, registration));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean remove(String name) {
    lock.lock();
    try {
      boolean wasThere = cycle.names().contains(name);
      tell(cycle.remove(name));
      return wasThere;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Set<String> names() {
    lock.lock();
    try {
      return cycle.names();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isConnected() {
    lock.lock();
    try {
      return connected;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<String> obstacle() {
    lock.lock();
    try {
      return Optional.ofNullable(obstacle);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Duration interval(RouteAudience audience) {
    lock.lock();
    try {
      return cycle.interval(audience);
    } finally {
      lock.unlock();
    }
  }

  // What NATS says

  @Override
  public void connected() {
    lock.lock();
    try {
      connected = true;
      obstacle = null;
      obstacles.clear();
      cycle.connected();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void disconnected() {
    lock.lock();
    try {
      connected = false;
      cycle.disconnected();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void kept(String reason) {
    lock.lock();
    try {
      if (!connected) {
        obstacle = reason;
        if (obstacles.add(reason)) {
          LOG.atWarn().log(reason);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void started(RouteAudience audience, byte[] start) {
    follow(audience, start, cycle::started);
  }

  @Override
  public void answered(RouteAudience audience, byte[] start) {
    follow(audience, start, cycle::answered);
  }

  private void follow(
      RouteAudience audience,
      byte[] json,
      BiFunction<RouteAudience, RouterStart, List<Outgoing>> what) {
    RouterStart start;
    try {
      start = formats.parseStart(json);
    } catch (RouteRefusedException e) {
      LOG.atWarn().addKeyValue("subject", audience.startSubject()).log(e.getMessage());
      return;
    }
    lock.lock();
    try {
      tell(what.apply(audience, start));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // What NATS is told

  private void run() {
    lock.lock();
    try {
      while (!closed) {
        tell(cycle.due());
        long nanos = cycle.nanosUntilDue();
        if (nanos > 0) {
          long unused = changed.awaitNanos(nanos);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void tell(List<Outgoing> outgoing) {
    MessageBus told = bus;
    if (told == null) {
      return;
    }
    for (Outgoing one : outgoing) {
      try {
        RouteAudience audience = one.audience();
        if (one instanceof Outgoing.Registering registering) {
          told.publish(
              audience.registerSubject(), formats.message(registering.message(), audience));
        } else if (one instanceof Outgoing.Unregistering unregistering) {
          told.publish(
              audience.unregisterSubject(), formats.message(unregistering.message(), audience));
        } else {
          told.greet(audience);
        }
      } catch (IllegalStateException e) {
        // The connection went a moment ago; all is told again when there is one.
        LOG.atDebug().setCause(e).log("not told to NATS");
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      tell(cycle.stop());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    MessageBus ended = bus;
    if (ended != null) {
      ended.close();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
