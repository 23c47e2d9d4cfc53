package io.dualstack.impl.http;

import com.google.common.base.Throwables;
import io.dualstack.net.IpAddress;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Says in words why a certificate is refused. */
final class TlsFaults {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private TlsFaults() {}

  /** Returns what is wrong with a server's certificate, and what to do. */
  static String ofServer(X509Certificate certificate, CertificateException refusal) {
    for (Throwable cause : Throwables.getCausalChain(refusal)) {
      if (cause instanceof CertificateExpiredException) {
        return "its certificate was valid until %s; renew it"
            .formatted(certificate.getNotAfter().toInstant());
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "its certificate is valid from %s; check the clocks"
            .formatted(certificate.getNotBefore().toInstant());
      }
      if (cause instanceof CertPathBuilderException) {
        return "its certificate is of %s, which is no authority that is configured; configure the"
                .formatted(certificate.getIssuerX500Principal().getName())
            + " authority that signed it";
      }
    }
    if (refusal.getClass() == CertificateException.class && refusal.getCause() == null) {
      return "its certificate is for %s; configure the server by a name that it has, or have the"
              .formatted(names(certificate))
          + " name that is configured put into the certificate";
    }
    return "its certificate is refused: %s; give the server another one"
        .formatted(refusal.getMessage());
  }

  private static String names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      String listed =
          names == null
              ? ""
              : names.stream()
                  .filter(name -> name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
                  .map(name -> canonical(String.valueOf(name.get(1))))
                  .collect(Collectors.joining(", "));
      return listed.isEmpty() ? "no name or address" : listed;
    } catch (CertificateParsingException e) {
      return "names that can't be read";
    }
  }

  /** Java writes every group of an IPv6 address. */
  private static String canonical(String name) {
    return IpAddress.tryParse(name).map(IpAddress::toString).orElse(name);
  }
}
