package io.dualstack.impl.firewall;

import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;

/** Whether one host reaches a port of another, by a server that is there for the question. */
final class Reachable {
  private static final int PATIENCE = Math.toIntExact(Lab.PATIENCE.toMillis());

  private Reachable() {}

  static boolean tcp(LabHost from, LabHost to, String address, int port) {
    return tcp(from, to, address, port, port);
  }

  /** Whether a connection to a port is accepted by a server on another. */
  static boolean tcp(LabHost from, LabHost to, String address, int port, int serverPort) {
    try (ServerSocket server = to.call(() -> new ServerSocket(serverPort))) {
      // By a process: Java looks up a link-local address's device in the first thread's namespace.
      String connect =
          "timeout %d bash -c 'exec 3<>/dev/tcp/%s/%d' 2>/dev/null && echo reached || echo refused"
              .formatted(Lab.PATIENCE.toSeconds(), address, port);
      return server.isBound() && from.run("bash", "-c", connect).equals("reached\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a datagram arrives at a port. */
  static boolean udp(LabHost from, LabHost to, String address, int port) {
    try (DatagramSocket server = to.call(() -> new DatagramSocket(port))) {
      boolean sent =
          from.call(
              () -> {
                try (DatagramSocket socket = new DatagramSocket()) {
                  socket.connect(new InetSocketAddress(address, port));
                  socket.send(new DatagramPacket(new byte[] {1}, 1));
                  // A refusal of the network is heard here, or nothing.
                  socket.setSoTimeout(300);
                  socket.receive(new DatagramPacket(new byte[1], 1));
                  return true;
                } catch (SocketTimeoutException silent) {
                  return true;
                } catch (IOException refused) {
                  return false;
                }
              });
      if (sent) {
        server.setSoTimeout(PATIENCE);
        server.receive(new DatagramPacket(new byte[1], 1));
      }
      return sent;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
