package io.dualstack.impl.workload.identity;

import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate and a key, as readers of a folder find them. */
record KeptPair(X509Certificate certificate, PrivateKey key) {

  /** Reads both files, one after the other, where nobody replaces them. */
  static KeptPair in(Path folder) {
    return new KeptPair(
        Pem.certificate(folder.resolve("instance.crt")),
        Pem.privateKey(folder.resolve("instance.key")));
  }

  /** Reads both by one look at the link, as a reader does who wants a pair, however often. */
  static KeptPair byOneLook(Path folder) throws IOException {
    Path link = folder.resolve("..current");
    while (true) {
      Path generation = link.toRealPath();
      try {
        return in(generation);
      } catch (InvalidConfigurationException e) {
        if (generation.equals(link.toRealPath())) {
          throw e;
        }
      }
    }
  }

  boolean belongsTogether() {
    return SigningAuthority.belongTogether(certificate, key);
  }

  String subject() {
    return certificate.getSubjectX500Principal().getName();
  }
}
