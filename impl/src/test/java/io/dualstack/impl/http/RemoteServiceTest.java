package io.dualstack.impl.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.StoreUnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One service on the IPv6 loopback address, by URLs that have it in brackets. */
class RemoteServiceTest {

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final byte[] BODY = "a body".getBytes(UTF_8);

  @TempDir private Path folder;
  private final List<Runnable> ends = new ArrayList<>();

  @AfterEach
  void stop() {
    ends.forEach(Runnable::run);
  }

  private HttpServer serve(HttpHandler handler) throws IOException {
    HttpServer server = Plain.start(Listening.address("::1", 0), 32, handler);
    ends.add(() -> server.stop(0));
    return server;
  }

  private static URI url(HttpServer server) {
    return URI.create("http://[::1]:" + server.getAddress().getPort());
  }

  private RemoteService remote(HttpHandler handler) throws IOException {
    return RemoteService.of(url(serve(handler)), LONG, (ClientTls) null);
  }

  private static void tell(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    Plain.send(
        exchange,
        Answer.ok(
            "%s %s %s %s %s"
                .formatted(
                    exchange.getProtocol(),
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    body)));
  }

  private static String text(RemoteAnswer answer) {
    return answer.status() + " " + new String(answer.body(), UTF_8);
  }

  @Test
  void a_request_arrives_as_it_was_made() throws Exception {
    RemoteService remote = remote(RemoteServiceTest::tell);
    Map<String, String> headers = Map.of("Authorization", "bearer x");

    assertThat(text(remote.get("/a%2Fb?c=d%2Ce+f")))
        .isEqualTo("200 HTTP/1.1 GET /a%2Fb?c=d%2Ce+f null ");
    assertThat(text(remote.get("/", headers))).isEqualTo("200 HTTP/1.1 GET / bearer x ");
    assertThat(text(remote.put("/p", headers, BODY)))
        .isEqualTo("200 HTTP/1.1 PUT /p bearer x a body");
    assertThat(text(remote.post("/p", headers, BODY)))
        .isEqualTo("200 HTTP/1.1 POST /p bearer x a body");
  }

  @Test
  void a_redirect_is_an_answer() throws Exception {
    RemoteService remote =
        remote(
            exchange -> {
              exchange.getResponseHeaders().set("Location", "/elsewhere");
              Plain.send(exchange, new Answer(302, BODY));
            });

    assertThat(text(remote.get("/"))).isEqualTo("302 a body");
    assertThatThrownBy(() -> RemoteService.ok(remote.get("/x")))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageMatching("http://\\[::1]:\\d+/x: answered 302: a body");
  }

