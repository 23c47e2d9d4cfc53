package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A TCP connection that stays open while things happen. */
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
      held.add(open(from.container(), to.address(family), 0, to.container(), 0));
    }
    return held;
  }

  /**
   * Opens one to where a port may be mapped.
   *
   * @param port where the client connects to; 0 for the very port of the server
   * @param serverPort what the server listens on; 0 for any
   */
  static HeldConnection open(
      LabHost from, IpAddress target, int port, LabHost server, int serverPort) throws IOException {
    try (ServerSocket listening = server.call(() -> new ServerSocket(serverPort, 1))) {
      InetSocketAddress asked =
          new InetSocketAddress(
              target.toInetAddress(), port == 0 ? listening.getLocalPort() : port);
      Socket client =
          from.call(
              () -> {
                Socket socket = new Socket();
                socket.connect(asked, patience());
                return socket;
              });
      client.setSoTimeout(patience());
      listening.setSoTimeout(patience());
      Socket accepted = listening.accept();
      accepted.setSoTimeout(patience());
      return new HeldConnection(client, accepted);
    }
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
