package io.dualstack.impl.kernel.nftables;

import io.dualstack.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** What values are, by the names and numbers that {@code nft} has for it. */
enum Datatype {
  IPV4("ipv4_addr", 7, 4),
  IPV6("ipv6_addr", 8, 16),
  PROTOCOL("inet_proto", 12, 1),
  PORT("inet_service", 13, 2),
  ICMP_TYPE("icmp_type", 14, 1),
  ICMP_CODE("icmp_code", 32, 1),
  ICMPV6_TYPE("icmpv6_type", 29, 1),
  ICMPV6_CODE("icmpv6_code", 33, 1),
  FAMILY("nf_proto", 2, 1),
  MARK("mark", 19, 4),
  DEVICE("ifname", 41, 16);

  static final int BITS_IN_CONCATENATION = 6;

  private static final Map<String, Integer> NAMES =
      Map.of("icmp", 1, "tcp", 6, "udp", 17, "icmpv6", 58, "ipv4", 2, "ipv6", 10);

  private final String word;
  private final int number;
  private final int size;

  Datatype(String word, int number, int size) {
    this.word = word;
    this.number = number;
    this.size = size;
  }

  static Datatype of(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(word + ": is no type that is known here"));
  }

  int number() {
    return number;
  }

  /** Its bytes; in keys of several parts each takes whole words. */
  int size() {
    return size;
  }

  /** Whether the kernel has it in the order of the machine's bytes. */
  boolean isHostOrder() {
    return this == MARK || this == DEVICE || this == FAMILY;
  }

  /** Returns a value's bytes, the highest first. */
  byte[] bytes(String text) {
    if (this == IPV4 || this == IPV6) {
      return IpAddress.parse(text).toBytes();
    }
    if (this == DEVICE) {
      return Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), size);
    }
    long value = NAMES.containsKey(text) ? NAMES.get(text) : Long.parseLong(text);
    byte[] wide = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    return Arrays.copyOfRange(wide, Long.BYTES - size, Long.BYTES);
  }

  /** Returns a value's bytes as the kernel compares it by itself. */
  byte[] alone(String text) {
    byte[] bytes = bytes(text);
    return this == MARK && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? new byte[] {bytes[3], bytes[2], bytes[1], bytes[0]}
        : bytes;
  }
}
