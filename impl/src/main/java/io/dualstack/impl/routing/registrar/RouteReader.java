package io.dualstack.impl.routing.registrar;

import io.dualstack.impl.config.JsonConfig;
import io.dualstack.net.PortRange;
import io.dualstack.routing.RouteHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a route of the registrar's file. */
final class RouteReader {
  private static final String INVALID = "ConfigValueInvalid";
  private static final String UNSUPPORTED = "ConfigValueUnsupported";
  private static final String MISSING = "ConfigValueMissing";
  private static final Set<String> PROTOCOLS = Set.of("http1", "http2");
  private static final Set<String> ALGORITHMS = Set.of("round-robin", "least-connection");

  /** What routes of HTTP have that is not done here. */
  private static final List<String> NOT_DONE = List.of("allowed_sources", "prepend_instance_index");

  /** What only routes of TCP have. */
  private static final List<String> TCP_ONLY =
      List.of(
          "router_group",
          "external_port",
          "sni_port",
          "sni_routable_san",
          "sni_rewrite_san",
          "terminate_frontend_tls",
          "enable_backend_tls",
          "alpns");

  private RouteReader() {}

  /**
   * Reads it; its faults go to the file's.
   *
   * @param otherwise where the backend is if the route does not say
   * @return empty if no route can be made of it
   */
  static Stream<ServedRoute> read(JsonConfig route, @Nullable RouteHost otherwise) {
    refuseOthers(route);
    String name = route.text("name");
    Optional<RouteHost> host =
        route.has("host")
            ? route.optionalParsed("host", RouteHost::parse)
            : Optional.ofNullable(otherwise);
    if (host.isEmpty() && !route.has("host")) {
      route.fault("host", MISSING, "is missing here and for all; give the backend's");
    }
    int port = route.number("port", 1, PortRange.MAX, 0);
    int tlsPort = route.number("tls_port", 1, PortRange.MAX, 0);
    if (!route.has("port") && !route.has("tls_port")) {
      route.fault("port", MISSING, "is missing, and so is tls_port; give one or both");
    }
    List<String> uris = route.parsedList("uris", RouteReader::uri);
    String protocol = route.optionalParsed("protocol", text -> oneOf(PROTOCOLS, text)).orElse("");
    String service = route.optionalParsed("route_service_url", RouteReader::https).orElse("");
    String san = route.optionalText("server_cert_domain_san").orElse("");
    String algorithm =
        route
            .object("options")
            .flatMap(
                options -> options.optionalParsed("loadbalancing", text -> oneOf(ALGORITHMS, text)))
            .orElse("");
    Duration interval =
        route.parsed("registration_interval", GoDuration::parse, Duration.ofSeconds(20));
    @Nullable HealthCheck check =
        route.object("health_check").flatMap(each -> check(each, interval)).orElse(null);
    return host.stream()
        .map(
            known ->
                new ServedRoute(
                    name,
                    uris,
                    known,
                    protocol,
                    port,
                    tlsPort,
                    route.has("tags") ? route.optionalTextMap("tags") : null,
                    service,
                    san,
                    algorithm,
                    interval,
                    check));
  }

  private static void refuseOthers(JsonConfig route) {
    route
        .optionalText("type")
        .filter(type -> !type.equals("http"))
        .ifPresent(
            type ->
                route.fault(
                    "type",
                    UNSUPPORTED,
                    "\"%s\": only routes of HTTP are registered; leave it out".formatted(type)));
    for (String key : NOT_DONE) {
      if (route.has(key)) {
        route.fault(key, UNSUPPORTED, "is not done; register the route by the original");
      }
    }
    for (String key : TCP_ONLY) {
      if (route.has(key)) {
        route.fault(key, UNSUPPORTED, "is of routes of TCP, and only those of HTTP are registered");
      }
    }
  }

  private static Optional<HealthCheck> check(JsonConfig check, Duration interval) {
    String name = check.text("name");
    String script = check.text("script_path");
    Duration timeout =
        check.optionalParsed("timeout", GoDuration::parse).orElse(interval.dividedBy(2));
    if (timeout.compareTo(interval) >= 0) {
      check.fault(
          "timeout",
          INVALID,
          "%d ms: is not shorter than registration_interval, %d ms; make it so"
              .formatted(timeout.toMillis(), interval.toMillis()));
    }
    return script.isEmpty()
        ? Optional.empty()
        : Optional.of(new HealthCheck(name, Path.of(script), timeout));
  }

  private static String uri(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("is empty; give a name, with or without a path");
    }
    return text;
  }

  /** Routers drop the whole message otherwise. */
  private static String https(String text) {
    if (!text.startsWith("https://")) {
      throw new IllegalArgumentException(
          "routers take https:// alone; write that, or leave it out");
    }
    return text;
  }

  private static String oneOf(Set<String> known, String text) {
    if (!known.contains(text)) {
      throw new IllegalArgumentException(
          "is unknown; use one of " + known.stream().sorted().toList());
    }
    return text;
  }
}
