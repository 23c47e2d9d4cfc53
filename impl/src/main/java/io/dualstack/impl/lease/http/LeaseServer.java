package io.dualstack.impl.lease.http;

import com.sun.net.httpserver.HttpExchange;
import io.dualstack.LeaseConflictException;
import io.dualstack.Meters;
import io.dualstack.PoolExhaustedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a registry over the Silk controller's HTTP API with mutual TLS. Paths, status codes,
 * bodies and error texts are the controller's.
 */
public final class LeaseServer {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseServer.class);

  private static final int MAX_BODY = 1 << 16;

  private final LeaseRegistry registry;
  private final Meters meters;

  private LeaseServer(LeaseRegistry registry, Meters meters) {
    this.registry = registry;
    this.meters = meters;
  }

  /**
   * Starts to serve.
   *
   * @param address where to listen; port 0 picks a free one
   * @throws IOException if it can't listen there
   */
  public static TlsServer start(
      InetSocketAddress address, MutualTls tls, LeaseRegistry registry, Meters meters)
      throws IOException {
    return TlsServer.start(address, tls, "lease-server", new LeaseServer(registry, meters)::route);
  }

  // Requests

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
      default -> Plain.sendNotFound(exchange);
    }
  }

  private void handle(HttpExchange exchange, String method, String name, Call call)
      throws IOException {
    if (!exchange.getRequestMethod().equals(method)) {
      Plain.sendNotAllowed(exchange, method);
      return;
    }
    long start = System.nanoTime();
    Answer answer = answer(exchange, name, call);
    meters.time(name, Duration.ofNanos(System.nanoTime() - start));
    if (answer.status() >= 400) {
      meters.count("http_error");
    }
    Plain.send(exchange, answer);
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
      return Answer.emptyObject();
    } catch (LeaseConflictException | IllegalArgumentException e) {
      LOG.atWarn().addKeyValue("claim", claim).log("renewal refused: {}", e.getMessage());
      return Answer.error(409, "renew-subnet-lease: " + e.getMessage());
    } catch (StoreUnavailableException e) {
      return Answer.error(500, "renew-subnet-lease: " + e.getMessage());
    }
  }

  private Answer release(byte[] body) throws MalformedException {
    IpAddress.tryParse(LeaseJson.readUnderlayIp(body)).ifPresent(registry::release);
    return Answer.emptyObject();
  }
}
