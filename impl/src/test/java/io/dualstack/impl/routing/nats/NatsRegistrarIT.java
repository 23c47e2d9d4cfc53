package io.dualstack.impl.routing.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.routing.WireRouteFormats;
import io.dualstack.impl.routing.endpoint.IndexedEndpointRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.routing.DirectIpv6;
import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import io.dualstack.routing.RouterStart;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration through a real NATS server, with a router behind it that has our registry. */
class NatsRegistrarIT {
  private static final RouteFormats FORMATS = new WireRouteFormats();
  private static final int PATIENCE_SECONDS = 20;

  @TempDir private Path folder;
  private NatsProcess nats;
  private NatsRegistrar registrar;
  private Router router;

  /** What a router does with its messages; it answers greetings as soon as it is told to. */
  private static final class Router implements AutoCloseable {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final IndexedEndpointRegistry registry =
        new IndexedEndpointRegistry(EndpointRegistryConfig.DEFAULT, Clock.systemUTC());
    final Connection connection;
    volatile boolean answers = true;

    Router(NatsProcess nats, String address) throws Exception {
      connection =
          Nats.connect(
              new Options.Builder()
                  .server("nats://" + NatsServer.parse(address + ":" + nats.port()))
                  .userInfo("registrar".toCharArray(), "p@ss:w%20rd".toCharArray())
                  .maxReconnects(-1)
                  .reconnectWait(Duration.ofMillis(50))
                  .build());
      Dispatcher dispatcher = connection.createDispatcher();
      dispatcher.subscribe(
          "router.register",
          message -> {
            registry.register(FORMATS.parseMessage(message.getData()));
            heard.add("register " + new String(message.getData(), UTF_8));
          });
      dispatcher.subscribe(
          "router.unregister",
          message -> {
            registry.unregister(FORMATS.parseMessage(message.getData()));
            heard.add("unregister " + new String(message.getData(), UTF_8));
          });
      dispatcher.subscribe(
          "router.greet",
          message -> {
            heard.add("greet");
            if (answers) {
              connection.publish(message.getReplyTo(), start());
            }
          });
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

    List<String> addresses() {
      return registry.lookup("a.example.com").stream().map(RouteEndpoint::address).toList();
    }

    @Override
    public void close() throws InterruptedException {
      connection.close();
    }
  }

  @AfterEach
  void end_all() throws InterruptedException {
    if (registrar != null) {
      registrar.close();
    }
    if (router != null) {
      router.close();
    }
    if (nats != null) {
      nats.close();
    }
  }

  private RegistrarConfig config(String address) {
    return RegistrarConfig.of(List.of(NatsServer.parse(address + ":" + nats.port())))
        .withUser("registrar", "p@ss:w%20rd");
  }

  private static RouteRegistration instance() {
    return new RouteRegistration(
        RouteAudience.ROUTER,
        RouteMessage.to(RouteHost.parse("10.0.1.5"), List.of("a.example.com"))
            .port(61000)
            .instance("i1", "0")
            .build(),
        new DirectIpv6(IpAddress.parse("2001:db8::7"), 8080, 0));
  }

  private static final String IPV4 =
      "{\"host\":\"10.0.1.5\",\"port\":61000,\"uris\":[\"a.example.com\"],"
          + "\"private_instance_id\":\"i1\",\"private_instance_index\":\"0\"}";
  private static final String IPV6 =
      IPV4.replace("10.0.1.5", "[2001:db8::7]").replace("61000", "8080");

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void an_instance_is_registered_by_both_addresses_and_taken_back(String address) throws Exception {
    nats = NatsProcess.start(folder, address);
    router = new Router(nats, address);
    registrar = NatsRegistrar.open(config(address).withDirectIpv6());
    registrar.put("i1", instance());

    assertThat(router.await("register")).isEqualTo("register " + IPV4);
    assertThat(router.await("register")).isEqualTo("register " + IPV6);
    assertThat(router.addresses()).containsExactly("10.0.1.5:61000", "[2001:db8::7]:8080");
    assertThat(registrar.isConnected()).isTrue();

    registrar.close();
    assertThat(router.await("unregister")).isEqualTo("unregister " + IPV4);
    assertThat(router.await("unregister")).isEqualTo("unregister " + IPV6);
    assertThat(router.registry.size()).isZero();
  }

  @Test
  void without_being_asked_nothing_of_ipv6_is_told() throws Exception {
    nats = NatsProcess.start(folder, "127.0.0.1");
    router = new Router(nats, "127.0.0.1");
    registrar = NatsRegistrar.open(config("127.0.0.1"));
    registrar.put("i1", instance());

    router.await("register");
    registrar.close();
    assertThat(router.await("unregister")).isEqualTo("unregister " + IPV4);
    router.connection.flush(Duration.ofSeconds(5));
    assertThat(router.heard).noneMatch(message -> message.contains("2001:db8"));
  }

  @Test
  void greets_until_a_router_answers_and_follows_the_interval_that_it_asks_for() throws Exception {
    nats = NatsProcess.start(folder, "127.0.0.1");
    router = new Router(nats, "127.0.0.1");
    router.answers = false;
    registrar = NatsRegistrar.open(config("127.0.0.1"));
    registrar.put("i1", instance());

    router.await("greet");
    router.await("greet");
    assertThat(registrar.interval(RouteAudience.ROUTER))
        .isEqualTo(RegistrarConfig.DEFAULT_INTERVAL);
    router.answers = true;
    router.await("greet");
    // Three times is more than the configured interval allows within the test's patience.
    router.await("register");
    router.await("register");
    router.await("register");

    assertThat(registrar.interval(RouteAudience.ROUTER)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void after_a_restart_of_nats_all_is_registered_again() throws Exception {
    nats = NatsProcess.start(folder, "127.0.0.1");
    router = new Router(nats, "127.0.0.1");
    registrar = NatsRegistrar.open(config("127.0.0.1"));
    registrar.put("i1", instance());
    router.await("register");

    nats.kill();
    router.heard.clear();
    registrar.put(
        "i2",
        RouteRegistration.of(
            RouteAudience.ROUTER,
            RouteMessage.to(RouteHost.parse("2001:db8::9"), List.of("b.example.com"))
                .port(80)
                .build()));
    nats.start();

    router.await("greet");
    router.await("register {\"host\":\"10.0.1.5\"");
    router.await("register {\"host\":\"[2001:db8::9]\"");
    assertThat(router.registry.lookup("b.example.com")).hasSize(1);
  }

  @Test
  void nats_may_come_later_than_the_registrar() throws Exception {
    nats = NatsProcess.start(folder, "127.0.0.1");
    nats.kill();
    registrar = NatsRegistrar.open(config("127.0.0.1"));
    registrar.put("i1", instance());
    assertThat(registrar.isConnected()).isFalse();

    nats.start();
    router = new Router(nats, "127.0.0.1");

    router.await("register " + IPV4);
  }

  @Test
  void a_router_that_starts_is_told_at_once() throws Exception {
    nats = NatsProcess.start(folder, "127.0.0.1");
    router = new Router(nats, "127.0.0.1");
    router.answers = false;
    registrar = NatsRegistrar.open(config("127.0.0.1"));
    registrar.put("i1", instance());
    router.await("greet");
    router.heard.clear();

    router.connection.publish("router.start", Router.start());

    router.await("register " + IPV4);
  }
}
