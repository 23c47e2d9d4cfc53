package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How NATS servers are reached by TLS. A server's certificate must be of one of the authorities,
 * and have the name or address by which the server is configured. The files are read once, when a
 * registrar is opened.
 *
 * @param ca the authorities, as PEM
 * @param certificate what servers are shown that ask who we are, as PEM, with the certificates of
 *     authorities between behind it; null for none
 * @param key the key of the certificate, as PEM; null for none
 */
public record NatsTls(Path ca, @Nullable Path certificate, @Nullable Path key) {
  /**
   * Checks that there is a key where there is a certificate, and no other.
   *
   * @param ca the authorities
   * @param certificate what servers are shown
   * @param key the key of the certificate
   * @throws IllegalArgumentException when there is only one of certificate and key
   */
  public NatsTls {
    requireNonNull(ca, "ca");
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "%s %s: has no %s; give both, or none"
              .formatted(
                  certificate == null ? "key" : "certificate",
                  certificate == null ? key : certificate,
                  certificate == null ? "certificate" : "key"));
    }
  }

  /**
   * Returns TLS in which nothing is shown to servers.
   *
   * @param ca the authorities, as PEM
   * @return how servers are reached
   */
  public static NatsTls trusting(Path ca) {
    return new NatsTls(ca, null, null);
  }
}
