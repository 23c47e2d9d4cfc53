package io.dualstack.testkit.lab;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Packets with any source, as no honest host would send them. */
public final class ForgedPackets {
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int PACKET_TOO_BIG = 2;
  private static final int ROUTER_ADVERTISEMENT = 134;
  private static final int REDIRECT = 137;

  private ForgedPackets() {}

  /**
   * Makes a UDP datagram.
   *
   * @param source the address it claims to be from
   * @param destination where it goes; of the same family
   * @param port the port it is for; the source port is the same
   * @param text its content, in ASCII
   * @return the packet from its IP header on, with correct checksums
   */
  public static byte[] udp(IpAddress source, IpAddress destination, int port, String text) {
    return udp(source, port, destination, port, text);
  }

  /**
   * Makes a UDP datagram.
   *
   * @param source the address it claims to be from
   * @param from the port it claims to be from
   * @param destination where it goes; of the same family
   * @param port the port it is for
   * @param text its content, in ASCII
   * @return the packet from its IP header on, with correct checksums
   */
  public static byte[] udp(
      IpAddress source, int from, IpAddress destination, int port, String text) {
    byte[] content = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer datagram = ByteBuffer.allocate(8 + content.length);
    datagram.putShort((short) from).putShort((short) port);
    datagram.putShort((short) datagram.capacity()).putShort((short) 0).put(content);
    return packet(source, destination, UDP, 64, datagram.array(), 6);
  }

  /**
   * Makes a TCP segment that opens a connection, with some of its content.
   *
   * @param source the address it claims to be from
   * @param from the port it claims to be from
   * @param destination where it goes; of the same family
   * @param port the port it is for
   * @param text its content, in ASCII
   * @return the packet from its IP header on, with correct checksums
   */
  public static byte[] tcp(
      IpAddress source, int from, IpAddress destination, int port, String text) {
    byte[] content = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer segment = ByteBuffer.allocate(20 + content.length);
    segment.putShort((short) from).putShort((short) port).putInt(1).putInt(0);
    // Five words of header, SYN, and a window.
    segment.put((byte) 0x50).put((byte) 2).putShort((short) 0xffff).putInt(0).put(content);
    return packet(source, destination, TCP, 64, segment.array(), 16);
  }

  /**
   * Makes a message of ICMP or ICMPv6, whichever is the addresses'.
   *
   * @param source the address it claims to be from
   * @param destination where it goes; of the same family
   * @param type its type, 0 to 255
   * @param code its code, 0 to 255
   * @param identifier the two bytes behind the checksum, 0 to 65535: in an echo request what tells
   *     it from those of other senders, and which firewalls that know connections know it by
   * @param text what follows the first eight bytes, in ASCII; the last two of those are 0
   * @return the packet from its IP header on, with correct checksums
   */
  public static byte[] icmp(
      IpAddress source, IpAddress destination, int type, int code, int identifier, String text) {
    byte[] content = text.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer message = ByteBuffer.allocate(8 + content.length);
    message.put((byte) type).put((byte) code).putShort((short) 0);
    message.putShort((short) identifier).putShort((short) 0).put(content);
    int protocol = source.family() == IpFamily.IPV6 ? ICMPV6 : ICMP;
    return packet(source, destination, protocol, 255, message.array(), 2);
  }

  /**
   * Makes a router advertisement (RFC 4861 section 4.2) that offers its sender as default router
   * for 1800 seconds.
   *
   * @param source the address it claims to be from
   * @param destination where it goes, {@code ff02::1} for all nodes
   * @return the packet from its IP header on, with a correct checksum
   */
  public static byte[] routerAdvertisement(IpAddress source, IpAddress destination) {
    byte[] message = ByteBuffer.allocate(16).put((byte) ROUTER_ADVERTISEMENT).array();
    ByteBuffer.wrap(message).putShort(6, (short) 1800);
    return packet(source, destination, ICMPV6, 255, message, 2);
  }

  /**
   * Makes a redirect (RFC 4861 section 4.5): for one destination there is a better router.
   *
   * @param source the router that it claims to be from
   * @param receiver who is told
   * @param better the router to use from now on; the destination itself if that is a neighbor
   * @param destination the address that is reached by it
   * @return the packet from its IP header on, with a correct checksum
   */
  public static byte[] redirect(
      IpAddress source, IpAddress receiver, IpAddress better, IpAddress destination) {
    ByteBuffer message = ByteBuffer.allocate(8 + 2 * better.toBytes().length);
    message.put((byte) REDIRECT).position(8);
    message.put(better.toBytes()).put(destination.toBytes());
    return packet(source, receiver, ICMPV6, 255, message.array(), 2);
  }

  /**
   * Makes an ICMPv6 message that says that a packet was too big (RFC 4443 section 3.2).
   *
   * @param source the router it claims to be from
   * @param destination who is told
   * @param mtu what the next link takes, in bytes, from 1280
   * @param quoted the packet that was too big, from its IP header on
   * @return the packet from its IP header on, with a correct checksum
   */
  public static byte[] packetTooBig(
      IpAddress source, IpAddress destination, int mtu, byte[] quoted) {
    ByteBuffer message = ByteBuffer.allocate(8 + quoted.length);
    message.put((byte) PACKET_TOO_BIG).put((byte) 0).putShort((short) 0).putInt(mtu).put(quoted);
    return packet(source, destination, ICMPV6, 64, message.array(), 2);
  }

  private static byte[] packet(
      IpAddress source,
      IpAddress destination,
      int protocol,
      int hops,
      byte[] payload,
      int checksumAt) {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(source + " and " + destination + ": of two families");
    }
    ByteBuffer covered =
        ByteBuffer.allocate(2 * source.toBytes().length + 8 + payload.length)
            .put(source.toBytes())
            .put(destination.toBytes())
            .putInt(payload.length)
            .putInt(protocol)
            .put(payload);
    // All but ICMP cover the addresses too.
    ByteBuffer.wrap(payload)
        .putShort(checksumAt, checksum(protocol == ICMP ? payload : covered.array()));
    boolean isIpv6 = source.family() == IpFamily.IPV6;
    ByteBuffer packet = ByteBuffer.allocate((isIpv6 ? 40 : 20) + payload.length);
    if (isIpv6) {
      packet.putInt(6 << 28).putShort((short) payload.length);
      packet.put((byte) protocol).put((byte) hops);
    } else {
      packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity()).putInt(0);
      packet.put((byte) hops).put((byte) protocol).putShort((short) 0);
    }
    packet.put(source.toBytes()).put(destination.toBytes());
    if (!isIpv6) {
      byte[] header = new byte[20];
      packet.get(0, header);
      packet.putShort(10, checksum(header));
    }
    return packet.put(payload).array();
  }

  /** The Internet checksum, RFC 1071. */
  private static short checksum(byte[] covered) {
    long sum = 0;
    for (int i = 0; i < covered.length; i++) {
      sum += (covered[i] & 0xffL) << (i % 2 == 0 ? 8 : 0);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (short) ~sum;
  }
}
