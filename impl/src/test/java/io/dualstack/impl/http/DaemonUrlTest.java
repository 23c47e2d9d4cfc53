package io.dualstack.impl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:23954",
        "https://cell.example.com",
        "HTTP://[2001:db8::1]:8080/behind/a/proxy/"
      })
  void urls_of_http_are_kept_as_they_are(String text) {
    assertThat(DaemonUrl.parse(text)).isInstanceOf(DaemonUrl.Http.class).hasToString(text);
  }

  @Test
  void a_socket_is_a_path() {
    DaemonUrl.Socket socket = new DaemonUrl.Socket(Path.of("/run/d.sock"));

    assertThat(DaemonUrl.parse("unix:/run/d.sock")).isEqualTo(socket);
    assertThat(DaemonUrl.parse("unix:///run/d.sock"))
        .isEqualTo(socket)
        .hasToString("unix:/run/d.sock");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "127.0.0.1:23954, is no URL",
        "/run/d.sock, says not how to reach it; write http://HOST:PORT",
        "ftp://cell, says not how to reach it",
        "http://2001:db8::1:80, names no host",
        "http://[2001:db8::1, is no URL",
        "http://cell:0, port 0 is none; use 1 to 65535",
        "https://cell:65536, port 65536 is none",
        "http:/cell, names no host",
        "http://me@cell, leave out what is before @",
        "http://cell?x, leave out what is before @ or after ?",
        "unix:run/d.sock, is no path from the root on; write unix:/PATH",
        "unix://run/d.sock, is no path from the root on",
        "unix:, is no path from the root on",
        "`` , says not how to reach it"
      })
  void whatever_else_is_refused_with_what_would_be_right(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DaemonUrl.parse(text))
        .withMessageStartingWith("\"" + text + "\": ")
        .withMessageContaining(why);
  }
}
