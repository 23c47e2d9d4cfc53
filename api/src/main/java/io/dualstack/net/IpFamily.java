package io.dualstack.net;

/** The two families of Internet addresses, in address order: IPv4 sorts before IPv6. */
public enum IpFamily {
  /** Addresses of 32 bits, RFC 791. */
  IPV4(32, "IPv4"),
  /** Addresses of 128 bits, RFC 4291. */
  IPV6(128, "IPv6");

  private final int bits;
  private final String label;

  IpFamily(int bits, String label) {
    this.bits = bits;
    this.label = label;
  }

  /**
   * {@return the width of an address in bits, which is also the longest prefix length: 32 or 128}
   */
  public int bits() {
    return bits;
  }

  /** {@return the width of an address in bytes: 4 or 16} */
  public int bytes() {
    return bits / Byte.SIZE;
  }

  /** {@return the name as people write it: {@code "IPv4"} or {@code "IPv6"}} */
  public String label() {
    return label;
  }

  /** {@return the other family} */
  public IpFamily other() {
    return this == IPV4 ? IPV6 : IPV4;
  }

  /** {@return the lowest address, {@code 0.0.0.0} or {@code ::}} */
  public IpAddress first() {
    return new IpAddress(this, 0, 0);
  }

  /** {@return the highest address, {@code 255.255.255.255} or {@code ffff:…:ffff}} */
  public IpAddress last() {
    return new IpAddress(this, Bits128.lowOnesHigh(bits), Bits128.lowOnesLow(bits));
  }

  /** {@return the prefix that holds every address, {@code 0.0.0.0/0} or {@code ::/0}} */
  public IpPrefix all() {
    return new IpPrefix(first(), 0);
  }

  /**
   * Returns the length unchanged when the family has prefixes of it.
   *
   * @throws IllegalArgumentException when the length is below 0 or above {@link #bits()}
   */
  int checkLength(int length) {
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException(
          "/%d: not a length of an %s prefix; use 0 to %d".formatted(length, label, bits));
    }
    return length;
  }
}