  @Test
  void who_does_not_listen_is_told_as_urls_have_it() throws Exception {
    HttpServer server = serve(RemoteServiceTest::tell);
    RemoteService remote = RemoteService.of(url(server), LONG, (ClientTls) null);
    server.stop(0);

    assertThatThrownBy(() -> remote.get("/x"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(url(server) + "/x: ")
        .hasMessageContaining("check the address");
  }

  @Test
  void an_address_that_means_something_on_one_link_only_is_refused_in_words() {
    RemoteService remote =
        RemoteService.of(URI.create("http://[fe80::1%25eth0]:1"), LONG, (ClientTls) null);

    assertThatThrownBy(() -> remote.get("/"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("http://[fe80::1%25eth0]:1/: can't be called");
  }

  @Test
  void silence_ends_with_the_timeout() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    ends.add(over::countDown);
    RemoteService remote =
        RemoteService.of(
            url(serve(exchange -> await(over))), Duration.ofMillis(50), (ClientTls) null);

    assertThatThrownBy(() -> remote.get("/"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("timeout");
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void an_interrupt_ends_a_call() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    ends.add(over::countDown);
    RemoteService remote =
        remote(
            exchange -> {
              asked.countDown();
              await(over);
            });
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread calling =
        new Thread(
            () -> {
              try {
                end.complete(text(remote.get("/")));
              } catch (StoreUnavailableException e) {
                end.complete(e.getMessage() + " " + Thread.currentThread().isInterrupted());
              }
            });
    calling.start();
    asked.await();

    calling.interrupt();

    assertThat(end.get()).endsWith("/: interrupted true");
  }

  @Test
  void no_call_waits_for_another() throws Exception {
    int calls = 20;
    CountDownLatch all = new CountDownLatch(calls);
    RemoteService remote =
        remote(
            exchange -> {
              all.countDown();
              await(all);
              Plain.send(exchange, Answer.ok("together"));
            });

    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      new Thread(() -> answer.complete(text(remote.get("/")))).start();
      answers.add(answer);
    }

    for (CompletableFuture<String> answer : answers) {
      assertThat(answer.get()).isEqualTo("200 together");
    }
  }

  @Test
  void what_has_a_body_is_never_sent_twice() throws Exception {
    try (RawServer server = RawServer.start()) {
      RemoteService remote = RemoteService.of(server.url(), LONG, (ClientTls) null);
      assertThat(text(remote.put("/", Map.of(), BODY))).isEqualTo("200 here");

      assertThatThrownBy(() -> remote.put("/", Map.of(), BODY))
          .isInstanceOf(StoreUnavailableException.class);

      assertThat(server.methods()).containsExactly("PUT", "PUT");
      assertThat(text(remote.post("/", Map.of(), BODY))).isEqualTo("200 here");
      assertThatThrownBy(() -> remote.post("/", Map.of(), BODY))
          .isInstanceOf(StoreUnavailableException.class);
      assertThat(server.methods()).containsExactly("PUT", "PUT", "POST", "POST");
    }
  }

  @Test
  void what_only_asks_is_asked_again_of_a_connection_that_was_closed() throws Exception {
    try (RawServer server = RawServer.start()) {
      RemoteService remote = RemoteService.of(server.url(), LONG, (ClientTls) null);
      assertThat(text(remote.get("/"))).isEqualTo("200 here");

      assertThat(text(remote.get("/"))).isEqualTo("200 here");

      assertThat(server.methods()).containsExactly("GET", "GET", "GET");
    }
  }

  @Test
  void a_server_that_asks_for_it_is_asked_again_but_not_given_a_body_again() throws Exception {
    List<String> methods = new CopyOnWriteArrayList<>();
    RemoteService remote =
        remote(
            exchange -> {
              methods.add(exchange.getRequestMethod());
              exchange.getResponseHeaders().set("Retry-After", "0");
              Plain.send(exchange, new Answer(503, BODY));
            });

    assertThat(text(remote.put("/", Map.of(), BODY))).isEqualTo("503 a body");
    assertThat(text(remote.get("/"))).isEqualTo("503 a body");
    assertThat(methods).containsExactly("PUT", "GET", "GET");
  }

  @Test
  void proxies_are_those_of_the_jvm() throws Exception {
    HttpServer proxy = serve(RemoteServiceTest::tell);
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            return List.of(
                new Proxy(
                    Proxy.Type.HTTP, new InetSocketAddress("::1", proxy.getAddress().getPort())));
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        });
    ends.add(() -> ProxySelector.setDefault(before));

    RemoteService remote =
        RemoteService.of(URI.create("http://policy.example:80"), LONG, (ClientTls) null);

    assertThat(text(remote.get("/x"))).isEqualTo("200 HTTP/1.1 GET http://policy.example/x null ");
  }

  // TLS

  private static MutualTls tls(TestAuthority authority, TestAuthority.Identity identity) {
    return MutualTls.read(
        authority.certificate(),
        identity.certificate(),
        identity.key(),
        new MutualTls.Names("/ca", "/certificate", "/key"));
  }

  @Test
  void the_certificate_must_have_the_address_and_be_of_the_authority() throws Exception {
    TestAuthority authority = TestAuthority.in(folder, "authority");
    TestAuthority stranger = TestAuthority.in(folder, "stranger");
    MutualTls client = tls(authority, authority.issue("client"));
    for (String name : new String[] {"::1", "::2", "127.0.0.1"}) {
      TlsServer server =
          TlsServer.start(
              Listening.address("::1", 0),
              tls(authority, authority.issue("server", name)),
              "server",
              exchange -> Plain.send(exchange, Answer.ok("here")));
      ends.add(server::close);
      URI url = URI.create("https://[::1]:" + server.address().getPort());

      if (name.equals("::1")) {
        assertThat(text(RemoteService.of(url, LONG, client).get("/"))).isEqualTo("200 here");
      } else {
        assertThatThrownBy(() -> RemoteService.of(url, LONG, client).get("/"))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("SSLPeerUnverifiedException");
      }
      for (ClientTls wrong :
          new ClientTls[] {
            null, MutualTls.trustOnly(stranger.certificate(), "/ca"),
          }) {
        assertThatThrownBy(() -> RemoteService.of(url, LONG, wrong).get("/"))
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("SSLHandshakeException");
      }
    }
  }
}
