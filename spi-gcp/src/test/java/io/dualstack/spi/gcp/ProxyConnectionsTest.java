package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.FakeServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void requests_go_through_the_proxy_and_the_machines_own_metadata_does_not() throws Exception {
    try (Proxying proxy = new Proxying()) {
      ProxyConnections through =
          new ProxyConnections(Map.of("http_proxy", proxy.endpoint().toString()));

      assertThat(status(through, "http://compute.invalid/compute/v1/projects/p")).isEqualTo(404);
      assertThatThrownBy(() -> status(through, "http://127.0.0.1:1/computeMetadata/v1/"))
          .isInstanceOf(IOException.class);

      assertThat(proxy.requests())
          .extracting(request -> request.uri().toString())
          .containsExactly("http://compute.invalid/compute/v1/projects/p");
    }
  }

  private static int status(ProxyConnections connections, String url) throws IOException {
    return connections.openConnection(new URL(url)).getResponseCode();
  }

  /** A proxy that finds nothing. */
  private static final class Proxying extends FakeServer {
    @Override
    protected String operation(FakeRequest request) {
      return request.method();
    }

    @Override
    protected FakeAnswer answer(FakeRequest request) {
      return FakeAnswer.empty(404);
    }

    @Override
    protected FakeAnswer throttled(FakeRequest request) {
      return FakeAnswer.empty(429);
    }

    @Override
    protected FakeAnswer failed(FakeRequest request) {
      return FakeAnswer.empty(500);
    }
  }

  @Test
  void a_metadata_server_is_behind_no_proxy() {
    ProxyConnections all = new ProxyConnections(Map.of("HTTP_PROXY", "proxy.example:3128"));

    assertThat(all.proxyFor("http", "metadata.google.internal")).isEmpty();
    assertThat(all.proxyFor("http", "169.254.169.254")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy example:3128, names no proxy",
    "http://:3128, names no",
    "http://user:secret@proxy.example:3128, user and password are unsupported"
  })
  void a_proxy_that_makes_no_sense_is_refused_by_the_variables_name(String value, String why) {
    assertThatThrownBy(() -> new ProxyConnections(Map.of("HTTPS_PROXY", value)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("HTTPS_PROXY: ")
        .hasMessageContaining(why)
        .hasMessageNotContaining("secret");
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
