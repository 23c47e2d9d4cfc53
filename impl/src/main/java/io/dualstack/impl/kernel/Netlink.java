package io.dualstack.impl.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A socket by which the kernel is told changes. It belongs to the network namespace of the thread
 * that opens it, whichever uses it then. Loading this class needs JNA.
 */
public final class Netlink implements AutoCloseable {
  /** Links, addresses, routes and neighbors. */
  public static final int ROUTE = 0;

  /** Packet filters. */
  public static final int NETFILTER = 12;

  private static final int AF_NETLINK = 16;

  /** struct sockaddr_nl. */
  private static final int ADDRESS_BYTES = 12;

  private static final int GROUPS_AT = 8;

  private static final int SOCK_RAW_CLOSE_ON_EXEC = 3 | 0x8_0000;
  private static final int SOL_SOCKET = 1;
  private static final int RECEIVE_TIMEOUT = 20;
  private static final int SEND_BUFFER_FORCED = 32;
  private static final int SOL_NETLINK = 270;
  private static final int ADD_MEMBERSHIP = 1;
  private static final int DROP_MEMBERSHIP = 2;
  private static final int CAP_ACK = 10;
  private static final int EXT_ACK = 11;

  private static final int HEADER_BYTES = 16;
  private static final int FLAG_CAPPED = 0x100;
  private static final int FLAG_ACK_ATTRIBUTES = 0x200;
  private static final int ATTRIBUTE_MESSAGE = 1;
  private static final int ENODEV = 19;
  private static final int DONT_WAIT = 0x40;

  /** More than any answer to a change takes. */
  private static final int ANSWER_BYTES = 8192;

  static {
    Native.register(Netlink.class, "c");
  }

  private final int socket;

  private Netlink(int socket) {
    this.socket = socket;
  }

  /**
   * Opens a socket.
   *
   * @param protocol {@link #ROUTE} or {@link #NETFILTER}
   * @throws LastErrorException if the kernel refuses
   */
  public static Netlink open(int protocol) {
    Netlink opened = new Netlink(socket(AF_NETLINK, SOCK_RAW_CLOSE_ON_EXEC, protocol));
    // Words for its errors, and no copy of what it was asked; without either it works as well.
    for (int option : new int[] {CAP_ACK, EXT_ACK}) {
      opened.set(SOL_NETLINK, option, 1);
    }
    return opened;
  }

  private void set(int level, int option, int value) {
    int set = setsockopt(socket, level, option, new int[] {value}, Integer.BYTES);
    assert set == 0;
  }

  /**
   * Has the kernel tell what happens from now on, whoever does it.
   *
   * @param groups of what, a set of RTMGRP_*
   * @throws LastErrorException if the kernel refuses
   */
  public void subscribe(int groups) {
    // Other than a mere membership, an address of its own makes the kernel tell it.
    ByteBuffer address = ByteBuffer.allocate(ADDRESS_BYTES).order(ByteOrder.nativeOrder());
    address.putShort((short) AF_NETLINK).putInt(GROUPS_AT, groups);
    int bound = bind(socket, address.array(), ADDRESS_BYTES);
    assert bound == 0;
  }

  /**
   * Has the kernel tell what happens from now on, whoever does it, until {@link #leave}.
   *
   * @param group of what, by its number
   */
  public void join(int group) {
    set(SOL_NETLINK, ADD_MEMBERSHIP, group);
  }

  /** Has the kernel tell nothing more of a group, and forgets what it has told. */
  public void leave(int group) {
    set(SOL_NETLINK, DROP_MEMBERSHIP, group);
    byte[] unused = new byte[1];
    while (true) {
      try {
        long received = recv(socket, unused, unused.length, DONT_WAIT);
        assert received >= 0;
      } catch (LastErrorException e) {
        if (e.getErrorCode() == Libc.EWOULDBLOCK) {
          return;
        }
      }
    }
  }

  /** Lets as much be sent at once, which is more than what is usual. */
  public void reserve(int bytes) {
    set(SOL_SOCKET, SEND_BUFFER_FORCED, bytes);
  }

  /**
   * Sends messages to the kernel.
   *
   * @throws LastErrorException if it takes none
   */
  public void send(byte[] messages, int length) {
    long sent = send(socket, messages, length, 0);
    assert sent == length;
  }

  /**
   * Waits for the kernel's next message.
   *
   * @throws LastErrorException if there is an error of the socket
   */
  public ByteBuffer receive() {
    byte[] answer = new byte[ANSWER_BYTES];
    int length = (int) recv(socket, answer, answer.length, 0);
    return ByteBuffer.wrap(answer, 0, length).order(ByteOrder.nativeOrder());
  }

  /** Has {@link #poll} wait no longer than that. */
  public void limitWait(Duration longest) {
    long[] time = {longest.toSeconds(), TimeUnit.NANOSECONDS.toMicros(longest.getNano())};
    int set = setsockopt(socket, SOL_SOCKET, RECEIVE_TIMEOUT, time, time.length * Long.BYTES);
    assert set == 0;
  }

  /**
   * Waits for the kernel's next message for some time; empty when there was none.
   *
   * @throws LastErrorException if there is an error of the socket, as when messages were lost
   */
  public Optional<ByteBuffer> poll() {
    try {
      return Optional.of(receive());
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Libc.EWOULDBLOCK || e.getErrorCode() == Libc.EINTR) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Returns what the kernel has against a message, by its answer of type error; empty if that is an
   * acknowledgement, which is an error of number 0.
   */
  public static String refusal(ByteBuffer answer) {
    int error = -answer.getInt(HEADER_BYTES);
    if (error == 0) {
      return "";
    }
    String said = error == ENODEV ? "Cannot find device" : strerror(error);
    String detail = detail(answer);
    return detail.isEmpty() ? said : "%s: %s".formatted(said, detail);
  }

  /** What newer kernels say beside the number, behind a header of the request or all of it. */
  private static String detail(ByteBuffer answer) {
    int flags = answer.getShort(Integer.BYTES + Short.BYTES);
    if ((flags & FLAG_ACK_ATTRIBUTES) == 0) {
      return "";
    }
    int request = HEADER_BYTES + Integer.BYTES;
    int at = request + ((flags & FLAG_CAPPED) == 0 ? answer.getInt(request) : HEADER_BYTES);
    byte[] text = NetlinkAttributes.read(answer, at, answer.limit()).get(ATTRIBUTE_MESSAGE);
    return text == null ? "" : new String(text, 0, text.length - 1, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    int closed = close(socket);
    assert closed == 0;
  }

  private static native int socket(int domain, int type, int protocol) throws LastErrorException;

  private static native int bind(int socket, byte[] address, int length) throws LastErrorException;

  private static native int setsockopt(int socket, int level, int option, int[] value, int length);

  private static native int setsockopt(int socket, int level, int option, long[] value, int length);

  private static native long send(int socket, byte[] bytes, long length, int flags)
      throws LastErrorException;

  private static native long recv(int socket, byte[] into, long length, int flags)
      throws LastErrorException;

  private static native int close(int socket);

  private static native String strerror(int error);
}
