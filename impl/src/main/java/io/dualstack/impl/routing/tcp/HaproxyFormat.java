package io.dualstack.impl.routing.tcp;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.routing.HaproxyConfiguration;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.TcpRoute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * HAProxy's sections as the TCP router writes them. An IPv6 backend stands in brackets behind its
 * name, which can have none.
 */
public final class HaproxyFormat {

  /** One line of a backend. */
  private record Server(RouteHost host, int port, String tls) implements Comparable<Server> {
    private static final Comparator<Server> ORDER =
        Comparator.comparing(Server::host, RouteHost.ORDER)
            .thenComparingInt(Server::port)
            .thenComparing(Server::tls);

    @Override
    public int compareTo(Server other) {
      return ORDER.compare(this, other);
    }

    String name() {
      return "server_%s_%d".formatted(host, port);
    }

    String line() {
      return "\n  server %s %s:%d%s".formatted(name(), host.toUriHost(), port, tls);
    }
  }

  private final HaproxyOptions options;
  private final List<Diagnostic> warnings = new ArrayList<>();

  private HaproxyFormat(HaproxyOptions options) {
    this.options = options;
  }

  /** Writes routes; what can't be written is told by its place among them. */
  public static HaproxyConfiguration write(List<TcpRoute> routes, HaproxyOptions options) {
    return new HaproxyFormat(options).write(routes);
  }

  private HaproxyConfiguration write(List<TcpRoute> routes) {
    NavigableMap<Integer, NavigableMap<String, List<Server>>> frontends = new TreeMap<>();
    for (int i = 0; i < routes.size(); i++) {
      TcpRoute route = routes.get(i);
      RouteHost host = host(route, i);
      if (host != null && isWritable(route, i)) {
        List<Server> backend =
            frontends
                .computeIfAbsent(route.port(), port -> new TreeMap<>())
                .computeIfAbsent(route.sniHostname(), sni -> new ArrayList<>());
        server(route, host, i).ifPresent(backend::add);
      }
    }
    StringBuilder text = new StringBuilder();
    frontends.forEach((port, backends) -> writeFrontend(text, port, backends));
    return new HaproxyConfiguration(text.toString(), warnings);
  }

  // What a route becomes

  private @Nullable RouteHost host(TcpRoute route, int index) {
    try {
      return RouteHost.parse(route.backendIp());
    } catch (IllegalArgumentException e) {
      warn(index, "backend_ip", "BackendHost", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private boolean isWritable(TcpRoute route, int index) {
    if (route.terminateFrontendTls()) {
      warn(
          index,
          "terminate_frontend_tls",
          "FrontendTls",
          "routers that end the client's TLS are not written; the route is left out");
      return false;
    }
    if (!route.sniHostname().isEmpty() && !ServerNames.isName(route.sniHostname())) {
      warn(
          index,
          "backend_sni_hostname",
          "SniHostname",
          "\"%s\": is no host name; the route is left out".formatted(route.sniHostname()));
      return false;
    }
    if (route.backendTlsPort() > 0
        && (route.instanceId().isEmpty() || !ServerNames.isInstanceId(route.instanceId()))) {
      warn(
          index,
          "instance_id",
          "InstanceId",
          "\"%s\": is no name to check in the backend's certificate; the route is left out"
              .formatted(route.instanceId()));
      return false;
    }
    return true;
  }

  private Optional<Server> server(TcpRoute route, RouteHost host, int index) {
    boolean tls = !options.backendCaFile().isEmpty();
    if (route.backendTlsPort() > 0) {
      if (!tls) {
        warn(
            index,
            "backend_tls_port",
            "BackendTls",
            "%d: there is no TLS to backends; the backend is left out"
                .formatted(route.backendTlsPort()));
        return Optional.empty();
      }
      return Optional.of(new Server(host, route.backendTlsPort(), tlsOf(route.instanceId())));
    }
    if (tls && route.backendTlsPort() == 0) {
      warn(index, "backend_tls_port", "BackendTls", "0: the backend is reached without TLS");
    }
    return Optional.of(new Server(host, route.backendPort(), ""));
  }

  private String tlsOf(String instance) {
    String certificate = options.backendCertificateFile();
    return " ssl verify required verifyhost %s ca-file %s%s"
        .formatted(
            instance, options.backendCaFile(), certificate.isEmpty() ? "" : " crt " + certificate);
  }

  private void warn(int index, String key, String code, String message) {
    warnings.add(
        new Diagnostic(Severity.WARNING, "", "/" + index + "/" + key, 0, 0, code, message));
  }

  // Sections

  private void writeFrontend(
      StringBuilder text, int port, NavigableMap<String, List<Server>> backends) {
    text.append("\nfrontend frontend_").append(port).append("\n  mode tcp\n  bind ");
    text.append(options.dualStackFrontends() ? "[::]:" + port + " v4v6" : ":" + port);
    if (!backends.lastKey().isEmpty()) {
      text.append("\n  tcp-request inspect-delay 5s")
          .append("\n  tcp-request content accept if { req.ssl_hello_type gt 0 }");
    }
    for (String sni : backends.keySet()) {
      text.append(
          sni.isEmpty()
              ? "\n  default_backend " + backendName(port, sni)
              : "\n  use_backend %s if { req.ssl_sni %s }".formatted(backendName(port, sni), sni));
    }
    text.append('\n');
    backends.forEach((sni, servers) -> writeBackend(text, backendName(port, sni), servers));
  }

  private static String backendName(int port, String sni) {
    return sni.isEmpty() ? "backend_" + port : "backend_" + port + "_" + sni;
  }

  private static void writeBackend(StringBuilder text, String name, List<Server> servers) {
    text.append("\nbackend ").append(name).append("\n  mode tcp");
    String last = "";
    for (Server server : servers.stream().sorted().toList()) {
      // HAProxy takes a name once; of two instances at one place, one is gone.
      if (!server.name().equals(last)) {
        text.append(server.line());
      }
      last = server.name();
    }
    text.append('\n');
  }
}
