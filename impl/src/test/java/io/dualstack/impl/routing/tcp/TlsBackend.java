package io.dualstack.impl.routing.tcp;

import com.sun.net.httpserver.HttpsExchange;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.TcpRoute;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A machine of a lab with one family, and a backend of TLS on it that asks for a certificate. It
 * answers by whom it was asked, from where.
 */
final class TlsBackend implements AutoCloseable {
  private final IpAddress address;
  private final TlsServer server;
  private final AtomicInteger asked;

  private TlsBackend(IpAddress address, TlsServer server, AtomicInteger asked) {
    this.address = address;
    this.server = server;
    this.asked = asked;
  }

  /** Starts one, and takes the other family's address from the machine. */
  static TlsBackend start(
      LabHost machine, IpFamily family, TestAuthority authority, TestAuthority.Identity shown) {
    machine.ip(
        family == IpFamily.IPV6
            ? "address del %s/24 dev eth0".formatted(machine.address(IpFamily.IPV4))
            : "address del %s/64 dev eth0".formatted(machine.address(IpFamily.IPV6)));
    IpAddress address = machine.address(family);
    MutualTls tls = tls(authority, shown);
    AtomicInteger requests = new AtomicInteger();
    return new TlsBackend(
        address,
        machine.call(
            () ->
                TlsServer.start(
                    new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), 0),
                    tls,
                    machine.name(),
                    exchange -> {
                      requests.incrementAndGet();
                      HttpsExchange secure = (HttpsExchange) exchange;
                      Plain.send(
                          exchange,
                          Answer.ok(
                              "%s by %s from %s"
                                  .formatted(
                                      machine.name(),
                                      secure.getSSLSession().getPeerPrincipal(),
                                      IpAddress.of(secure.getRemoteAddress().getAddress()))));
                    })),
        requests);
  }

  static MutualTls tls(TestAuthority authority, TestAuthority.Identity shown) {
    return MutualTls.read(
        authority.certificate(),
        shown.certificate(),
        shown.key(),
        new MutualTls.Names("/ca", "/certificate", "/key"));
  }

  /** Returns one file with certificate and key, as HAProxy wants it. */
  static Path bundle(TestAuthority.Identity identity) throws IOException {
    return Files.writeString(
        Path.of(identity.certificate() + ".pem"),
        Files.readString(identity.certificate()) + Files.readString(identity.key()));
  }

  /** Returns a route of a port to it, by TLS. */
  TcpRoute route(int port, String instance) {
    return TcpRoute.plain("g", port, RouteHost.of(address), 1)
        .withTls(server.address().getPort(), instance);
  }

  /** Returns a route of a port to it, with the client's TLS passed through. */
  TcpRoute passingThrough(int port, String name) {
    return TcpRoute.plain("g", port, RouteHost.of(address), server.address().getPort())
        .forSni(name);
  }

  /** Returns how many requests have arrived. */
  int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    server.close();
  }
}
