package io.dualstack.spi.openstack.access;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes HTTP clients as configured. */
final class HttpClients {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private HttpClients() {}

  static HttpClient of(AccessConfig config) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(config.timeout().compareTo(CONNECT) < 0 ? config.timeout() : CONNECT);
    URI proxy = config.proxy();
    if (proxy != null) {
      builder.proxy(new Selector(proxy, config.noProxy()));
    }
    Path cacert = config.cacert();
    try {
      if (!config.verify()) {
        builder.sslContext(context(new TrustManager[] {new TrustAll()}));
      } else if (cacert != null) {
        builder.sslContext(context(trusting(cacert)));
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidConfigurationException(
          List.of(
              Diagnostic.error(
                  "cacert",
                  "CertificatesInvalid",
                  "\"%s\": holds no certificates that can be read: %s"
                      .formatted(cacert, e.getMessage()))));
    }
    return builder.build();
  }

  private static SSLContext context(TrustManager[] trust) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust, null);
    return context;
  }

  private static TrustManager[] trusting(Path bundle) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(bundle)) {
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
    }
    if (store.size() == 0) {
      throw new IOException("the file is empty");
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** One proxy for all hosts except some. */
  private static final class Selector extends ProxySelector {
    private final Proxy proxy;
    private final List<String> except;

    Selector(URI proxy, List<String> except) {
      int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
      this.proxy =
          new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port));
      this.except = except;
    }

    @Override
    public List<Proxy> select(URI uri) {
      String host = uri.getHost().replaceAll("^\\[|]$", "");
      for (String entry : except) {
        String name = entry.startsWith("*.") ? entry.substring(1) : entry;
        String domain = name.startsWith(".") ? name : "." + name;
        if (entry.equals("*") || host.equals(name) || host.endsWith(domain)) {
          return List.of(Proxy.NO_PROXY);
        }
      }
      return List.of(proxy);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // The request itself fails and says so.
    }
  }

  /** Trusts everybody, which somebody has asked for in writing. Checks no host names either. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, @Nullable SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
