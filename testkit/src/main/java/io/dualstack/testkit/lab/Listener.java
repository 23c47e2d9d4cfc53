package io.dualstack.testkit.lab;

import io.dualstack.firewall.Service;
import io.dualstack.net.IpAddress;
import io.dualstack.net.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server on a port of a host, which answers every connection or datagram with the source address
 * it saw, and counts them. Thread-safe.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int RETRY_MILLISECONDS = 10;
  private static final int BUFFER_BYTES = 1 << 20;

  private final NetworkChannel channel;
  private final AtomicLong arrived = new AtomicLong();
  private final Thread thread;

  private Listener(NetworkChannel channel, String name) {
    this.channel = channel;
    this.thread = new Thread(this::serve, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Starts one.
   *
   * @param service TCP or UDP; port 0 for any that is free
   */
  static Listener start(LabHost host, IpAddress address, Service service) {
    boolean isTcp = service.protocol().equals(Protocol.TCP);
    if (!isTcp && !service.protocol().equals(Protocol.UDP)) {
      throw new IllegalArgumentException(service + ": can't be listened on; use tcp or udp");
    }
    return host.call(
        () ->
            new Listener(
                isTcp
                    ? bound(ServerSocketChannel.open(), address, service.detail())
                    : bound(DatagramChannel.open(), address, service.detail()),
                "lab %s %s".formatted(host, service)));
  }

  /** On the very address if it is the host's, so that answers come from it by whatever device. */
  private static NetworkChannel bound(NetworkChannel channel, IpAddress address, int port)
      throws IOException, InterruptedException {
    NetworkChannel sized = channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    // A process that is just being started holds for a moment what was closed in this one.
    long deadline = System.nanoTime() + Lab.PATIENCE.toNanos();
    while (true) {
      try {
        return boundTo(sized, address, port);
      } catch (BindException taken) {
        if (System.nanoTime() > deadline) {
          throw taken;
        }
        Thread.sleep(RETRY_MILLISECONDS);
      }
    }
  }

  private static NetworkChannel boundTo(NetworkChannel channel, IpAddress address, int port)
      throws IOException {
    try {
      return bind(channel, new InetSocketAddress(address.toInetAddress(), port));
    } catch (BindException elsewhere) {
      return bind(channel, new InetSocketAddress(port));
    }
  }

  private static NetworkChannel bind(NetworkChannel channel, InetSocketAddress address)
      throws IOException {
    return channel instanceof ServerSocketChannel server
        ? server.bind(address, BACKLOG)
        : channel.bind(address);
  }

  private void serve() {
    try {
      if (channel instanceof ServerSocketChannel server) {
        acceptAll(server);
      } else {
        answerAll((DatagramChannel) channel);
      }
    } catch (IOException closed) {
      // That is how it ends.
    }
  }

  private void acceptAll(ServerSocketChannel server) throws IOException {
    while (true) {
      try (SocketChannel connection = server.accept()) {
        arrived.incrementAndGet();
        ByteBuffer answer = text((InetSocketAddress) connection.getRemoteAddress());
        while (answer.hasRemaining()) {
          int written = connection.write(answer);
          assert written >= 0;
        }
      } catch (IOException goneAgain) {
        if (!server.isOpen()) {
          throw goneAgain;
        }
      }
    }
  }

  private void answerAll(DatagramChannel server) throws IOException {
    ByteBuffer question = ByteBuffer.allocate(64);
    while (true) {
      InetSocketAddress from = (InetSocketAddress) server.receive(question.clear());
      arrived.incrementAndGet();
      try {
        int sent = server.send(text(from), from);
        assert sent > 0;
      } catch (IOException unanswerable) {
        if (!server.isOpen()) {
          throw unanswerable;
        }
      }
    }
  }

  private static ByteBuffer text(InetSocketAddress from) {
    return StandardCharsets.US_ASCII.encode(IpAddress.of(from.getAddress()).toString());
  }

  /**
   * Returns the port it listens on.
   *
   * @return the port
   */
  public int port() {
    try {
      return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns how many connections or datagrams arrived so far, whoever sent them.
   *
   * @return how many
   */
  public long arrived() {
    return arrived.get();
  }

  /** Ends it; the port is free when this returns. Closing twice is closing once. */
  @Override
  public void close() {
    try {
      channel.close();
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
