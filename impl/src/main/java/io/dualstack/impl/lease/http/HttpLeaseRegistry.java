package io.dualstack.impl.lease.http;

import io.dualstack.LeaseConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.lease.RemoteLeases;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry behind the Silk controller's HTTP API, ours or the original. Nothing is tried twice:
 * whoever calls knows how long to go on. Thread-safe.
 */
public final class HttpLeaseRegistry implements LeaseRegistry {

  private static final Logger LOG = LoggerFactory.getLogger(HttpLeaseRegistry.class);

  private static final MutualTls.Names NAMES =
      new MutualTls.Names("caCertificate", "clientCertificate", "clientKey");

  private static final int OK = 200;
  private static final int CONFLICT = 409;

  private final RemoteLeases remote;
  private final HttpClient client;
  private final String base;

  private HttpLeaseRegistry(RemoteLeases remote, MutualTls tls) {
    this.remote = remote;
    String url = remote.url().toString();
    this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(remote.timeout())
            .sslContext(tls.context())
            .sslParameters(tls.clientParameters())
            .build();
  }

  /**
   * Reads the certificates; nothing is contacted yet.
   *
   * @throws io.dualstack.InvalidConfigurationException if one can't be used
   */
  public static HttpLeaseRegistry open(RemoteLeases remote) {
    return open(remote, NAMES);
  }

  /**
   * Reads the certificates; nothing is contacted yet.
   *
   * @param names what the files are called in messages
   * @throws io.dualstack.InvalidConfigurationException if one can't be used
   */
  public static HttpLeaseRegistry open(RemoteLeases remote, MutualTls.Names names) {
    return new HttpLeaseRegistry(
        remote,
        MutualTls.read(
            remote.caCertificate(), remote.clientCertificate(), remote.clientKey(), names));
  }

  @Override
  public CellLease acquire(IpAddress underlayIp, LeaseKind kind) {
    underlayIp.requireFamily(IpFamily.IPV4);
    HttpResponse<byte[]> answer =
        put("/leases/acquire", LeaseJson.acquisition(underlayIp, kind == LeaseKind.SINGLE_ADDRESS));
    if (answer.statusCode() == CONFLICT) {
      throw new PoolExhaustedException(
          remote.url().toString(),
          IpFamily.IPV4.bits(),
          new TreeMap<>(),
          "%s: no lease for %s: %s; release some, or use a larger network"
              .formatted(remote.url(), underlayIp, LeaseJson.readError(answer.body())));
    }
    try {
      return LeaseJson.readClaim(ok(answer).body()).lease();
    } catch (LeaseJson.MalformedException | IllegalArgumentException e) {
      throw nonsense("/leases/acquire", e);
    }
  }

  @Override
  public void renew(CellLease lease) {
    HttpResponse<byte[]> answer = put("/leases/renew", LeaseJson.lease(lease));
    if (answer.statusCode() == CONFLICT) {
      throw new LeaseConflictException(
          lease,
          null,
          "%s: %s of %s: %s; the cell must be restarted"
              .formatted(
                  remote.url(),
                  lease.overlaySubnet(),
                  lease.underlayIp(),
                  LeaseJson.readError(answer.body())));
    }
    ok(answer);
  }

  @Override
  public void release(IpAddress underlayIp) {
    ok(put("/leases/release", LeaseJson.release(underlayIp)));
  }

  /** Passes over leases that are not IPv4, which a registry to come may have. */
  @Override
  public List<CellLease> leases() {
    HttpResponse<byte[]> answer = ok(send(request("/leases").GET().build()));
    try {
      return LeaseJson.readClaims(answer.body()).stream()
          .flatMap(
              claim -> {
                try {
                  return Stream.of(claim.lease());
                } catch (IllegalArgumentException e) {
                  LOG.atWarn()
                      .addKeyValue("registry", remote.url())
                      .addKeyValue("lease", claim)
                      .log("lease not understood: {}", e.getMessage());
                  return Stream.empty();
                }
              })
          .sorted()
          .toList();
    } catch (LeaseJson.MalformedException e) {
      throw nonsense("/leases", e);
    }
  }

  private HttpResponse<byte[]> put(String path, byte[] body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofByteArray(body))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(remote.timeout());
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "%s: %s; check the address, the network and the certificates".formatted(request.uri(), e),
          true,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(request.uri() + ": interrupted", true, e);
    }
  }

  private static HttpResponse<byte[]> ok(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != OK) {
      throw new StoreUnavailableException(
          "%s: answered %d: %s"
              .formatted(answer.uri(), answer.statusCode(), LeaseJson.readError(answer.body())),
          answer.statusCode() >= 500,
          null);
    }
    return answer;
  }

  private StoreUnavailableException nonsense(String path, Exception e) {
    return new StoreUnavailableException(
        "%s%s: answered what is no lease: %s; is it a lease registry?"
            .formatted(base, path, e.getMessage()),
        false,
        e);
  }
}
