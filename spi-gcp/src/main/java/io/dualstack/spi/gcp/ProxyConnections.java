package io.dualstack.spi.gcp;

import com.google.api.client.http.javanet.ConnectionFactory;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Opens connections through the proxy that the environment names ({@code HTTPS_PROXY}, {@code
 * HTTP_PROXY}, {@code NO_PROXY}, in either case), unless the JDK's own properties ({@code
 * https.proxyHost}, {@code http.proxyHost}) name one, which go first. The machine's own metadata
 * server is behind no proxy.
 */
final class ProxyConnections implements ConnectionFactory {
  private static final Set<String> OF_THIS_MACHINE =
      Set.of("localhost", "[::1]", "metadata", "metadata.google.internal", "[fd20:ce::254]");

  private final Map<String, String> environment;
  private final Map<String, Proxy> proxies = new HashMap<>();

  /**
   * Reads the environment.
   *
   * @throws InvalidConfigurationException if it names a proxy that makes no sense
   */
  ProxyConnections(Map<String, String> environment) {
    this.environment = environment;
    for (String protocol : List.of("http", "https")) {
      for (String name :
          List.of(protocol + "_proxy", protocol.toUpperCase(Locale.ROOT) + "_PROXY")) {
        String value = environment.getOrDefault(name, "");
        if (!value.isBlank()) {
          proxies.putIfAbsent(protocol, parsed(name, value.strip()));
        }
      }
    }
  }

  @Override
  public HttpURLConnection openConnection(URL url) throws IOException {
    if (isOfThisMachine(url.getHost().toLowerCase(Locale.ROOT))) {
      return (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
    }
    Optional<Proxy> proxy =
        System.getProperty(url.getProtocol() + ".proxyHost") == null
            ? proxyFor(url.getProtocol(), url.getHost())
            : Optional.empty();
    return (HttpURLConnection)
        (proxy.isPresent() ? url.openConnection(proxy.get()) : url.openConnection());
  }

  /** Returns the proxy that the environment names for a host; empty for none. */
  Optional<Proxy> proxyFor(String protocol, String host) {
    return isDirect(host) ? Optional.empty() : Optional.ofNullable(proxies.get(protocol));
  }

  private static boolean isOfThisMachine(String name) {
    return OF_THIS_MACHINE.contains(name) || name.startsWith("127.") || name.startsWith("169.254.");
  }

  private boolean isDirect(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    String listed = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
    return isOfThisMachine(name)
        || Arrays.stream(listed.split(","))
            .map(entry -> entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^[*]?[.]", ""))
            .anyMatch(
                entry ->
                    entry.equals("*")
                        || (!entry.isEmpty()
                            && (name.equals(entry) || name.endsWith("." + entry))));
  }

  private static Proxy parsed(String variable, String value) {
    URI uri;
    try {
      uri = new URI(value.contains("://") ? value : "http://" + value);
    } catch (URISyntaxException e) {
      throw refused(variable, "names no proxy: " + e.getReason() + "; use http://HOST:PORT");
    }
    if (uri.getHost() == null) {
      throw refused(variable, "names no host; use http://HOST:PORT");
    }
    if (uri.getUserInfo() != null) {
      throw refused(
          variable,
          "the proxy's user and password are unsupported; use a proxy that asks for none");
    }
    int usual = "https".equals(uri.getScheme()) ? 443 : 80;
    return new Proxy(
        Proxy.Type.HTTP,
        InetSocketAddress.createUnresolved(
            uri.getHost(), uri.getPort() < 0 ? usual : uri.getPort()));
  }

  private static InvalidConfigurationException refused(String variable, String message) {
    return new InvalidConfigurationException(
        List.of(Diagnostic.error(variable, "ProxyInvalid", variable + ": " + message)));
  }
}
