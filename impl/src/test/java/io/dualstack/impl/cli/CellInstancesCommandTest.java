package io.dualstack.impl.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cell.Await;
import io.dualstack.impl.cell.CellInstances;
import io.dualstack.impl.cell.InstancesHandler;
import io.dualstack.impl.cell.PluginSocket;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.impl.kernel.Flock;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code instances --cell}, against servers of each kind, and against what is none. */
class CellInstancesCommandTest {
  private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
  private static final String CONTAINERS =
      """
      {"a":{"handle":"a","ip":"10.255.1.2","ipv6":"2001:db8::2","metadata":null},
       "b":{"handle":"b","ip":"10.255.1.3","metadata":null}}
      """;

  @TempDir private Path folder;
  private Path store;
  private CellInstances instances;
  private String out;
  private String err;

  @BeforeEach
  void a_cell() throws IOException {
    store = Files.writeString(folder.resolve("silk.json"), CONTAINERS);
    Path wrapper =
        Files.writeString(
            folder.resolve("wrapper.json"),
            "{\"a\":{\"handle\":\"a\",\"ip\":\"10.255.1.2\",\"metadata\":{\"policy_group_id\":\"app\","
                + "\"log_config\":\"{\\\"index\\\":1}\"}}}");
    instances = new CellInstances(IpAddress.parse("10.0.0.1"), store, wrapper);
  }

