package io.dualstack.impl.lease.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.dualstack.LeaseConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.lease.Meters;
import io.dualstack.impl.lease.http.LeaseJson.MalformedException;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a registry over the Silk controller's HTTP API with mutual TLS, and its health beside it
 * without. Paths, status codes, bodies and error texts are the controller's.
 */
public final class LeaseServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseServer.class);

  /** Callers wait for the disk most of the time, and those who wait together share a flush. */
  private static final int THREADS = 32;

  private static final int MAX_BODY = 1 << 16;

  private final LeaseRegistry registry;
  private final Meters meters;
  private final HttpsServer server;
  private final ExecutorService threads;

  private LeaseServer(
      LeaseRegistry registry, Meters meters, HttpsServer server, ExecutorService threads) {
    this.registry = registry;
    this.meters = meters;
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts to serve.
   *
   * @param address where to listen; port 0 picks a free one
   * @throws IOException if it can't listen there
   */
  public static LeaseServer start(
      InetSocketAddress address, MutualTls tls, LeaseRegistry registry, Meters meters)
      throws IOException {
    HttpsServer https = HttpsServer.create(address, 0);
    https.setHttpsConfigurator(
        new HttpsConfigurator(tls.context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(tls.serverParameters());
          }
        });
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, task -> new Thread(task, "lease-server-" + number.incrementAndGet()));
    LeaseServer server = new LeaseServer(registry, meters, https, threads);
    https.createContext("/", server::route);
    https.setExecutor(threads);
    https.start();
    return server;
  }

  /** Returns where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops at once: whoever waits for an answer asks again elsewhere or later. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  // Requests

  private record Answer(int status, byte[] body) {
    static Answer ok(byte[] body) {
      return new Answer(200, body);
    }

    static Answer error(int status, String text) {
      return new Answer(status, LeaseJson.error(text));
    }
  }

  private interface Call {
    Answer answer(byte[] body) throws MalformedException;
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case "/leases" -> handle(exchange, "GET", "LeasesIndex", this::list);
      case "/leases/acquire" -> handle(exchange, "PUT", "LeasesAcquire", this::acquire);
      case "/leases/renew" -> handle(exchange, "PUT", "LeasesRenew", this::renew);
      case "/leases/release" -> handle(exchange, "PUT", "LeasesRelease", this::release);
      default -> send(exchange, 404, "404 page not found\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  private void handle(HttpExchange exchange, String method, String name, Call call)
      throws IOException {
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      send(exchange, 405, "Method Not Allowed\n".getBytes(StandardCharsets.UTF_8));
      return;
    }
    long start = System.nanoTime();
    Answer answer = answer(exchange, name, call);
    meters.time(name, Duration.ofNanos(System.nanoTime() - start));
    if (answer.status() >= 400) {
      meters.count("http_error");
    }
    send(exchange, answer.status(), answer.body());
  }

  private static Answer answer(HttpExchange exchange, String name, Call call) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      return Answer.error(400, "read-body: request body too large");
    }
    try {
      return call.answer(body);
    } catch (MalformedException e) {
      return Answer.error(400, "unmarshal-request: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("request", name).setCause(e).log("request failed");
      return Answer.error(500, String.valueOf(e.getMessage()));
    }
  }

  private Answer list(byte[] unused) {
    try {
      return Answer.ok(LeaseJson.leases(registry.leases()));
    } catch (StoreUnavailableException e) {
      return Answer.error(500, "all-routable-leases: getting all leases: " + e.getMessage());
    }
  }

  private Answer acquire(byte[] body) throws MalformedException {
    LeaseJson.Acquisition wish = LeaseJson.readAcquisition(body);
    Optional<IpAddress> underlayIp =
        IpAddress.tryParse(wish.underlayIp()).filter(address -> address.family() == IpFamily.IPV4);
    if (underlayIp.isEmpty()) {
      return Answer.error(500, "invalid ipv4 address: " + wish.underlayIp());
    }
    try {
      return Answer.ok(
          LeaseJson.lease(
              registry.acquire(
                  underlayIp.get(), wish.single() ? LeaseKind.SINGLE_ADDRESS : LeaseKind.BLOCK)));
    } catch (PoolExhaustedException e) {
      LOG.atWarn().addKeyValue("underlay_ip", underlayIp.get()).log(e.getMessage());
      return Answer.error(409, "no lease available");
    }
  }

  private Answer renew(byte[] body) throws MalformedException {
    LeaseJson.Claim claim = LeaseJson.readClaim(body);
    try {
      registry.renew(claim.lease());
      return empty();
    } catch (LeaseConflictException | IllegalArgumentException e) {
      LOG.atWarn().addKeyValue("claim", claim).log("renewal refused: {}", e.getMessage());
      return Answer.error(409, "renew-subnet-lease: " + e.getMessage());
    } catch (StoreUnavailableException e) {
      return Answer.error(500, "renew-subnet-lease: " + e.getMessage());
    }
  }

  private Answer release(byte[] body) throws MalformedException {
    IpAddress.tryParse(LeaseJson.readUnderlayIp(body)).ifPresent(registry::release);
    return empty();
  }

  private static Answer empty() {
    return Answer.ok("{}".getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    Plain.send(exchange, status, "text/plain; charset=utf-8", body);
  }

  // Health

  /**
   * Serves {@code GET /health} without TLS: 200 and nothing while the probe returns, 500 when it
   * throws.
   *
   * @param address where to listen; port 0 picks a free one
   * @throws IOException if it can't listen there
   */
  public static HttpServer startHealth(InetSocketAddress address, Runnable probe)
      throws IOException {
    HttpHandler health =
        exchange -> {
          if (!exchange.getRequestURI().getPath().equals("/health")) {
            send(exchange, 404, "404 page not found\n".getBytes(StandardCharsets.UTF_8));
            return;
          }
          try {
            probe.run();
          } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("health check failed");
            send(exchange, 500, LeaseJson.error("check database failed"));
            return;
          }
          send(exchange, 200, new byte[0]);
        };
    return Plain.start(address, health);
  }
}
