package io.dualstack.impl.kernel.nftables;

import java.util.Arrays;
import java.util.Optional;

/** What rules may ask of a packet. */
enum Field {
  IPV4_SOURCE("ip saddr", Datatype.IPV4, 2, 0, Field.NETWORK, 12),
  IPV4_DESTINATION("ip daddr", Datatype.IPV4, 2, 0, Field.NETWORK, 16),
  IPV6_SOURCE("ip6 saddr", Datatype.IPV6, 10, 0, Field.NETWORK, 8),
  IPV6_DESTINATION("ip6 daddr", Datatype.IPV6, 10, 0, Field.NETWORK, 24),
  PORT("th dport", Datatype.PORT, 0, 0, Field.TRANSPORT, 2),
  TCP_PORT("tcp dport", Datatype.PORT, 0, 6, Field.TRANSPORT, 2),
  ICMP_TYPE("icmp type", Datatype.ICMP_TYPE, 2, 1, Field.TRANSPORT, 0),
  ICMP_CODE("icmp code", Datatype.ICMP_CODE, 2, 1, Field.TRANSPORT, 1),
  ICMPV6_TYPE("icmpv6 type", Datatype.ICMPV6_TYPE, 10, 58, Field.TRANSPORT, 0),
  ICMPV6_CODE("icmpv6 code", Datatype.ICMPV6_CODE, 10, 58, Field.TRANSPORT, 1),
  MARK("meta mark", Datatype.MARK, 0, 0, Field.META, 3),
  FAMILY("meta nfproto", Datatype.FAMILY, 0, 0, Field.META, 15),
  PROTOCOL("meta l4proto", Datatype.PROTOCOL, 0, 0, Field.META, 16),
  IN("iifname", Datatype.DEVICE, 0, 0, Field.META, 6),
  OUT("oifname", Datatype.DEVICE, 0, 0, Field.META, 7);

  static final int NETWORK = 1;
  static final int TRANSPORT = 2;
  static final int META = -1;

  private final String words;
  private final Datatype type;
  private final int family;
  private final int protocol;
  private final int base;
  private final int at;

  Field(String words, Datatype type, int family, int protocol, int base, int at) {
    this.words = words;
    this.type = type;
    this.family = family;
    this.protocol = protocol;
    this.base = base;
    this.at = at;
  }

  static Optional<Field> of(String words) {
    return Arrays.stream(values()).filter(each -> each.words.equals(words)).findFirst();
  }

  Datatype type() {
    return type;
  }

  /** The number of the family without which a packet has it not; 0 for any. */
  int family() {
    return family;
  }

  /** The protocol without which a packet has it not; 0 for any. */
  int protocol() {
    return protocol;
  }

  boolean isMeta() {
    return base == META;
  }

  /** The header that it is in. */
  int base() {
    return base;
  }

  /** Where it is in the header, or its number among what is known of a packet beside its bytes. */
  int at() {
    return at;
  }
}
