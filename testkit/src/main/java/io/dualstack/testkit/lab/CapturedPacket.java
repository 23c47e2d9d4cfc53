package io.dualstack.testkit.lab;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A packet that a device saw.
 *
 * @param source the source address in its header
 * @param destination the destination address in its header
 * @param protocol the number of the protocol above IP, 0 to 255: 6 is TCP, 17 UDP, 1 ICMP, 58
 *     ICMPv6; for IPv6 that of the first header
 * @param payload what follows the first header, as text of one byte a character, so that packets
 *     are equal when their bytes are
 */
public record CapturedPacket(
    IpAddress source, IpAddress destination, int protocol, String payload) {

  /**
   * Checks that nothing is null.
   *
   * @param source the source address in its header
   * @param destination the destination address in its header
   * @param protocol the number of the protocol above IP
   * @param payload what follows the first header, a byte a character
   */
  public CapturedPacket {
    requireNonNull(source, "source");
    requireNonNull(destination, "destination");
    requireNonNull(payload, "payload");
  }

  /** Reads a packet from its header on; empty when it is cut short. */
  static Optional<CapturedPacket> parse(byte[] packet) {
    boolean isIpv6 = packet.length > 0 && (packet[0] & 0xf0) == 0x60;
    int header = isIpv6 ? 40 : packet.length > 0 ? (packet[0] & 0xf) * 4 : 20;
    if (packet.length < header || header < 20) {
      return Optional.empty();
    }
    int at = isIpv6 ? 8 : 12;
    int width = isIpv6 ? 16 : 4;
    return Optional.of(
        new CapturedPacket(
            IpAddress.ofBytes(Arrays.copyOfRange(packet, at, at + width)),
            IpAddress.ofBytes(Arrays.copyOfRange(packet, at + width, at + 2 * width)),
            packet[isIpv6 ? 6 : 9] & 0xff,
            new String(packet, header, packet.length - header, StandardCharsets.ISO_8859_1)));
  }

  @Override
  public String toString() {
    return "%s > %s, protocol %d, %d bytes"
        .formatted(source, destination, protocol, payload.length());
  }
}
