package io.dualstack.impl.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between clients and a server on loopback, and cuts a connection where it is told to. After
 * a cut it passes all through again.
 */
public final class CuttingProxy implements AutoCloseable {

  /** Where the next connection that commits is cut. */
  public enum Cut {
    /** The server never hears of the commit. */
    BEFORE_COMMIT,
    /** The server commits; its answer never arrives. */
    BEFORE_ANSWER
  }

  private final ServerSocket listening;
  private final int serverPort;
  private final String commit;
  private final AtomicReference<Cut> next = new AtomicReference<>();
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /**
   * Begins to listen.
   *
   * @param commit what is in a message that commits, and in no other
   */
  public CuttingProxy(int serverPort, String commit) throws IOException {
    this.serverPort = serverPort;
    this.commit = commit;
    this.listening = new ServerSocket(0, 50, InetAddress.getByName("::1"));
    start(this::accept);
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Cuts the next connection that commits. */
  public void cutNext(Cut where) {
    next.set(where);
  }

  /** Says whether a cut is still to come. */
  public boolean isArmed() {
    return next.get() != null;
  }

  /**
   * After that many messages of its clients, the last of which arrives, all of them are cut off.
   */
  public void cutAllAfter(int messages) {
    left.set(messages);
  }

  /** Says whether all clients were cut off. */
  public boolean hasCutAll() {
    return left.get() <= 0;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "cutting-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getByName("::1"), serverPort);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        AtomicReference<Cut> cut = new AtomicReference<>();
        start(() -> pass(client, server, cut, true));
        start(() -> pass(server, client, cut, false));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket from, Socket to, AtomicReference<Cut> cut, boolean isClient) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (isClient && new String(buffer, 0, read, US_ASCII).contains(commit)) {
          cut.set(next.getAndSet(null));
        }
        if (cut.get() == (isClient ? Cut.BEFORE_COMMIT : Cut.BEFORE_ANSWER)) {
          return;
        }
        out.write(buffer, 0, read);
        out.flush();
        if (isClient && left.decrementAndGet() <= 0) {
          close();
        }
      }
    } catch (IOException e) {
      // The other direction was cut.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket each : open) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
