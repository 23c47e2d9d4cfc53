package io.dualstack.impl.cni.link;

import io.dualstack.cni.Attachment;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container's link, as the commands for {@code ip} that make it.
 *
 * @param ipv4 the container's IPv4 address
 * @param ipv6 its IPv6 address; null for IPv4 only
 * @param mtu of both ends, in bytes; at least 1280 with IPv6
 * @param ifName the name in the container
 */
public record LinkPlan(IpAddress ipv4, @Nullable IpAddress ipv6, int mtu, String ifName) {
  /** The smallest MTU that IPv6 works with (RFC 8200 section 5). */
  public static final int SMALLEST_IPV6_MTU = 1280;

  /** Checks families, MTU and name. */
  public LinkPlan {
    ipv4.requireFamily(IpFamily.IPV4);
    if (ipv6 != null) {
      ipv6.requireFamily(IpFamily.IPV6).requireNative();
      checkIpv6Mtu(mtu);
    }
    Attachment.checkIfName(ifName);
  }

  /**
   * Checks an MTU for IPv6; the kernel refuses a smaller one only when it is too late.
   *
   * @throws IllegalArgumentException if it is too small
   */
  public static void checkIpv6Mtu(int mtu) {
    if (mtu < SMALLEST_IPV6_MTU) {
      throw new IllegalArgumentException(
          "mtu: %d: IPv6 needs at least %d; raise it, or give no IPv6 prefix"
              .formatted(mtu, SMALLEST_IPV6_MTU));
    }
  }

  Optional<IpAddress> addressOfIpv6() {
    return Optional.ofNullable(ipv6);
  }

  LinkNames names() {
    return LinkNames.of(ipv4);
  }

  /**
   * The pair: ARP off, and so no neighbor discovery, from the first moment; the far end is made in
   * the container under its last name, which fails if that is taken.
   */
  String create(String containerNamespace) {
    LinkNames names = names();
    return ("link add name %s mtu %d arp off group %d address %s"
            + " type veth peer name %s mtu %d arp off address %s netns %s")
        .formatted(
            names.hostDevice(),
            mtu,
            SourceGuard.DEVICE_GROUP,
            names.hostMac(),
            ifName,
            mtu,
            names.containerMac(),
            containerNamespace);
  }

  List<String> hostIpv4() {
    LinkNames names = names();
    String device = names.hostDevice();
    return List.of(
        "neighbor add %s lladdr %s nud permanent dev %s"
            .formatted(ipv4, names.containerMac(), device),
        "address add %s/32 peer %s/32 dev %s scope link"
            .formatted(LinkNames.HOST_IPV4, ipv4, device),
        "link set dev %s up".formatted(device));
  }

  List<String> containerIpv4() {
    return List.of(
        "neighbor add %s lladdr %s nud permanent dev %s"
            .formatted(LinkNames.HOST_IPV4, names().hostMac(), ifName),
        "address add %s/32 peer %s/32 dev %s scope link"
            .formatted(ipv4, LinkNames.HOST_IPV4, ifName),
        "link set dev %s up".formatted(ifName),
        "route add default via %s dev %s src %s".formatted(LinkNames.HOST_IPV4, ifName, ipv4));
  }

  List<String> hostIpv6() {
    LinkNames names = names();
    String device = names.hostDevice();
    return List.of(
        "neighbor add %s lladdr %s nud permanent dev %s"
            .formatted(ipv6, names.containerMac(), device),
        "address add %s/128 dev %s scope link nodad".formatted(LinkNames.HOST_IPV6, device),
        "route add %s/128 dev %s".formatted(ipv6, device));
  }

  List<String> containerIpv6() {
    return List.of(
        "neighbor add %s lladdr %s nud permanent dev %s"
            .formatted(LinkNames.HOST_IPV6, names().hostMac(), ifName),
        "address add %s/128 dev %s nodad".formatted(ipv6, ifName),
        "route add %s/128 dev %s".formatted(LinkNames.HOST_IPV6, ifName),
        "route add default via %s dev %s src %s".formatted(LinkNames.HOST_IPV6, ifName, ipv6));
  }
}
