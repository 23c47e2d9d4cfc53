package io.dualstack.impl.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.impl.http.Listening;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A small application: tells each client by HTTP who answers and which address the client comes
 * from, a line each, and by {@code GET /environment} what environment it was given.
 */
final class EchoServer implements AutoCloseable {
  private final HttpServer server;

  private EchoServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Starts one on all addresses of a namespace.
   *
   * @throws io.dualstack.KernelException if it can't listen there
   */
  static EchoServer start(
      Namespace namespace, int port, String name, Map<String, String> environment) {
    String told =
        environment.entrySet().stream()
            .map(variable -> variable + "\n")
            .collect(Collectors.joining());
    return new EchoServer(
        namespace.call(
            () ->
                Plain.start(
                    Listening.address("::", port),
                    exchange ->
                        answer(
                            exchange,
                            exchange.getRequestURI().getPath().equals("/environment")
                                ? told
                                : name + "\n" + client(exchange) + "\n"))));
  }

  private static String client(HttpExchange exchange) {
    IpAddress client = IpAddress.of(exchange.getRemoteAddress().getAddress());
    return client.mappedIpv4().orElse(client).toString();
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", Plain.TEXT);
      exchange.sendResponseHeaders(200, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
