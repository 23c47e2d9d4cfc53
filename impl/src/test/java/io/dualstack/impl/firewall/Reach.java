package io.dualstack.impl.firewall;

import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Whether one host reaches a port of another, by a server that is there for the question. */
final class Reach {
  private static final int PATIENCE = Math.toIntExact(Lab.PATIENCE.toMillis());

  private Reach() {}

  static boolean tcp(LabHost from, LabHost to, String address, int port) {
    return tcp(from, to, address, port, port);
  }

  /** Whether a connection to a port is accepted by a server on another. */
  static boolean tcp(LabHost from, LabHost to, String address, int port, int serverPort) {
    try (ServerSocket server = to.call(() -> new ServerSocket(serverPort))) {
      return from.call(
          () -> {
            try (Socket socket = new Socket()) {
              socket.connect(new InetSocketAddress(address, port), PATIENCE);
              return server.isBound();
            } catch (IOException refused) {
              return false;
            }
          });
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
                } catch (java.net.SocketTimeoutException silent) {
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
