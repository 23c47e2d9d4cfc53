package io.dualstack.impl.kernel.nftables;

import com.sun.jna.LastErrorException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import io.dualstack.impl.kernel.NetlinkAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the kernel tells of the packet filters of one namespace: which process's changes are in
 * force. To be kept open, as the kernel may take tens of milliseconds to close it. When closed, it
 * tells nothing. For one thread, and one that closes it.
 */
public final class CommitNotices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommitNotices.class);

  /** How often it is looked whether there is still something to wait for. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  /** NFNLGRP_NFTABLES. */
  private static final int GROUP = 7;

  /** NFNL_SUBSYS_NFTABLES and NFT_MSG_NEWGEN. */
  private static final short NEW_GENERATION = 10 << 8 | 15;

  private static final int TYPE_AT = 4;
  private static final int HEADERS_BYTES = 20;
  private static final int ALIGNMENT = 4;

  /** NFTA_GEN_PROC_PID. */
  private static final int PROCESS = 2;

  /** What the kernel calls the first namespace of process numbers, PROC_PID_INIT_INO. */
  private static final String FIRST_NUMBERS = "pid:[4026531836]";

  private final Netlink socket;
  private boolean closed;

  private CommitNotices(Netlink socket) {
    this.socket = socket;
  }

  /**
   * Opens those of a namespace; empty where the kernel tells none, or tells other numbers of
   * processes than those that are seen here.
   */
  public static Optional<CommitNotices> open(Namespace namespace) {
    try {
      if (!Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().equals(FIRST_NUMBERS)) {
        return Optional.empty();
      }
      Netlink socket = namespace.call(() -> Netlink.open(Netlink.NETFILTER));
      socket.limitWait(PAUSE);
      // Of no group yet, but with an address.
      socket.subscribe(0);
      return Optional.of(new CommitNotices(socket));
    } catch (IOException | LastErrorException e) {
      LOG.atDebug().setCause(e).log("the kernel tells no notices of packet filters");
      return Optional.empty();
    }
  }

  /** Has the kernel tell what happens from now on, until {@link #stop}. */
  public synchronized void start() {
    if (!closed) {
      socket.join(GROUP);
    }
  }

  /** Ends that, and forgets what was told. */
  public synchronized void stop() {
    if (!closed) {
      socket.leave(GROUP);
    }
  }

  /**
   * Waits until changes of a process are in force.
   *
   * @param process its number
   * @param transactions how many it makes
   * @param isOver says that there is nothing to wait for any more; asked at least every 10 ms
   * @return whether the kernel told so; they may be in force and the notice be lost
   */
  public synchronized boolean await(long process, int transactions, BooleanSupplier isOver) {
    int left = transactions;
    try {
      while (!closed && left > 0 && !isOver.getAsBoolean()) {
        left -= socket.poll().map(told -> transactions(told, process)).orElse(0);
      }
    } catch (LastErrorException e) {
      // More was told than there is room for.
      LOG.atDebug().setCause(e).log("notices of packet filters are lost");
    }
    return left <= 0;
  }

  private static int transactions(ByteBuffer messages, long process) {
    int found = 0;
    int at = 0;
    while (at + HEADERS_BYTES <= messages.limit()) {
      int end = at + Math.max(messages.getInt(at), HEADERS_BYTES);
      if (end <= messages.limit()
          && messages.getShort(at + TYPE_AT) == NEW_GENERATION
          && process(messages, at + HEADERS_BYTES, end) == process) {
        found++;
      }
      at = aligned(end);
    }
    return found;
  }

  /** Returns 0 if it is not told. */
  private static long process(ByteBuffer messages, int attributes, int end) {
    byte[] number = NetlinkAttributes.read(messages, attributes, end).get(PROCESS);
    return number == null ? 0 : ByteBuffer.wrap(number).getInt();
  }

  private static int aligned(int at) {
    return at + ALIGNMENT - 1 & -ALIGNMENT;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      socket.close();
    }
  }
}
