package io.dualstack.testkit.lab;

import io.dualstack.firewall.Service;
import io.dualstack.net.IpAddress;
import io.dualstack.net.Protocol;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The clients of a lab. Each attempt is a new connection, from a port of its own. */
final class Attempts {
  private Attempts() {}

  /**
   * Long enough for the kernel's first three tries: at once, after one second and after three. It
   * drops a refusal that comes back while it still holds the socket ({@code LockDroppedIcmps}),
   * which is how the first try often ends where both ends are on one machine. A later try may meet
   * a kernel that has sent all refusals it may at once ({@code icmp_msgs_burst}).
   */
  private static final int CONNECT_MILLIS = 4_000;

  /** To be called in the client's namespace. */
  interface Client {
    Attempt attempt() throws IOException;
  }

  static Client client(LabHost from, IpAddress target, Service service) {
    Protocol protocol = service.protocol();
    if (protocol.equals(Protocol.TCP)) {
      return () -> overTcp(target, service.detail());
    }
    if (protocol.equals(Protocol.UDP)) {
      return () -> overUdp(target, service.detail());
    }
    if (service.equals(Service.ping(target.family()))) {
      return () -> ping(from, target);
    }
    throw new IllegalArgumentException(
        "%s: there is no client for it; use tcp, udp or %s"
            .formatted(service, Service.ping(target.family())));
  }

  private static Attempt ping(LabHost client, IpAddress target) {
    // Mostly one is enough. It may have met a device whose carrier the kernel has yet to notice.
    Attempt first = ping(client, target, "-c 1 -W 0.2");
    return first.equals(Attempt.LOST)
        ? ping(client, target, "-c 3 -i 0.2 -W " + Lab.PATIENCE.toSeconds())
        : first;
  }

  private static Attempt ping(LabHost client, IpAddress target, String options) {
    List<String> command = List.of(("ping -n " + options + " " + target).split(" "));
    LabCommand ping = LabCommand.run(client.namespace(), command, "");
    if (ping.exitCode() == 0) {
      return new Attempt(Outcome.ANSWERED, Optional.empty());
    }
    // It counts the errors that came back, and fails in another way if it can't even send.
    return ping.exitCode() > 1 || ping.output().contains(" errors, ")
        ? Attempt.REFUSED
        : Attempt.LOST;
  }

  private static Attempt overTcp(IpAddress target, int port) {
    try (Socket socket = new Socket()) {
      long start = System.nanoTime();
      socket.connect(new InetSocketAddress(target.toInetAddress(), port), CONNECT_MILLIS);
      if (System.nanoTime() - start > Lab.PATIENCE.toNanos()) {
        // Only a refusal may come late: a way that loses two tries in a row is no way.
        return Attempt.LOST;
      }
      socket.setSoTimeout(patience());
      return answered(socket.getInputStream().readAllBytes());
    } catch (IOException unreached) {
      return unreached(unreached);
    }
  }

  private static Attempt overUdp(IpAddress target, int port) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(patience());
      // Connected, so that a refusal of the network is heard.
      socket.connect(new InetSocketAddress(target.toInetAddress(), port));
      socket.send(new DatagramPacket(new byte[] {'?'}, 1));
      DatagramPacket answer = new DatagramPacket(new byte[64], 64);
      socket.receive(answer);
      return answered(Arrays.copyOf(answer.getData(), answer.getLength()));
    } catch (IOException unreached) {
      return unreached(unreached);
    }
  }

  private static Attempt answered(byte[] answer) {
    return new Attempt(
        Outcome.ANSWERED,
        Optional.of(IpAddress.parse(new String(answer, StandardCharsets.US_ASCII))));
  }

  /** Both kinds of timeouts are interruptions to Java; all other failures are somebody's word. */
  private static Attempt unreached(IOException failure) {
    return failure instanceof InterruptedIOException ? Attempt.LOST : Attempt.REFUSED;
  }

  static int patience() {
    return Math.toIntExact(Lab.PATIENCE.toMillis());
  }
}
