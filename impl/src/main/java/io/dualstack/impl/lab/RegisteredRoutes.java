package io.dualstack.impl.lab;

import io.dualstack.routing.EndpointRegistry;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouterStart;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The router's ear: puts into a registry what registrars tell by NATS. */
final class RegisteredRoutes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What a router says of itself to those who greet it; times are in seconds. */
  private static final RouterStart START =
      new RouterStart("router", List.of("127.0.0.1"), 20, 120, Map.of());

  private final Connection connection;

  private RegisteredRoutes(Connection connection) {
    this.connection = connection;
  }

  /**
   * Begins to listen.
   *
   * @throws IOException if NATS can't be reached
   */
  static RegisteredRoutes listen(NatsServer nats, RouteFormats formats, EndpointRegistry registry)
      throws IOException, InterruptedException {
    Connection connection =
        Nats.connect(
            new Options.Builder()
                .server("nats://" + nats)
                .connectionTimeout(PATIENCE)
                .maxReconnects(-1)
                .build());
    Dispatcher dispatcher = connection.createDispatcher();
    Subscription registered =
        dispatcher.subscribe(
            "router.register",
            message -> registry.register(formats.parseMessage(message.getData())));
    Subscription taken =
        dispatcher.subscribe(
            "router.unregister",
            message -> registry.unregister(formats.parseMessage(message.getData())));
    Subscription greeted =
        dispatcher.subscribe(
            "router.greet",
            message -> {
              if (message.getReplyTo() != null) {
                connection.publish(message.getReplyTo(), formats.start(START));
              }
            });
    assert greeted.isActive() && registered.isActive() && taken.isActive();
    try {
      connection.flush(PATIENCE);
    } catch (java.util.concurrent.TimeoutException e) {
      connection.close();
      throw new IOException(nats + ": NATS does not answer", e);
    }
    return new RegisteredRoutes(connection);
  }

  @Override
  public void close() throws InterruptedException {
    connection.close();
  }
}
