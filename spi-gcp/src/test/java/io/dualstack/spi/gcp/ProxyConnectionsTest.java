package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyConnectionsTest {
  private final ProxyConnections connections =
      new ProxyConnections(
          Map.of(
              "https_proxy", "http://proxy.example:3128",
              "HTTP_PROXY", "other.example",
              "NO_PROXY", "internal.example, .corp.example"));

  @Test
  void the_environment_names_the_proxy_in_either_case() {
    assertThat(connections.proxyFor("https", "compute.googleapis.com"))
        .contains(proxy("proxy.example", 3128));
    assertThat(connections.proxyFor("http", "metadata.example"))
        .contains(proxy("other.example", 80));
  }

  @Test
  void hosts_of_its_own_are_reached_directly() {
    assertThat(connections.proxyFor("https", "internal.example")).isEmpty();
    assertThat(connections.proxyFor("https", "api.internal.example")).isEmpty();
    assertThat(connections.proxyFor("https", "api.corp.example")).isEmpty();
    assertThat(connections.proxyFor("https", "127.0.0.1")).isEmpty();
    assertThat(connections.proxyFor("https", "localhost")).isEmpty();
    assertThat(connections.proxyFor("https", "notinternal.example")).isPresent();
  }

  @Test
  void without_a_proxy_there_is_none() {
    assertThat(new ProxyConnections(Map.of()).proxyFor("https", "compute.googleapis.com"))
        .isEmpty();
  }

  private static Proxy proxy(String host, int port) {
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
  }
}
