package io.dualstack.impl.firewall;

import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.util.stream.Stream;

/** Parts of the two address spaces that serve the same purpose. */
public enum AddressScope {
  /** Addresses of the Internet. */
  INTERNET(
      blocks(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "224.0.0.0/3")
          .complement()
          .only(IpFamily.IPV4),
      blocks("2000::/3")),
  /** Addresses of a site alone: RFC 1918 and RFC 4193. */
  PRIVATE(blocks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"), blocks("fc00::/7")),
  /** Addresses of a link alone: RFC 3927 and RFC 4291. */
  LINK_LOCAL(blocks("169.254.0.0/16"), blocks("fe80::/10")),
  /** Addresses of groups. */
  MULTICAST(blocks("224.0.0.0/4"), blocks("ff00::/8"));

  private final IpSet ipv4;
  private final IpSet ipv6;

  AddressScope(IpSet ipv4, IpSet ipv6) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
  }

  private static IpSet blocks(String... prefixes) {
    return IpSet.ofPrefixes(Stream.of(prefixes).map(IpPrefix::parse).toList());
  }

  /** Returns its addresses of a family. */
  public IpSet addresses(IpFamily family) {
    return family == IpFamily.IPV4 ? ipv4 : ipv6;
  }
}
