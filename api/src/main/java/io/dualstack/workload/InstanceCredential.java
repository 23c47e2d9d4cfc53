package io.dualstack.workload;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A certificate and its private key.
 *
 * @param certificates the certificate, then that of its authority, in PEM
 * @param privateKey the key, in PEM and not encrypted
 * @param notBefore from when it is valid
 * @param notAfter until when it is valid
 * @param renewAt when it is to be replaced
 */
public record InstanceCredential(
    String certificates, String privateKey, Instant notBefore, Instant notAfter, Instant renewAt) {

  /**
   * Checks that nothing is missing.
   *
   * @param certificates the certificate, then that of its authority, in PEM
   * @param privateKey the key, in PEM and not encrypted
   * @param notBefore from when it is valid
   * @param notAfter until when it is valid
   * @param renewAt when it is to be replaced
   */
  public InstanceCredential {
    requireNonNull(certificates, "certificates");
    requireNonNull(privateKey, "privateKey");
    requireNonNull(notBefore, "notBefore");
    requireNonNull(notAfter, "notAfter");
    requireNonNull(renewAt, "renewAt");
  }

  /** Returns the times without certificates and key. */
  @Override
  public String toString() {
    return "InstanceCredential[valid from %s to %s, renewed at %s]"
        .formatted(notBefore, notAfter, renewAt);
  }
}
