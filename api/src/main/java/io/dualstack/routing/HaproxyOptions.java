package io.dualstack.routing;

import static java.util.Objects.requireNonNull;

/**
 * How HAProxy is told of routes.
 *
 * @param dualStackFrontends whether frontends listen on both families; otherwise as before there
 *     was IPv6, on IPv4 alone
 * @param backendCaFile the authorities of backends, whose certificates are checked then; empty
 *     where there is no TLS to backends
 * @param backendCertificateFile the certificate that is shown to backends; empty for none
 */
public record HaproxyOptions(
    boolean dualStackFrontends, String backendCaFile, String backendCertificateFile) {
  /** As it comes: frontends of IPv4, no TLS to backends. */
  public static final HaproxyOptions DEFAULT = new HaproxyOptions(false, "", "");

  /**
   * Checks the files' names.
   *
   * @param dualStackFrontends whether frontends listen on both families
   * @param backendCaFile the authorities of backends
   * @param backendCertificateFile the certificate that is shown to backends
   * @throws IllegalArgumentException when a name has blanks or quotes in it, or there is a
   *     certificate to show to backends that are not trusted
   */
  public HaproxyOptions {
    requireFileName(backendCaFile);
    requireFileName(backendCertificateFile);
    if (backendCaFile.isEmpty() && !backendCertificateFile.isEmpty()) {
      throw new IllegalArgumentException(
          backendCertificateFile
              + ": would be shown to backends that nobody checks; name their authorities too");
    }
  }

  private static void requireFileName(String name) {
    requireNonNull(name, "file");
    if (!name.matches("[A-Za-z0-9_./+@:-]*")) {
      throw new IllegalArgumentException(
          "\"%s\": HAProxy would take it apart; use a file name of letters, digits and _./+@:-"
              .formatted(name));
    }
  }
}
