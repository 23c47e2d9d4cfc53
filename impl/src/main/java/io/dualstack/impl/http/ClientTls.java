package io.dualstack.impl.http;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a client of HTTPS shows, and whom it trusts.
 *
 * @param context what connections are made with
 * @param keys what is shown; null for nothing, or what the JVM's settings say
 * @param trust whose certificates a server may have; the context has the same
 */
public record ClientTls(
    SSLContext context, @Nullable X509ExtendedKeyManager keys, X509TrustManager trust) {

  /** Returns that of this JVM, with the authorities and keys that its settings name. */
  static ClientTls ofSystem() {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init((@Nullable KeyStore) null);
      return new ClientTls(SSLContext.getDefault(), null, only(trust));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the one of a factory that is about X.509, which is all of it. */
  static X509TrustManager only(TrustManagerFactory factory) {
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
