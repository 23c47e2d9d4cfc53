package io.dualstack.impl.routing.registrar;

import io.dualstack.routing.RouteAudience;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One route: whether it is healthy, and what routers were told of it. Thread-safe. */
final class RouteTurn {
  private static final Logger LOG = LoggerFactory.getLogger(RouteTurn.class);

  /** Takes what is told; false if it can't be told now. */
  interface Publishing {
    boolean publish(String subject, byte[] message);
  }

  private final ServedRoute route;
  private final byte[] message;
  private final int unregistrations;
  private final Publishing to;
  private @Nullable Boolean healthy;
  private int takenBack;
  private boolean stopped;

  RouteTurn(ServedRoute route, byte[] message, int unregistrations, Publishing to) {
    this.route = route;
    this.message = message;
    this.unregistrations = unregistrations;
    this.to = to;
  }

  ServedRoute route() {
    return route;
  }

  /** Looks whether it is healthy, and tells. */
  void look() throws InterruptedException {
    HealthCheck check = route.healthCheck();
    boolean now = check == null || check.isHealthy();
    synchronized (this) {
      if (healthy == null || healthy != now) {
        LOG.atInfo()
            .addKeyValue("route", route.name())
            .log(now ? "is registered" : "is taken back, as its health check fails");
      }
      healthy = now;
      tell();
    }
  }

  /** Tells what was seen last: each time while it is healthy, and a few times when it isn't. */
  synchronized void tell() {
    if (stopped || healthy == null) {
      return;
    }
    if (healthy) {
      takenBack = 0;
      boolean unused = to.publish(RouteAudience.ROUTER.registerSubject(), message);
    } else if (takenBack < unregistrations && takeBack()) {
      takenBack++;
    }
  }

  private boolean takeBack() {
    return to.publish(RouteAudience.ROUTER.unregisterSubject(), message);
  }

  /** Takes it back, once and for all. */
  synchronized void stop() {
    stopped = true;
    boolean unused = takeBack();
  }
}
