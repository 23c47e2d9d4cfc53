package io.dualstack.impl.lease.http;

import io.dualstack.LeaseConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.RemoteAnswer;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.lease.RemoteLeases;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.List;
import java.util.Map;
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

  private static final int CONFLICT = 409;

  private final RemoteService remote;

  private HttpLeaseRegistry(RemoteService remote) {
    this.remote = remote;
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
        RemoteService.of(
            remote.url(),
            remote.timeout(),
            MutualTls.read(
                remote.caCertificate(), remote.clientCertificate(), remote.clientKey(), names)));
  }

  @Override
  public CellLease acquire(IpAddress underlayIp, LeaseKind kind) {
    underlayIp.requireFamily(IpFamily.IPV4);
    RemoteAnswer answer =
        put("/leases/acquire", LeaseJson.acquisition(underlayIp, kind == LeaseKind.SINGLE_ADDRESS));
    if (answer.status() == CONFLICT) {
      throw new PoolExhaustedException(
          remote.url().toString(),
          IpFamily.IPV4.bits(),
          new TreeMap<>(),
          "%s: no lease for %s: %s; release some, or use a larger network"
              .formatted(remote.url(), underlayIp, JsonBody.readError(answer.body())));
    }
    try {
      return LeaseJson.readClaim(RemoteService.ok(answer).body()).lease();
    } catch (MalformedException | IllegalArgumentException e) {
      throw remote.nonsense("/leases/acquire", "lease", e);
    }
  }

  @Override
  public void renew(CellLease lease) {
    RemoteAnswer answer = put("/leases/renew", LeaseJson.lease(lease));
    if (answer.status() == CONFLICT) {
      throw new LeaseConflictException(
          lease,
          null,
          "%s: %s of %s: %s; the cell must be restarted"
              .formatted(
                  remote.url(),
                  lease.overlaySubnet(),
                  lease.underlayIp(),
                  JsonBody.readError(answer.body())));
    }
    RemoteService.ok(answer);
  }

  @Override
  public void release(IpAddress underlayIp) {
    RemoteService.ok(put("/leases/release", LeaseJson.release(underlayIp)));
  }

  /** Passes over leases that are not IPv4, which a registry to come may have. */
  @Override
  public List<CellLease> leases() {
    RemoteAnswer answer = RemoteService.ok(remote.get("/leases"));
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
    } catch (MalformedException e) {
      throw remote.nonsense("/leases", "lease", e);
    }
  }

  private RemoteAnswer put(String path, byte[] body) {
    return remote.put(path, Map.of("Content-Type", "application/json"), body);
  }
}