  private int run(String... arguments) {
    StringWriter said = new StringWriter();
    StringWriter refused = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(refused, true));
    List<String> all = new ArrayList<>(List.of("instances"));
    all.addAll(List.of(arguments));
    int code = line.execute(all.toArray(String[]::new));
    out = said.toString();
    err = refused.toString();
    return code;
  }

  private String refusal(int code, String... arguments) {
    assertThat(run(arguments)).as(err).isEqualTo(code);
    assertThat(out).isEmpty();
    assertThat(err).doesNotContain("\tat ").doesNotContain("InternalError");
    return err;
  }

  private static String url(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private HttpServer serve(HttpHandler handler) throws IOException {
    return Plain.start(ANY, handler);
  }

  private PluginSocket socket(Path file) {
    return PluginSocket.serve(
        file, new HostLocalIpam(IpamDurability.DURABLE), Namespace.own(), instances);
  }

  // What is shown

  @Test
  void containers_are_shown_with_both_addresses_and_by_guid_where_no_process_is_known()
      throws IOException {
    HttpServer server = serve(new InstancesHandler(instances));

    assertThat(run("--cell", url(server))).as(err).isZero();

    server.stop(0);
    assertThat(out.lines())
        .containsExactly(
            "PROCESS  INSTANCE  STATE     SINCE  CELL      IPV4        IPV6         PORTS",
            "app      #1        ATTACHED  -      10.0.0.1  10.255.1.2  2001:db8::2  -",
            "-        b         ATTACHED  -      10.0.0.1  10.255.1.3  -            -");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatever_the_way_it_is_what_a_file_of_the_same_records_shows(boolean json)
      throws IOException {
    Path file = Files.write(folder.resolve("records.json"), instances.answer().body());
    TestAuthority authority = TestAuthority.in(folder, "ca");
    TestAuthority.Identity server = authority.issue("server");
    TestAuthority.Identity client = authority.issue("client");
    MutualTls tls =
        MutualTls.read(
            authority.certificate(),
            server.certificate(),
            server.key(),
            new MutualTls.Names("ca", "certificate", "key"));
    Path socket = folder.resolve("s");
    List<String> shown = new ArrayList<>();
    HttpServer plain = serve(new InstancesHandler(instances));
    try (PluginSocket plugins = socket(socket);
        TlsServer secure = TlsServer.start(ANY, tls, "cell", new InstancesHandler(instances))) {
      for (List<String> way :
          List.of(
              List.of("--file", file.toString()),
              List.of("--cell", url(plain) + "/"),
              List.of("--cell", "unix:" + socket),
              List.of(
                  "--cell",
                  "https://127.0.0.1:" + secure.address().getPort(),
                  "--ca-cert-file",
                  authority.certificate().toString(),
                  "--client-cert-file",
                  client.certificate().toString(),
                  "--client-key-file",
                  client.key().toString()))) {
        List<String> arguments = new ArrayList<>(way);
        if (json) {
          arguments.add("--json");
        }
        assertThat(run(arguments.toArray(String[]::new))).as(err).isZero();
        shown.add(out);
      }
      assertThat(plugins).isNotNull();
    }
    plain.stop(0);

    assertThat(shown.get(0)).contains("2001:db8::2");
    assertThat(shown).containsOnly(shown.get(0));
  }

  @Test
  void a_cell_without_ipv6_and_one_without_containers_show_nothing_of_it() throws IOException {
    HttpServer server = serve(new InstancesHandler(instances));
    Files.writeString(store, "{\"a\":{\"handle\":\"a\",\"ip\":\"10.255.1.2\",\"metadata\":null}}");
    assertThat(run("--cell", url(server))).isZero();
    assertThat(out).contains("10.255.1.2").doesNotContainIgnoringCase("ipv6");
    assertThat(run("--cell", url(server), "--json")).isZero();
    assertThat(out).contains("10.255.1.2").doesNotContainIgnoringCase("ipv6");

    Files.writeString(store, "{}");
    assertThat(run("--cell", url(server))).isZero();
    server.stop(0);
    assertThat(out).isEqualTo("There are no instances.\n");
  }

  // What is refused

  @Test
  void a_url_that_is_none_is_named_with_what_would_be_right() {
    assertThat(refusal(2, "--cell", "127.0.0.1:23954"))
        .contains("--cell", "\"127.0.0.1:23954\": is no URL");
    assertThat(refusal(2, "--cell", "unix:x")).contains("--cell", "write unix:/PATH");
  }

  @Test
  void one_source_is_needed_and_a_key_needs_its_certificate() {
    assertThat(refusal(2)).contains("--file", "--cell");
    assertThat(refusal(2, "--cell", "http://h", "--file", "f")).contains("--file", "--cell");
    assertThat(refusal(2, "--file", "f", "--ca-cert-file", "ca")).contains("--cell");
    assertThat(
            refusal(2, "--cell", "https://h", "--ca-cert-file", "ca", "--client-key-file", "key"))
        .contains("--client-cert-file");
  }

  @Test
  void certificates_go_with_https_alone() {
    for (String url : new String[] {"http://127.0.0.1:1", "unix:/nowhere"}) {
      assertThat(refusal(1, "--cell", url, "--ca-cert-file", folder + "/ca"))
          .contains("--ca-cert-file", url, "https://");
    }
    assertThat(refusal(1, "--cell", "https://127.0.0.1:1", "--ca-cert-file", folder + "/none"))
        .contains("--ca-cert-file: ", "none");
  }

  @Test
  void a_cell_that_is_not_there_is_said_with_its_address() throws IOException {
    int port;
    try (var free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThat(refusal(1, "--cell", "http://127.0.0.1:" + port))
        .contains("http://127.0.0.1:%d/instances".formatted(port), "check the address");
    assertThat(refusal(1, "--cell", "unix:" + folder.resolve("none.sock")))
        .contains("unix:" + folder.resolve("none.sock"), "--plugin-socket");
    assertThat(refusal(1, "--cell", "unix:" + "/x".repeat(100))).contains("--plugin-socket");
  }

  @Test
  void a_socket_that_never_answers_is_not_waited_for_without_end() throws IOException {
    Path silent = folder.resolve("silent");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(silent));

      assertThat(refusal(1, "--cell", "unix:" + silent)).contains("no answer in 5 s");
    }
  }

  @Test
  void who_is_no_cell_or_an_older_one_is_told_apart() throws IOException {
    HttpServer older =
        serve(
            exchange ->
                Plain.send(
                    exchange, Answer.ok("{\"overlay_subnet\":\"10.255.1.0/24\",\"mtu\":1450}")));
    assertThat(refusal(1, "--cell", url(older)))
        .contains("answered what are no instances", "health_check_port");
    older.stop(0);

    HttpServer other = serve(Plain::sendNotFound);
    assertThat(refusal(1, "--cell", url(other)))
        .contains("answered 404: 404 page not found", "health_check_port");
    other.stop(0);
  }

  @Test
  void what_the_cell_cant_tell_is_told_in_its_words_by_both_ways() throws IOException {
    Files.writeString(store, "nonsense");
    HttpServer server = serve(new InstancesHandler(instances));
    assertThat(refusal(1, "--cell", url(server))).contains("silk.json: is no JSON");
    server.stop(0);

    Path socket = folder.resolve("s");
    try (PluginSocket plugins = socket(socket)) {
      assertThat(plugins).isNotNull();
      assertThat(refusal(1, "--cell", "unix:" + socket)).contains("silk.json: is no JSON");
    }
  }

  // What is served

  @Test
  void only_get_is_answered() throws Exception {
    HttpServer server = serve(new InstancesHandler(instances));
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(url(server) + "/instances"))
                    .POST(BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString());
    server.stop(0);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET");
  }

  @Test
  void who_is_stuck_with_the_file_holds_up_two_askers_and_no_more() throws Exception {
    HttpServer server = serve(new InstancesHandler(instances));
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest question = HttpRequest.newBuilder(URI.create(url(server) + "/instances")).build();
    List<CompletableFuture<HttpResponse<byte[]>>> asked = new ArrayList<>();
    try (Flock stuck = Flock.lock(store)) {
      for (int i = 0; i < 8; i++) {
        asked.add(client.sendAsync(question, BodyHandlers.ofByteArray()));
      }
      Await.until(
          "six that are told to ask again",
          () -> asked.stream().filter(CompletableFuture::isDone).count() == 6);
      assertThat(asked)
          .filteredOn(CompletableFuture::isDone)
          .allSatisfy(
              each -> {
                assertThat(each.join().statusCode()).isEqualTo(503);
                assertThat(new String(each.join().body(), UTF_8)).contains("ask again");
              });
      assertThat(stuck).isNotNull();
    }
    assertThat(asked).filteredOn(each -> each.join().statusCode() == 200).hasSize(2);
    server.stop(0);
  }
}
