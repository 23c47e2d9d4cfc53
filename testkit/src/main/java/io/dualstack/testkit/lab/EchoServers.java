package io.dualstack.testkit.lab;

import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A TCP and a UDP server on one host, which answer with the source address they saw. */
final class EchoServers implements AutoCloseable {
  private final LabHost host;
  private final ServerSocketChannel tcp;
  private final DatagramChannel udp;

  private EchoServers(LabHost host, ServerSocketChannel tcp, DatagramChannel udp) {
    this.host = host;
    this.tcp = tcp;
    this.udp = udp;
  }

  static EchoServers start(LabHost host, IpAddress target) {
    EchoServers servers =
        host.call(
            () ->
                new EchoServers(
                    host,
                    ServerSocketChannel.open().bind(new InetSocketAddress(0)),
                    datagrams(target)));
    servers.serve("tcp", servers::acceptAll);
    servers.serve("udp", servers::answerAll);
    return servers;
  }

  /** On the very address if it is the host's, so that answers come from it by whatever device. */
  private static DatagramChannel datagrams(IpAddress target) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      return channel.bind(new InetSocketAddress(target.toInetAddress(), 0));
    } catch (BindException elsewhere) {
      return channel.bind(new InetSocketAddress(0));
    }
  }

  private interface Loop {
    void run() throws IOException;
  }

  private void serve(String name, Loop loop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } catch (IOException closed) {
                // That is how it ends.
              }
            },
            "lab " + host + " " + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() throws IOException {
    while (true) {
      try (SocketChannel connection = tcp.accept()) {
        ByteBuffer answer = text((InetSocketAddress) connection.getRemoteAddress());
        while (answer.hasRemaining()) {
          int written = connection.write(answer);
          assert written >= 0;
        }
      }
    }
  }

  private void answerAll() throws IOException {
    ByteBuffer question = ByteBuffer.allocate(64);
    while (true) {
      InetSocketAddress from = (InetSocketAddress) udp.receive(question.clear());
      try {
        int sent = udp.send(text(from), from);
        assert sent > 0;
      } catch (IOException unanswerable) {
        if (!udp.isOpen()) {
          throw unanswerable;
        }
      }
    }
  }

  private static ByteBuffer text(InetSocketAddress from) {
    return StandardCharsets.US_ASCII.encode(IpAddress.of(from.getAddress()).toString());
  }

  Contact contactedFrom(LabHost client, IpAddress target) {
    return new Contact(
        "%s to %s, %s".formatted(client, host, target),
        isPinged(client, target),
        client.call(() -> overTcp(target)),
        client.call(() -> overUdp(target)));
  }

  private static boolean isPinged(LabHost client, IpAddress target) {
    // Mostly one is enough. It may have met a device whose carrier the kernel has yet to notice.
    return isPinged(client, target, "-c 1 -W 0.2")
        || isPinged(client, target, "-c 3 -i 0.2 -W " + Lab.PATIENCE.toSeconds());
  }

  private static boolean isPinged(LabHost client, IpAddress target, String options) {
    List<String> ping = List.of(("ping -n " + options + " " + target).split(" "));
    return LabCommand.run(client.namespace(), ping, "").exitCode() == 0;
  }

  private Optional<IpAddress> overTcp(IpAddress target) throws IOException {
    int port = ((InetSocketAddress) tcp.getLocalAddress()).getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(target.toInetAddress(), port), patience());
      socket.setSoTimeout(patience());
      return Optional.of(read(socket.getInputStream().readAllBytes()));
    } catch (IOException unreached) {
      return Optional.empty();
    }
  }

  private Optional<IpAddress> overUdp(IpAddress target) throws IOException {
    int port = ((InetSocketAddress) udp.getLocalAddress()).getPort();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(patience());
      // Connected, so that a refusal of the network is heard.
      socket.connect(new InetSocketAddress(target.toInetAddress(), port));
      socket.send(new DatagramPacket(new byte[] {'?'}, 1));
      DatagramPacket answer = new DatagramPacket(new byte[64], 64);
      socket.receive(answer);
      return Optional.of(read(Arrays.copyOf(answer.getData(), answer.getLength())));
    } catch (IOException unreached) {
      return Optional.empty();
    }
  }

  private static IpAddress read(byte[] answer) {
    return IpAddress.parse(new String(answer, StandardCharsets.US_ASCII));
  }

  private static int patience() {
    return Math.toIntExact(Lab.PATIENCE.toMillis());
  }

  @Override
  public void close() {
    try (tcp;
        udp) {
      assert tcp.isOpen();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
