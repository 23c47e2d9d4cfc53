package io.dualstack.spi.openstack.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.testkit.TestClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the provider trusts, and through whom it goes. */
class SecureTransportTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path folder;
  private static ServerSocket server;

  @BeforeAll
  static void serve_by_a_certificate_of_nobody() throws Exception {
    Path store = folder.resolve("server.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=neutron.example",
        "-ext",
        "san=dns:localhost",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString());
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "server",
        "-keystore",
        store.toString(),
        "-file",
        folder.resolve("ca.pem").toString());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = context.getServerSocketFactory().createServerSocket(0, 50, loopback());
    answer(server, new CopyOnWriteArrayList<>());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  /** Answers each connection's first request with an empty list, until the socket is closed. */
  private static void answer(ServerSocket socket, List<String> asked) {
    Thread thread =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                  answer(connection, asked);
                } catch (IOException e) {
                  // The other side doesn't trust this one, or the test is over.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void answer(Socket connection, List<String> asked) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
    asked.add(in.readLine());
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    connection
        .getOutputStream()
        .write(
            "HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{\"ports\": []}"
                .getBytes(StandardCharsets.UTF_8));
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", new String(PASSWORD)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static NetworkApi api(String host, String... settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("auth_type", "none");
    all.put("attempts", "1");
    all.put("endpoint", "https://" + host + ":" + server.getLocalPort());
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    AccessConfig config =
        new AccessConfigReader(all, new Surroundings(Map.of(), folder, folder), new ArrayList<>())
            .read();
    return new NetworkApi(
        config, TestClock.atNoon(), new Patience(config.attempts(), wait -> {}, () -> 0));
  }

  private static void ports(NetworkApi api) {
    assertThat(api.get("/ports", Map.of()).has("ports")).isTrue();
  }

  @Test
  void a_certificate_of_nobody_is_not_trusted() {
    assertThatThrownBy(() -> ports(api("localhost"))).isInstanceOf(ApiFailure.class);
  }

  @Test
  void certificates_of_a_file_are_trusted_for_their_hosts() {
    ports(api("localhost", "cacert", "ca.pem"));

    assertThatThrownBy(() -> ports(api("127.0.0.1", "cacert", "ca.pem")))
        .isInstanceOf(ApiFailure.class);
  }

  @Test
  void everybody_is_trusted_only_if_that_is_written() {
    ports(api("127.0.0.1", "verify", "false"));
  }

  @Test
  void a_file_without_certificates_is_refused_by_its_name() throws Exception {
    Files.writeString(folder.resolve("empty.pem"), "");

    assertThatThrownBy(() -> api("localhost", "cacert", "empty.pem"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("empty.pem");
  }

  @Test
  void a_proxy_is_asked_except_for_hosts_that_are_left_out() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    ServerSocket proxy = new ServerSocket(0, 50, loopback());
    answer(proxy, asked);
    String there = "http://127.0.0.1:" + proxy.getLocalPort();

    ports(api("x", "endpoint", "http://neutron.example:9696", "proxy", there));
    assertThat(asked).containsExactly("GET http://neutron.example:9696/v2.0/ports HTTP/1.1");

    assertThatThrownBy(
            () ->
                ports(
                    api(
                        "x",
                        "endpoint",
                        "http://127.0.0.1:1",
                        "proxy",
                        there,
                        "no_proxy",
                        "example, 127.0.0.1")))
        .isInstanceOf(ApiFailure.class);
    assertThat(asked).hasSize(1);
    proxy.close();
  }
}
