package io.dualstack.lease;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * A lease registry behind the Silk controller's HTTP API, and what proves to each side who the
 * other is.
 *
 * @param url where it listens: {@code https://host:port}
 * @param caCertificate the authorities that the server's certificate may come from; PEM
 * @param clientCertificate this client's certificate, and those between it and its authority; PEM
 * @param clientKey the certificate's private key; PEM, PKCS#1, SEC 1 or PKCS#8, not encrypted
 * @param timeout how long one call may take
 */
public record RemoteLeases(
    URI url, Path caCertificate, Path clientCertificate, Path clientKey, Duration timeout) {

  /** The timeout when nothing else is configured. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Checks the URL and the timeout.
   *
   * @param url where it listens: {@code https://host:port}
   * @param caCertificate the authorities that the server's certificate may come from; PEM
   * @param clientCertificate this client's certificate, and those between it and its authority; PEM
   * @param clientKey the certificate's private key; PEM
   * @param timeout how long one call may take
   * @throws IllegalArgumentException when the URL is not one of https with a host, or the timeout
   *     is not positive
   */
  public RemoteLeases {
    requireNonNull(caCertificate, "caCertificate");
    requireNonNull(clientCertificate, "clientCertificate");
    requireNonNull(clientKey, "clientKey");
    if (url.getScheme() == null
        || !url.getScheme().toLowerCase(Locale.ROOT).equals("https")
        || url.getHost() == null) {
      throw new IllegalArgumentException(
          url + ": is not where a lease registry listens; write https://host:port");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "timeout: " + timeout + ": no call can succeed in it; use some seconds");
    }
  }
}
