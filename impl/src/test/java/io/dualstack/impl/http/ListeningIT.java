package io.dualstack.impl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By which addresses a server is reached that was told to listen at one. */
@ExtendWith(LabExtension.class)
class ListeningIT {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 127.0.0.1 127.0.0.2 ::1",
    "::, 127.0.0.1 127.0.0.2 ::1",
    "[::], 127.0.0.1 127.0.0.2 ::1",
    "127.0.0.1, 127.0.0.1",
    "::1, ::1",
    "[::1], ::1",
    "0:0:0:0:0:0:0:1, ::1",
    "::ffff:127.0.0.2, 127.0.0.2",
    "localhost, 127.0.0.1",
  })
  void both_families_at_either_wildcard_and_else_the_one_address(
      String host, String reached, Lab lab) {
    LabHost machine = lab.container("machine");
    machine.ip("link set dev lo up");
    try (Namespace namespace = Namespace.open(machine.namespace())) {
      HttpServer server =
          namespace.call(
              () ->
                  Listening.at(
                      "/listen_host",
                      Listening.address(host, 0),
                      address -> Plain.start(address, Plain::sendNotFound)));
      try {
        List<String> answering = new ArrayList<>();
        for (String each : List.of("127.0.0.1", "127.0.0.2", "::1")) {
          if (namespace.call(() -> isReached(each, server.getAddress().getPort()))) {
            answering.add(each);
          }
        }
        assertThat(answering).containsExactly(reached.split(" "));
      } finally {
        server.stop(0);
      }
    }
  }

  private static boolean isReached(String address, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port));
      return true;
    } catch (ConnectException refused) {
      return false;
    }
  }

  @Test
  void an_address_of_somebody_else_is_refused_with_the_value() {
    assertThatThrownBy(
            () ->
                Listening.at(
                    "/listen_port",
                    Listening.address("192.0.2.1", 0),
                    address -> Plain.start(address, Plain::sendNotFound)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("192.0.2.1:0: can't be listened on");
  }
}
