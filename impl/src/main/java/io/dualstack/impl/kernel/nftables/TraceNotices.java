package io.dualstack.impl.kernel.nftables;

import com.sun.jna.LastErrorException;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import io.dualstack.impl.kernel.NetlinkAttributes;
import io.dualstack.impl.kernel.nftables.TraceEvent.Fate;
import io.dualstack.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel tells of packets that are traced in one namespace: those that a rule gave {@code
 * nftrace}. Rules of iptables are among them where it is the variant that nftables carries out. For
 * one thread.
 */
public final class TraceNotices implements AutoCloseable {

  /** NFNLGRP_NFTRACE. */
  private static final int GROUP = 9;

  /** NFNL_SUBSYS_NFTABLES and NFT_MSG_TRACE. */
  private static final short TRACE = 10 << 8 | 17;

  private static final int TYPE_AT = 4;
  private static final int FAMILY_AT = 16;
  private static final int HEADERS_BYTES = 20;
  private static final int ALIGNMENT = 4;

  /** Attributes, NFTA_TRACE_*. */
  private static final int TABLE = 1;

  private static final int CHAIN = 2;
  private static final int RULE = 3;
  private static final int VERDICT = 5;
  private static final int NETWORK_HEADER = 8;
  private static final int IN = 10;
  private static final int OUT = 12;
  private static final int MARK = 14;
  private static final int POLICY = 16;
  private static final int VERDICT_CODE = 1;

  private static final int DROP = 0;
  private static final int ACCEPT = 1;

  private static final int VERSION_SHIFT = 4;
  private static final int IPV4_SOURCE_AT = 12;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_SOURCE_AT = 8;
  private static final int IPV6_BYTES = 16;

  private final Netlink socket;

  private TraceNotices(Netlink socket) {
    this.socket = socket;
  }

  /**
   * Has the kernel tell from now on.
   *
   * @throws KernelException if it does not
   */
  public static TraceNotices open(Namespace namespace) {
    return namespace.call(
        () -> {
          try {
            Netlink socket = Netlink.open(Netlink.NETFILTER);
            socket.subscribe(0);
            socket.join(GROUP);
            return new TraceNotices(socket);
          } catch (LastErrorException e) {
            throw new KernelException(
                "trace packets in " + namespace, String.valueOf(e.getMessage()), e);
          }
        });
  }

  /**
   * Reads what is told until nothing is for some time.
   *
   * @return in the order in which it was
   * @throws KernelException if more was told than there is room for
   */
  public List<TraceEvent> read(Duration quiet) {
    socket.limitWait(quiet);
    List<TraceEvent> events = new ArrayList<>();
    while (true) {
      Optional<ByteBuffer> told = poll();
      if (told.isEmpty()) {
        return events;
      }
      read(told.get(), events);
    }
  }

  private Optional<ByteBuffer> poll() {
    try {
      return socket.poll();
    } catch (LastErrorException e) {
      throw new KernelException(
          "trace packets", "more was told than there is room for: " + e.getMessage(), e);
    }
  }

  /** Reads the messages that came at once. */
  static void read(ByteBuffer messages, List<TraceEvent> events) {
    int at = 0;
    while (at + HEADERS_BYTES <= messages.limit()) {
      int end = at + Math.max(messages.getInt(at), HEADERS_BYTES);
      if (end <= messages.limit() && messages.getShort(at + TYPE_AT) == TRACE) {
        events.add(event(messages, at, NetlinkAttributes.read(messages, at + HEADERS_BYTES, end)));
      }
      at = end + ALIGNMENT - 1 & -ALIGNMENT;
    }
  }

  private static TraceEvent event(ByteBuffer message, int at, Map<Integer, byte[]> values) {
    byte[] header = values.getOrDefault(NETWORK_HEADER, new byte[0]);
    int version = header.length == 0 ? 0 : header[0] >> VERSION_SHIFT;
    boolean isIpv6 = version == 6 && header.length >= IPV6_SOURCE_AT + 2 * IPV6_BYTES;
    boolean isIpv4 = version == 4 && header.length >= IPV4_SOURCE_AT + 2 * IPV4_BYTES;
    int size = isIpv6 ? IPV6_BYTES : IPV4_BYTES;
    int start = isIpv6 ? IPV6_SOURCE_AT : IPV4_SOURCE_AT;
    return new TraceEvent(
        message.get(at + FAMILY_AT),
        text(values, TABLE),
        text(values, CHAIN),
        number(values, RULE),
        fate(message, values),
        (int) number(values, IN),
        (int) number(values, OUT),
        number(values, MARK),
        isIpv4 || isIpv6 ? address(header, start, size) : null,
        isIpv4 || isIpv6 ? address(header, start + size, size) : null);
  }

  private static @Nullable IpAddress address(byte[] header, int at, int size) {
    return IpAddress.ofBytes(Arrays.copyOfRange(header, at, at + size));
  }

  /** A rule's verdict, or a chain's policy, which is told where no rule decided. */
  private static Fate fate(ByteBuffer message, Map<Integer, byte[]> values) {
    byte[] verdict = values.get(VERDICT);
    if (verdict == null) {
      return values.containsKey(POLICY) ? fate(number(values, POLICY)) : Fate.GOES_ON;
    }
    ByteBuffer nested = ByteBuffer.wrap(verdict).order(message.order());
    Map<Integer, byte[]> parts = NetlinkAttributes.read(nested, 0, nested.limit());
    return parts.containsKey(VERDICT_CODE) ? fate(number(parts, VERDICT_CODE)) : Fate.GOES_ON;
  }

  private static Fate fate(long code) {
    if (code == DROP) {
      return Fate.DROPPED;
    }
    return code == ACCEPT ? Fate.ACCEPTED : Fate.GOES_ON;
  }

  private static String text(Map<Integer, byte[]> values, int type) {
    byte[] value = values.getOrDefault(type, new byte[] {0});
    return new String(value, 0, value.length - 1, StandardCharsets.UTF_8);
  }

  /** Big-endian, of four bytes or eight; 0 if it is not told. */
  private static long number(Map<Integer, byte[]> values, int type) {
    long number = 0;
    for (byte each : values.getOrDefault(type, new byte[0])) {
      number = number << Byte.SIZE | (each & 0xff);
    }
    return number;
  }

  @Override
  public void close() {
    socket.close();
  }
}
