package io.dualstack.impl.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** HTTP without TLS, for what listens on the loopback address. */
public final class Plain {

  /** The content type of text. */
  public static final String TEXT = "text/plain; charset=utf-8";

  private static final int THREADS = 8;

  private Plain() {}

  /**
   * Starts a server that hands every request to one handler. A few threads, which end when they
   * have nothing to do, keep a slow client from holding up the others.
   *
   * @throws IOException if it can't listen there
   */
  public static HttpServer start(InetSocketAddress address, HttpHandler handler)
      throws IOException {
    return start(address, THREADS, handler);
  }

  /**
   * Starts a server that hands every request to one handler.
   *
   * @param threads how many requests are worked on at a time, about
   * @throws IOException if it can't listen there
   */
  public static HttpServer start(InetSocketAddress address, int threads, HttpHandler handler)
      throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.createContext("/", handler);
    server.setExecutor(
        new ThreadPoolExecutor(
            0,
            threads,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "http-" + server.getAddress().getPort());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy()));
    server.start();
    return server;
  }

  /** Sends a whole answer. */
  public static void send(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    try (exchange) {
      // What is left of a body is passed over, however long, so that the connection can be kept.
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
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

  /** Sends an answer as the original services do, whose JSON is text to Go's HTTP server. */
  public static void send(HttpExchange exchange, Answer answer) throws IOException {
    send(exchange, answer.status(), TEXT, answer.body());
  }

  /** Answers that there is nothing at a path. */
  public static void sendNotFound(HttpExchange exchange) throws IOException {
    send(exchange, 404, TEXT, "404 page not found\n".getBytes(StandardCharsets.UTF_8));
  }

  /** Answers that a path knows only one other method. */
  public static void sendNotAllowed(HttpExchange exchange, String allowed) throws IOException {
    exchange.getResponseHeaders().set("Allow", allowed);
    send(exchange, 405, TEXT, "Method Not Allowed\n".getBytes(StandardCharsets.UTF_8));
  }
}
