package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpFamily;
import io.dualstack.testkit.lab.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A TCP connection between two containers that stays open while things happen. */
final class HeldConnection implements AutoCloseable {
  private final Socket client;
  private final Socket server;
  private int said;

  private HeldConnection(Socket client, Socket server) {
    this.client = client;
    this.server = server;
  }

  /** Opens one in each family. */
  static List<HeldConnection> open(Member from, Member to) throws IOException {
    List<HeldConnection> held = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      try (ServerSocket listening =
          to.container().call(() -> new ServerSocket(0, 1, to.address(family).toInetAddress()))) {
        Socket client =
            from.container()
                .call(
                    () -> {
                      Socket socket = new Socket();
                      socket.connect(
                          new InetSocketAddress(
                              to.address(family).toInetAddress(), listening.getLocalPort()),
                          patience());
                      return socket;
                    });
        client.setSoTimeout(patience());
        Socket server = listening.accept();
        server.setSoTimeout(patience());
        held.add(new HeldConnection(client, server));
      }
    }
    return held;
  }

  private static int patience() {
    return 5 * Math.toIntExact(Lab.PATIENCE.toMillis());
  }

  /** Says something in each direction. */
  void assertCarries() throws IOException {
    said++;
    for (Socket[] direction : new Socket[][] {{client, server}, {server, client}}) {
      byte[] word = ("word " + said).getBytes(StandardCharsets.US_ASCII);
      direction[0].getOutputStream().write(word);
      assertThat(direction[1].getInputStream().readNBytes(word.length)).isEqualTo(word);
    }
  }

  @Override
  public void close() throws IOException {
    try (client;
        server) {
      assertThat(client.isConnected()).isTrue();
    }
  }
}
