package io.dualstack.impl.routing.nats;

import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteMessage;

/** Something to tell an audience. */
sealed interface Outgoing {
  /** To whom. */
  RouteAudience audience();

  /** Asks who is there. */
  record Greeting(RouteAudience audience) implements Outgoing {}

  /** Registers an endpoint. */
  record Registering(RouteAudience audience, RouteMessage message) implements Outgoing {}

  /** Takes an endpoint back. */
  record Unregistering(RouteAudience audience, RouteMessage message) implements Outgoing {}
}
