package io.dualstack.impl.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server of HTTP that answers the first request of each connection, and reads the next to its end
 * to close the connection without an answer, as a server does that is stopped in between.
 */
final class RawServer implements AutoCloseable {

  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listening;
  private final List<String> methods = new CopyOnWriteArrayList<>();

  private RawServer(ServerSocket listening) {
    this.listening = listening;
  }

  static RawServer start() throws IOException {
    RawServer server = new RawServer(new ServerSocket(0, 5, InetAddress.getByName("::1")));
    Thread thread = new Thread(server::acceptAll, "raw server");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  URI url() {
    return URI.create("http://[::1]:" + listening.getLocalPort());
  }

  /** The method of each request that was read to its end, whatever it was answered. */
  List<String> methods() {
    return methods;
  }

  private void acceptAll() {
    while (!listening.isClosed()) {
      try (Socket connection = listening.accept()) {
        InputStream in = new BufferedInputStream(connection.getInputStream());
        if (readRequest(in)) {
          connection.getOutputStream().write(ANSWER);
          readRequest(in);
        }
      } catch (IOException e) {
        // The next one.
      }
    }
  }

  private boolean readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        return false;
      }
      head.append((char) read);
    }
    int body =
        head.toString()
            .lines()
            .filter(line -> line.startsWith("Content-Length: "))
            .mapToInt(line -> Integer.parseInt(line.substring(16)))
            .sum();
    in.readNBytes(body);
    methods.add(head.substring(0, head.indexOf(" ")));
    return true;
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
