package io.dualstack.impl.routing.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.routing.WireRouteFormats;
import io.dualstack.impl.routing.endpoint.IndexedEndpointRegistry;
import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouterStart;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** What a router does with its messages; it answers greetings as soon as it is told to. */
final class NatsRouter implements AutoCloseable {
  private static final RouteFormats FORMATS = new WireRouteFormats();
  private static final int PATIENCE_SECONDS = 20;
  private static final String MARK = "test.mark";

  final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  final IndexedEndpointRegistry registry;
  final Connection connection;
  volatile boolean answers = true;

  NatsRouter(NatsProcess nats, String address) throws Exception {
    this(nats, address, null, RouteAudience.ROUTER, Clock.systemUTC());
  }

  /** Connects by TLS. */
  NatsRouter(NatsProcess nats, String address, SSLContext tls) throws Exception {
    this(nats, address, tls, RouteAudience.ROUTER, Clock.systemUTC());
  }

  /** Connects as one of an audience, whose registry goes by a clock. */
  NatsRouter(NatsProcess nats, String address, RouteAudience audience, Clock clock)
      throws Exception {
    this(nats, address, null, audience, clock);
  }

  private NatsRouter(
      NatsProcess nats, String address, SSLContext tls, RouteAudience audience, Clock clock)
      throws Exception {
    registry = new IndexedEndpointRegistry(EndpointRegistryConfig.DEFAULT, clock);
    connection =
        Nats.connect(
            new Options.Builder()
                .server("nats://" + NatsServer.parse(address + ":" + nats.port()))
                .userInfo("registrar".toCharArray(), "p@ss:w%20rd".toCharArray())
                .sslContext(tls)
                .maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(50))
                .build());
    Dispatcher dispatcher = connection.createDispatcher();
    dispatcher.subscribe(
        audience.registerSubject(),
        message -> {
          registry.register(FORMATS.parseMessage(message.getData()));
          heard.add("register " + new String(message.getData(), UTF_8));
        });
    dispatcher.subscribe(
        audience.unregisterSubject(),
        message -> {
          registry.unregister(FORMATS.parseMessage(message.getData()));
          heard.add("unregister " + new String(message.getData(), UTF_8));
        });
    dispatcher.subscribe(
        audience.greetSubject(),
        message -> {
          heard.add("greet");
          if (answers) {
            connection.publish(message.getReplyTo(), start());
          }
        });
    dispatcher.subscribe(MARK, message -> heard.add(MARK));
    connection.flush(Duration.ofSeconds(5));
  }

  static byte[] start() {
    return FORMATS.start(new RouterStart("0-r", List.of("127.0.0.1"), 1, 120, Map.of()));
  }

  /** Waits for a message that begins so, past all others. */
  String await(String beginning) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      String message = heard.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(message).as(beginning).isNotNull();
      if (message.startsWith(beginning)) {
        return message;
      }
    }
  }

  /** Waits until all is taken in that NATS has got by now. */
  void settle() throws InterruptedException {
    connection.publish(MARK, new byte[0]);
    await(MARK);
  }

  List<String> addresses() {
    return registry.lookup("a.example.com").stream().map(RouteEndpoint::address).toList();
  }

  @Override
  public void close() throws InterruptedException {
    connection.close();
  }
}
