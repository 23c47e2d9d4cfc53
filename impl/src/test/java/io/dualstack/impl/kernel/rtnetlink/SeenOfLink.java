package io.dualstack.impl.kernel.rtnetlink;

import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a namespace shows of a link, asked of the kernel at once: no process is started, which would
 * take as long as the kernel has work with a link that is removed.
 */
final class SeenOfLink {
  private static final short DONE = 3;
  private static final short GET_ROUTE = 26;
  private static final short REQUEST_DUMP = 0x301;
  private static final int HEADER_BYTES = 16;
  private static final int REQUEST_BYTES = 32;

  /** Where links, addresses and neighbors have the number of the link. */
  private static final int LINK_AT = 20;

  private static final int ROUTE_ATTRIBUTES_AT = 28;
  private static final int ROUTE_LINK = 4;

  private SeenOfLink() {}

  /** Returns the names of the kinds of things that there are; empty if there is nothing of it. */
  static Set<String> in(Namespace namespace, String device, int number) {
    return namespace.call(
        () -> {
          Set<String> seen = new TreeSet<>();
          Dump[] dumps = {
            new Dump("link", 18), new Dump("address", 22), new Dump("neighbor", 30),
          };
          try (Netlink socket = Netlink.open(Netlink.ROUTE)) {
            for (Dump dump : dumps) {
              if (messages(socket, (short) dump.type).anyMatch(m -> m.getInt(LINK_AT) == number)) {
                seen.add(dump.name);
              }
            }
            if (messages(socket, GET_ROUTE).anyMatch(route -> isThrough(route, number))) {
              seen.add("route");
            }
          }
          // Tables that are not the main one's are not in here, but both families' addresses are.
          for (String file : new String[] {"dev", "if_inet6", "route", "ipv6_route", "arp"}) {
            if (Files.readString(Path.of("/proc/thread-self/net", file)).contains(device)) {
              seen.add("/proc/net/" + file);
            }
          }
          return seen;
        });
  }

  private record Dump(String name, int type) {}

  private static Stream<ByteBuffer> messages(Netlink socket, short type) {
    ByteBuffer request = ByteBuffer.allocate(REQUEST_BYTES).order(ByteOrder.nativeOrder());
    request.putInt(REQUEST_BYTES).putShort(type).putShort(REQUEST_DUMP);
    socket.send(request.array(), REQUEST_BYTES);
    Stream.Builder<ByteBuffer> messages = Stream.builder();
    while (true) {
      ByteBuffer received = socket.receive();
      while (received.remaining() >= HEADER_BYTES) {
        int start = received.position();
        ByteBuffer message = received.slice().order(ByteOrder.nativeOrder());
        if (message.getShort(Integer.BYTES) == DONE) {
          return messages.build();
        }
        messages.add(message.limit(message.getInt(0)));
        received.position(start + (message.getInt(0) + 3 & -4));
      }
    }
  }

  private static boolean isThrough(ByteBuffer route, int number) {
    int at = ROUTE_ATTRIBUTES_AT;
    while (at < route.limit()) {
      if (route.getShort(at + Short.BYTES) == ROUTE_LINK && route.getInt(at + 4) == number) {
        return true;
      }
      at += route.getShort(at) + 3 & -4;
    }
    return false;
  }
}
