package io.dualstack.impl.http;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS for libraries that take nothing but a context, check no server's name, and hide why a
 * handshake failed. Here the name is always checked, and faults are told with the server's name.
 */
public final class WatchedTls {
  private final @Nullable X509ExtendedKeyManager keys;
  private final X509ExtendedTrustManager trust;
  private final Consumer<String> faults;

  private WatchedTls(
      @Nullable X509ExtendedKeyManager keys,
      X509ExtendedTrustManager trust,
      Consumer<String> faults) {
    this.keys = keys;
    this.trust = trust;
    this.faults = faults;
  }

  /**
   * Returns a context for sockets of clients.
   *
   * @param faults is told what may keep a connection from being made: which server, what is wrong,
   *     and what to do; by the thread of the handshake
   */
  public static SSLContext context(ClientTls tls, Consumer<String> faults) {
    if (!(tls.trust() instanceof X509ExtendedTrustManager trust)) {
      throw new IllegalArgumentException("trust that can't check names");
    }
    WatchedTls watched = new WatchedTls(tls.keys(), trust, faults);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {watched.new Keys()}, new TrustManager[] {watched.new Trust()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String server(SSLSession handshake) {
    return "%s:%d".formatted(handshake.getPeerHost(), handshake.getPeerPort());
  }

  /** Shows our certificate, and tells where there is none to show. */
  private final class Keys extends X509ExtendedKeyManager {
    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      String chosen = keys == null ? null : keys.chooseClientAlias(types, issuers, socket);
      if (chosen == null && socket instanceof SSLSocket secure) {
        String authorities =
            issuers == null || issuers.length == 0
                ? "that it trusts"
                : Arrays.stream(issuers)
                    .map(Principal::getName)
                    .collect(Collectors.joining(" or ", "of ", ""));
        faults.accept(
            "%s: wants a client's certificate, and %s; give a certificate %s, and its key"
                .formatted(
                    server(secure.getHandshakeSession()),
                    keys == null
                        ? "none is configured"
                        : "the one that is configured is of another authority",
                    authorities));
      }
      return chosen;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return keys == null ? null : keys.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return keys == null ? null : keys.getPrivateKey(alias);
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return keys == null ? null : keys.getClientAliases(type, issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }
  }

  /** Checks a server's name whatever its socket was told. */
  private final class Trust extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      if (!(socket instanceof SSLSocket secure)) {
        throw new CertificateException("there is no server whose name could be checked");
      }
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      String server = server(secure.getHandshakeSession());
      try {
        trust.checkServerTrusted(chain, type, socket);
      } catch (CertificateException e) {
        String fault = server + ": " + TlsFaults.ofServer(chain[0], e);
        faults.accept(fault);
        throw new CertificateException(fault, e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("only sockets are watched");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("there is no server whose name could be checked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw ofClient();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw ofClient();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw ofClient();
    }

    private CertificateException ofClient() {
      return new CertificateException("this is about servers alone");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return trust.getAcceptedIssuers();
    }
  }
}
