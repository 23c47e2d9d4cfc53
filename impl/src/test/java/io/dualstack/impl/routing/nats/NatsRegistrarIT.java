package io.dualstack.impl.routing.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.http.MutualTls;
import io.dualstack.net.IpAddress;
import io.dualstack.routing.DirectIpv6;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration through a real NATS server, with a router behind it that has our registry. */
class NatsRegistrarIT {
  @RegisterExtension final Opened opened = new Opened();
  @TempDir private Path folder;
  private NatsProcess nats;
  private NatsRegistrar registrar;
  private NatsRouter router;

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
    nats = opened.add(NatsProcess.start(folder, address));
    router = opened.add(new NatsRouter(nats, address));
    registrar = opened.add(NatsRegistrar.open(config(address).withDirectIpv6()));
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
    nats = opened.add(NatsProcess.start(folder, "127.0.0.1"));
    router = opened.add(new NatsRouter(nats, "127.0.0.1"));
    registrar = opened.add(NatsRegistrar.open(config("127.0.0.1")));
    registrar.put("i1", instance());

    router.await("register");
    registrar.close();
    assertThat(router.await("unregister")).isEqualTo("unregister " + IPV4);
    router.connection.flush(Duration.ofSeconds(5));
    assertThat(router.heard).noneMatch(message -> message.contains("2001:db8"));
  }

  @Test
  void greets_until_a_router_answers_and_follows_the_interval_that_it_asks_for() throws Exception {
    nats = opened.add(NatsProcess.start(folder, "127.0.0.1"));
    router = opened.add(new NatsRouter(nats, "127.0.0.1"));
    router.answers = false;
    registrar = opened.add(NatsRegistrar.open(config("127.0.0.1")));
    registrar.put("i1", instance());

    router.await("greet");
    router.await("greet");
    assertThat(registrar.interval(RouteAudience.ROUTER))
        .isEqualTo(RegistrarConfig.DEFAULT_INTERVAL);
    // The greeting that was heard just now may be answered already, so that no other comes.
    router.answers = true;
    // Three times is more than the configured interval allows within the test's patience.
    router.await("register");
    router.await("register");
    router.await("register");

    assertThat(registrar.interval(RouteAudience.ROUTER)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void that_nobody_is_there_to_answer_is_no_answer() throws Exception {
    nats = opened.add(NatsProcess.start(folder, "127.0.0.1"));
    Answers answers = new Answers();
    MessageBus bus =
        opened.add(
            MessageBus.open(
                config("127.0.0.1"),
                new MutualTls.Names("a", "b", "c"),
                EnumSet.of(RouteAudience.ROUTER),
                answers));
    assertThat(answers.connected.await(20, TimeUnit.SECONDS)).isTrue();

    bus.greet(RouteAudience.ROUTER);
    router = opened.add(new NatsRouter(nats, "127.0.0.1"));
    bus.greet(RouteAudience.ROUTER);

    assertThat(answers.heard.poll(20, TimeUnit.SECONDS)).startsWith("{");
  }

  private static final class Answers implements MessageBus.Events {
    final CountDownLatch connected = new CountDownLatch(1);
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public void connected() {
      connected.countDown();
    }

    @Override
    public void disconnected() {}

    @Override
    public void kept(String obstacle) {}

    @Override
    public void started(RouteAudience audience, byte[] start) {}

    @Override
    public void answered(RouteAudience audience, byte[] start) {
      heard.add(new String(start, UTF_8));
    }
  }

  @Test
  void after_a_restart_of_nats_all_is_registered_again() throws Exception {
    nats = opened.add(NatsProcess.start(folder, "127.0.0.1"));
    router = opened.add(new NatsRouter(nats, "127.0.0.1"));
    registrar = opened.add(NatsRegistrar.open(config("127.0.0.1")));
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
    nats = opened.add(NatsProcess.start(folder, "127.0.0.1"));
    nats.kill();
    registrar = opened.add(NatsRegistrar.open(config("127.0.0.1")));
    registrar.put("i1", instance());
    assertThat(registrar.isConnected()).isFalse();

    nats.start();
    router = opened.add(new NatsRouter(nats, "127.0.0.1"));

    router.await("register " + IPV4);
  }

  @Test
  void a_router_that_starts_is_told_at_once() throws Exception {
    nats = opened.add(NatsProcess.start(folder, "127.0.0.1"));
    router = opened.add(new NatsRouter(nats, "127.0.0.1"));
    router.answers = false;
    registrar = opened.add(NatsRegistrar.open(config("127.0.0.1")));
    registrar.put("i1", instance());
    router.await("greet");
    router.heard.clear();

    router.connection.publish("router.start", NatsRouter.start());

    router.await("register " + IPV4);
  }
}
