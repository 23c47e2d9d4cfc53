package io.dualstack.workload;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;

/**
 * An authority that signs certificates of instances.
 *
 * @param certificate its certificate, in PEM
 * @param key its private key, in PEM and not encrypted
 * @param validity how long a certificate is valid; positive, by default 24 hours
 * @param keys which key certificates are made for
 */
public record IdentityConfig(Path certificate, Path key, Duration validity, IdentityKey keys) {

  /** How long a certificate is valid if nobody says. */
  public static final Duration DEFAULT_VALIDITY = Duration.ofHours(24);

  /**
   * Checks the period.
   *
   * @param certificate its certificate, in PEM
   * @param key its private key, in PEM and not encrypted
   * @param validity how long a certificate is valid; positive
   * @param keys which key certificates are made for
   */
  public IdentityConfig {
    requireNonNull(certificate, "certificate");
    requireNonNull(key, "key");
    requireNonNull(keys, "keys");
    if (validity.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("validity: " + validity + " is shorter than a second");
    }
  }

  /**
   * Returns an authority with the usual period and key.
   *
   * @param certificate its certificate, in PEM
   * @param key its private key, in PEM and not encrypted
   * @return the configuration
   */
  public static IdentityConfig of(Path certificate, Path key) {
    return new IdentityConfig(certificate, key, DEFAULT_VALIDITY, IdentityKey.EC_P256);
  }
}
