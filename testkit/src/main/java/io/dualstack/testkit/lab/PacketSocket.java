package io.dualstack.testkit.lab;

import io.dualstack.net.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** A socket of the packet family on one device; made by a thread in the device's namespace. */
final class PacketSocket implements AutoCloseable {
  private static final int ETH_P_IP = 0x0800;
  private static final int ETH_P_IPV6 = 0x86dd;

  private final int descriptor;
  private final byte[] buffer = new byte[65536];

  private PacketSocket(int descriptor) {
    this.descriptor = descriptor;
  }

  static PacketSocket open(String device) {
    int protocol = Short.toUnsignedInt(Short.reverseBytes((short) LabCalls.ETH_P_ALL));
    PacketSocket socket =
        new PacketSocket(
            LabCalls.socket(LabCalls.AF_PACKET, LabCalls.SOCK_DGRAM_CLOSE_ON_EXEC, protocol));
    byte[] address = LabCalls.linkAddress(LabCalls.ETH_P_ALL, index(device), new byte[0]);
    if (LabCalls.bind(socket.descriptor, address, address.length) != 0) {
      throw new IllegalStateException(device + ": can't be listened to");
    }
    return socket;
  }

  static long send(String device, MacAddress to, byte[] packet) {
    int protocol = packet[0] >>> 4 == 6 ? ETH_P_IPV6 : ETH_P_IP;
    byte[] hardware = Arrays.copyOf(to.toBytes(), 8);
    byte[] address = LabCalls.linkAddress(protocol, index(device), hardware);
    address[11] = 6;
    // Protocol 0: it sends only.
    try (PacketSocket socket =
        new PacketSocket(
            LabCalls.socket(LabCalls.AF_PACKET, LabCalls.SOCK_DGRAM_CLOSE_ON_EXEC, 0))) {
      return LabCalls.sendto(socket.descriptor, packet, packet.length, 0, address, address.length);
    }
  }

  private static int index(String device) {
    int index = LabCalls.if_nametoindex(device);
    if (index == 0) {
      throw new IllegalArgumentException(device + ": there is no such device in this namespace");
    }
    return index;
  }

  /** The next packet from its IP header on; empty when none came within a moment. */
  Optional<byte[]> next() {
    byte[] set = new byte[8];
    ByteBuffer.wrap(set)
        .order(ByteOrder.nativeOrder())
        .putInt(descriptor)
        .putShort(LabCalls.POLLIN);
    if (LabCalls.poll(set, 1, 50) <= 0) {
      return Optional.empty();
    }
    byte[] from = new byte[LabCalls.SOCKADDR_LL_LENGTH];
    long size =
        LabCalls.recvfrom(descriptor, buffer, buffer.length, 0, from, new int[] {from.length});
    int protocol = ByteBuffer.wrap(from).getShort(2) & 0xffff;
    return protocol == ETH_P_IP || protocol == ETH_P_IPV6
        ? Optional.of(Arrays.copyOf(buffer, Math.toIntExact(size)))
        : Optional.empty();
  }

  @Override
  public void close() {
    if (LabCalls.close(descriptor) != 0) {
      throw new IllegalStateException("a packet socket can't be closed");
    }
  }
}
