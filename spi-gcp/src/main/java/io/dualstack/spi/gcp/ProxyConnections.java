package io.dualstack.spi.gcp;

import com.google.api.client.http.javanet.ConnectionFactory;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Opens connections through the proxy that the environment names ({@code HTTPS_PROXY}, {@code
 * HTTP_PROXY}, {@code NO_PROXY}, in either case), unless the JDK's own properties ({@code
 * https.proxyHost}, {@code http.proxyHost}) name one, which go first.
 */
final class ProxyConnections implements ConnectionFactory {
  private final Map<String, String> environment;

  ProxyConnections(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public HttpURLConnection openConnection(URL url) throws IOException {
    Optional<Proxy> proxy =
        System.getProperty(url.getProtocol() + ".proxyHost") == null
            ? proxyFor(url.getProtocol(), url.getHost())
            : Optional.empty();
    return (HttpURLConnection)
        (proxy.isPresent() ? url.openConnection(proxy.get()) : url.openConnection());
  }

  /** Returns the proxy that the environment names for a host; empty for none. */
  Optional<Proxy> proxyFor(String protocol, String host) {
    if (isDirect(host)) {
      return Optional.empty();
    }
    return variable(protocol + "_proxy").flatMap(ProxyConnections::parsed);
  }

  private boolean isDirect(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.startsWith("127.")
        || name.equals("[::1]")
        || variable("no_proxy").stream()
            .flatMap(list -> Arrays.stream(list.split(",")))
            .map(entry -> entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^[*]?[.]", ""))
            .anyMatch(
                entry ->
                    entry.equals("*")
                        || (!entry.isEmpty()
                            && (name.equals(entry) || name.endsWith("." + entry))));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
        .filter(value -> !value.isBlank());
  }

  private static Optional<Proxy> parsed(String value) {
    URI uri = URI.create(value.contains("://") ? value : "http://" + value);
    if (uri.getHost() == null) {
      return Optional.empty();
    }
    int usual = "https".equals(uri.getScheme()) ? 443 : 80;
    return Optional.of(
        new Proxy(
            Proxy.Type.HTTP,
            InetSocketAddress.createUnresolved(
                uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort())));
  }
}
