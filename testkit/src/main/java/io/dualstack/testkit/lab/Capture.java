package io.dualstack.testkit.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a device has seen since {@link LabHost#capture}: IP packets of both families and directions.
 * Thread-safe.
 *
 * <p>To show that a packet does not arrive, send another one after it that does, and {@link #await}
 * that.
 */
public final class Capture implements AutoCloseable {
  private final String where;
  private final Thread thread;
  private final List<CapturedPacket> packets = new ArrayList<>();
  private volatile boolean closed;

  private Capture(String where, PacketSocket socket) {
    this.where = where;
    this.thread = new Thread(() -> record(socket), "lab capture " + where);
    thread.setDaemon(true);
    thread.start();
  }

  static Capture start(LabHost host, String device) {
    return new Capture(host + " " + device, host.call(() -> PacketSocket.open(device)));
  }

  private void record(PacketSocket socket) {
    try (socket) {
      while (!closed) {
        socket.next().flatMap(CapturedPacket::parse).ifPresent(this::add);
      }
    }
  }

  private synchronized void add(CapturedPacket packet) {
    packets.add(packet);
    notifyAll();
  }

  /**
   * Returns what was seen by now.
   *
   * @return the packets in their order, a copy
   */
  public synchronized List<CapturedPacket> packets() {
    return List.copyOf(packets);
  }

  /**
   * Waits for a packet.
   *
   * @param which what it must be like
   * @return the first that is, also if it was seen before
   * @throws AssertionError with all that was seen, if there is none within five times {@link
   *     Lab#PATIENCE}
   */
  public synchronized CapturedPacket await(Predicate<CapturedPacket> which) {
    long end = System.nanoTime() + 5 * Lab.PATIENCE.toNanos();
    int next = 0;
    while (true) {
      for (; next < packets.size(); next++) {
        if (which.test(packets.get(next))) {
          return packets.get(next);
        }
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError(where + ": the packet did not come; seen: " + packets);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** Ends the record; what was seen stays. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "capture of " + where;
  }
}
