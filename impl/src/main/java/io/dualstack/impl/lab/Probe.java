package io.dualstack.impl.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt to reach an {@link EchoServer}.
 *
 * @param outcome what happened
 * @param server who answered; null if nobody did
 * @param client the address that the server saw; null if nobody answered
 */
public record Probe(Outcome outcome, @Nullable String server, @Nullable IpAddress client) {
  private static final int PATIENCE_MILLIS = 3_000;

  /** What can happen to an attempt. */
  public enum Outcome {
    /** By an application. */
    ANSWERED,
    /** By the network, or the other end. */
    REFUSED,
    /** Nobody said anything. */
    LOST
  }

  /** Tries once, from a namespace. */
  static Probe of(Namespace from, IpAddress address, int port) {
    return from.call(() -> attempt(address, port));
  }

  private static Probe attempt(IpAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(address.toInetAddress(), port), PATIENCE_MILLIS);
      socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      List<String> lines = answer.lines().dropWhile(line -> !line.isEmpty()).skip(1).toList();
      return lines.size() == 2
          ? new Probe(Outcome.ANSWERED, lines.get(0), IpAddress.parse(lines.get(1)))
          : new Probe(Outcome.LOST, null, null);
    } catch (SocketTimeoutException e) {
      return new Probe(Outcome.LOST, null, null);
    } catch (IOException e) {
      return new Probe(Outcome.REFUSED, null, null);
    }
  }
}
