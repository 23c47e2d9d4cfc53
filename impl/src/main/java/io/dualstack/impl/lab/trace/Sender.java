package io.dualstack.impl.lab.trace;

import io.dualstack.firewall.Service;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.lab.trace.Answer.Kind;
import io.dualstack.net.IpAddress;
import io.dualstack.net.Protocol;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Sends the one packet: what opens a connection, a datagram, or an echo request. */
final class Sender {
  /**
   * More than the second after which TCP asks again: a refusal that comes while the first packet is
   * still being sent is not heard, as its socket is locked by then.
   */
  private static final int PATIENCE_MILLIS = 2_500;

  private Sender() {}

  static Answer send(Namespace from, IpAddress to, Service service) {
    return from.call(
        () -> {
          if (service.protocol().isIcmp()) {
            return ping(to);
          }
          return service.protocol().equals(Protocol.TCP)
              ? connect(to, service.detail())
              : tell(to, service.detail());
        });
  }

  private static Answer connect(IpAddress to, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(to.toInetAddress(), port), PATIENCE_MILLIS);
      return new Answer(Kind.TAKEN, "connected");
    } catch (SocketTimeoutException e) {
      return new Answer(Kind.SILENCE, "no answer");
    } catch (IOException e) {
      return failed(e);
    }
  }

  private static Answer failed(IOException e) {
    String said = String.valueOf(e.getMessage()).replaceFirst(" \\(.*", "");
    return said.contains("refused")
        ? new Answer(Kind.REFUSED, "connection refused")
        : new Answer(Kind.UNREACHABLE, said);
  }

  private static Answer tell(IpAddress to, int port) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(to.toInetAddress(), port));
      socket.send(new DatagramPacket(new byte[] {'?'}, 1));
      socket.receive(new DatagramPacket(new byte[1], 1));
      return new Answer(Kind.TAKEN, "answered");
    } catch (SocketTimeoutException e) {
      return new Answer(Kind.SILENCE, "no answer");
    } catch (PortUnreachableException e) {
      return new Answer(Kind.REFUSED, "port unreachable");
    } catch (IOException e) {
      return failed(e);
    }
  }

  private static Answer ping(IpAddress to) throws IOException {
    return to.toInetAddress().isReachable(PATIENCE_MILLIS)
        ? new Answer(Kind.TAKEN, "answered")
        : new Answer(Kind.SILENCE, "no answer");
  }
}
