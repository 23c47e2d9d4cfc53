package io.dualstack.impl.firewall.iptables;

import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import io.dualstack.net.IpFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a namespace has in its tables, asked of the kernel at once: a process would take longer to
 * start than one that is to end takes for that.
 */
final class SeenInTables implements AutoCloseable {
  private static final short DONE = 3;
  private static final short REQUEST_DUMP = 0x301;
  private static final int HEADER_BYTES = 16;
  private static final int HEADERS_BYTES = 20;

  private static final short GET_CHAIN = 10 << 8 | 4;
  private static final short GET_RULE = 10 << 8 | 7;
  private static final int TABLE = 1;
  private static final int CHAIN_OF_RULE = 2;
  private static final int CHAIN = 3;

  private final Netlink socket;

  private SeenInTables(Netlink socket) {
    this.socket = socket;
  }

  static SeenInTables open(Namespace namespace) {
    return new SeenInTables(namespace.call(() -> Netlink.open(Netlink.NETFILTER)));
  }

  /** Returns how many rules each chain of both families has. */
  Map<String, Integer> now() {
    Map<String, Integer> seen = new TreeMap<>();
    for (IpFamily family : IpFamily.values()) {
      dump(family, GET_CHAIN, CHAIN, seen, 0);
      dump(family, GET_RULE, CHAIN_OF_RULE, seen, 1);
    }
    return seen;
  }

  private void dump(
      IpFamily family, short type, int chainAttribute, Map<String, Integer> seen, int each) {
    ByteBuffer request = ByteBuffer.allocate(HEADERS_BYTES).order(ByteOrder.nativeOrder());
    request.putInt(HEADERS_BYTES).putShort(type).putShort(REQUEST_DUMP);
    request.put(HEADER_BYTES, (byte) (family == IpFamily.IPV4 ? 2 : 10));
    socket.send(request.array(), HEADERS_BYTES);
    while (true) {
      ByteBuffer received = socket.receive();
      while (received.remaining() >= HEADER_BYTES) {
        int start = received.position();
        ByteBuffer message = received.slice().order(ByteOrder.nativeOrder());
        if (message.getShort(Integer.BYTES) == DONE) {
          return;
        }
        message.limit(message.getInt(0));
        String name =
            "%s %s %s".formatted(family, text(message, TABLE), text(message, chainAttribute));
        seen.merge(name.replaceAll("vpa--\\d+", "vpa--N"), each, Integer::sum);
        received.position(start + (message.getInt(0) + 3 & -4));
      }
    }
  }

  private static String text(ByteBuffer message, int type) {
    int at = HEADERS_BYTES;
    while (message.getShort(at + Short.BYTES) != type) {
      at += message.getShort(at) + 3 & -4;
    }
    byte[] text = new byte[message.getShort(at) - 5];
    message.get(at + 4, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    socket.close();
  }
}
