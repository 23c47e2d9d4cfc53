package io.dualstack.impl.lease.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** HTTP without TLS, for what listens on the loopback address. */
public final class Plain {

  private Plain() {}

  /**
   * Starts a server that hands every request to one handler, on the thread that accepts them: its
   * requests are few and quick.
   *
   * @throws IOException if it can't listen there
   */
  public static HttpServer start(InetSocketAddress address, HttpHandler handler)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.createContext("/", handler);
    server.start();
    return server;
  }

  /** Sends a whole answer. */
  public static void send(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      if (body.length > 0) {
        exchange.getResponseHeaders().set("Content-Type", contentType);
      }
      boolean bodiless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
      if (!bodiless) {
        exchange.getResponseBody().write(body);
      }
    }
  }
}
