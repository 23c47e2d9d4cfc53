package io.dualstack.testkit.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeServerTest {
  private final AtomicInteger done = new AtomicInteger();
  private final FakeServer server =
      new FakeServer() {
        @Override
        protected String operation(FakeRequest request) {
          return request.form().getOrDefault("Action", List.of("none")).get(0);
        }

        @Override
        protected FakeAnswer answer(FakeRequest request) {
          return FakeAnswer.json(200, "{\"done\":" + done.incrementAndGet() + "}");
        }

        @Override
        protected FakeAnswer throttled(FakeRequest request) {
          return FakeAnswer.empty(429).with("Retry-After", "0");
        }

        @Override
        protected FakeAnswer failed(FakeRequest request) {
          return FakeAnswer.empty(500);
        }
      };

  @AfterEach
  void close() {
    server.close();
    server.close();
  }

  private record Response(int statusCode, String body) {}

  /** Sends a request once, which clients that try again by themselves don't. */
  private Response post(String body) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.endpoint().getPort())) {
      String request =
          "POST /x?a=1&b=%20&a=2 HTTP/1.0\r\nHost: fake\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      if (answer.isEmpty()) {
        throw new IOException("the connection was cut");
      }
      return new Response(
          Integer.parseInt(answer.split(" ", 3)[1]),
          answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }
  }

  @Test
  void answers_and_remembers_what_was_asked() throws Exception {
    assertThat(post("Action=Make&Name=a%2Fb").body()).isEqualTo("{\"done\":1}");

    FakeRequest request = server.requests().get(0);
    assertThat(request.path()).isEqualTo("/x");
    assertThat(request.query())
        .containsEntry("a", List.of("1", "2"))
        .containsEntry("b", List.of(" "));
    assertThat(request.form()).containsEntry("Name", List.of("a/b"));
    assertThat(request.header("HOST")).isPresent();
    server.forgetRequests();
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void faults_meet_their_operation_one_by_one() throws Exception {
    server.faults().next("Make", Fault.THROTTLED, new Fault.Answered(FakeAnswer.empty(403)));

    assertThat(post("Action=Look").statusCode()).isEqualTo(200);
    assertThat(post("Action=Make").statusCode()).isEqualTo(429);
    assertThat(post("Action=Make").statusCode()).isEqualTo(403);
    assertThat(post("Action=Make").statusCode()).isEqualTo(200);
    assertThat(done).hasValue(2);
  }

  @Test
  void a_connection_that_is_cut_before_leaves_nothing_done_and_after_all() {
    server.faults().next("Make", Fault.CUT_BEFORE);
    assertThatThrownBy(() -> post("Action=Make")).isInstanceOf(IOException.class);
    assertThat(done).hasValue(0);

    server.faults().next("Make", Fault.CUT_AFTER);
    assertThatThrownBy(() -> post("Action=Make")).isInstanceOf(IOException.class);
    assertThat(done).hasValue(1);
  }

  @Test
  void all_requests_fail_after_some_until_cleared() throws Exception {
    server.faults().allAfter(1, Fault.FAILED);

    assertThat(post("Action=Make").statusCode()).isEqualTo(200);
    assertThat(post("Action=Make").statusCode()).isEqualTo(500);
    assertThat(post("Action=Look").statusCode()).isEqualTo(500);
    server.faults().clear();
    assertThat(post("Action=Look").statusCode()).isEqualTo(200);
  }
}
