package io.dualstack.impl.lab;

import io.dualstack.Dualstack;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.routing.EndpointRegistry;
import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.HaproxyConfiguration;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.NatsServer;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistrar;
import io.dualstack.routing.RouteRegistration;
import io.dualstack.routing.TcpRoute;
import io.dualstack.workload.NetInfo;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Ingress: instances are registered by NATS, and HAProxy in the router's namespace leads to what
 * the router heard of. Without NATS the router is told at once; without HAProxy nothing leads in.
 */
final class Routing implements AutoCloseable {
  private static final int NATS_PORT = 4222;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration GLANCE = Duration.ofMillis(20);

  /** Beside what is rendered, HAProxy wants to know how long it may wait. */
  private static final String PREAMBLE =
      """
      defaults
        mode tcp
        timeout connect 5s
        timeout client 60s
        timeout server 60s

      """;

  private final LabPlace place;
  private final LabPlan plan;
  private final List<Foundation.Placed> routed;
  private final RouteFormats formats;
  private final EndpointRegistry registry;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private Routing(
      LabPlace place, LabPlan plan, List<Foundation.Placed> placed, Dualstack dualstack) {
    this.place = place;
    this.plan = plan;
    this.routed = placed.stream().filter(each -> each.instance().app().route() != 0).toList();
    this.formats = dualstack.routeFormats();
    this.registry = dualstack.endpointRegistry(EndpointRegistryConfig.DEFAULT);
  }

  static Routing start(
      LabPlace place,
      LabPlan plan,
      List<Foundation.Placed> placed,
      Dualstack dualstack,
      Consumer<String> steps)
      throws Exception {
    Routing routing = new Routing(place, plan, placed, dualstack);
    try {
      steps.accept(routing.register(dualstack));
      steps.accept(routing.serve());
      return routing;
    } catch (Exception | Error e) {
      routing.close();
      throw e;
    }
  }

  private String register(Dualstack dualstack) throws Exception {
    Optional<Path> program = Programs.find("nats-server");
    if (program.isEmpty()) {
      routed.forEach(each -> registration(each).messages(true).forEach(registry::register));
      return "NATS is not installed: the router is told of %d instances directly"
          .formatted(routed.size());
    }
    LabPlan.Machine control = plan.control();
    IpAddress address = control.address(IpFamily.IPV6).orElse(control.ipv4());
    opened.push(
        Programs.start(
            Namespace.own(),
            place.directory().resolve("nats.log"),
            List.of(program.get().toString(), "-a", address.toString(), "-p", "" + NATS_PORT)));
    await("NATS listens", () -> isListening(address, NATS_PORT));
    NatsServer nats = new NatsServer(RouteHost.of(address), NATS_PORT);
    opened.push(RegisteredRoutes.listen(nats, formats, registry));
    RouteRegistrar registrar =
        dualstack.routeRegistrar(RegistrarConfig.of(List.of(nats)).withDirectIpv6());
    opened.push(registrar);
    routed.forEach(each -> registrar.put(each.instance().name(), registration(each)));
    int expected = routed.stream().mapToInt(each -> registration(each).messages(true).size()).sum();
    await("the router heard of all instances", () -> registry.size() >= expected);
    return "%d endpoints registered by NATS at %s".formatted(expected, nats);
  }

  private static boolean isListening(IpAddress address, int port) {
    try (Socket socket = new Socket(address.toInetAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(String what, BooleanSupplier condition)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IOException("waited " + PATIENCE.toSeconds() + " s until " + what);
      }
      Thread.sleep(GLANCE.toMillis());
    }
  }

  private static RouteRegistration registration(Foundation.Placed each) {
    NetInfo info = each.info();
    LabPlan.Instance instance = each.instance();
    return RouteRegistration.ofInstance(
        info,
        info.ports().get(0),
        RouteMessage.to(RouteHost.of(instance.cell().ipv4()), List.of(uri(instance.app())))
            .port(instance.cellPort())
            .app(instance.app().name())
            .instance(each.guid(), "" + instance.index())
            .build(),
        false);
  }

  private static String uri(LabApps.App app) {
    return app.name() + ".lab.internal";
  }

  /** HAProxy answers by both families, and asks instances by IPv6 where they have it. */
  private String serve() throws IOException, InterruptedException {
    Optional<Path> program = Programs.find("haproxy");
    if (program.isEmpty()) {
      return "HAProxy is not installed: nothing leads in from outside";
    }
    List<TcpRoute> routes = routes();
    if (routes.isEmpty()) {
      return "no application has a route";
    }
    HaproxyConfiguration rendered =
        formats.haproxy(routes, new HaproxyOptions(plan.router().ipv6() != null, "", ""));
    Path file = place.haproxy();
    Files.writeString(file, PREAMBLE + rendered.text());
    Namespace router = Namespace.open(place.namespace(plan.router().host()));
    opened.push(router);
    opened.push(
        Programs.start(
            router,
            place.directory().resolve("haproxy.log"),
            List.of(program.get().toString(), "-db", "-f", file.toString())));
    IpAddress address = plan.router().ipv4();
    await("HAProxy listens", () -> router.call(() -> isListening(address, routes.get(0).port())));
    return "%d routes through HAProxy at %s".formatted(routes.size(), plan.router().name());
  }

  private List<TcpRoute> routes() {
    List<TcpRoute> routes = new ArrayList<>();
    for (LabApps.App app : plan.apps().apps()) {
      List<RouteEndpoint> endpoints = List.copyOf(registry.lookup(uri(app)));
      boolean ipv6 = endpoints.stream().anyMatch(Routing::isIpv6);
      endpoints.stream()
          .filter(endpoint -> isIpv6(endpoint) == ipv6)
          .map(each -> TcpRoute.plain("lab", app.route(), each.host(), each.port()))
          .forEach(routes::add);
    }
    return routes;
  }

  private static boolean isIpv6(RouteEndpoint endpoint) {
    return endpoint.address().startsWith("[");
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
