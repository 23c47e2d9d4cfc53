package io.dualstack.impl.cni.link;

import io.dualstack.cni.Attachment;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.rtnetlink.Change;
import io.dualstack.impl.kernel.rtnetlink.Change.VethEnd;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A container's link, as the changes that make it.
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
  List<Change> create(Namespace container) {
    LinkNames names = names();
    return List.of(
        Change.addVeth(
            new VethEnd(names.hostDevice(), names.hostMac(), mtu, SourceGuard.DEVICE_GROUP),
            new VethEnd(ifName, names.containerMac(), mtu, 0),
            container));
  }

  /** Returns what the host's end is given once it is there, in both families. */
  public List<Change> host() {
    return Stream.of(hostIpv4(), hostIpv6()).flatMap(List::stream).toList();
  }

  /** Returns what the container's end is given once it is there, in both families. */
  public List<Change> container() {
    return Stream.of(containerIpv4(), containerIpv6()).flatMap(List::stream).toList();
  }

  List<Change> hostIpv4() {
    LinkNames names = names();
    String device = names.hostDevice();
    return List.of(
        Change.addNeighbor(ipv4, names.containerMac(), device),
        Change.addPeerAddress(LinkNames.HOST_IPV4, ipv4, device),
        Change.setUp(device));
  }

  List<Change> containerIpv4() {
    return List.of(
        Change.addNeighbor(LinkNames.HOST_IPV4, names().hostMac(), ifName),
        Change.addPeerAddress(ipv4, LinkNames.HOST_IPV4, ifName),
        Change.setUp(ifName),
        Change.addDefaultRoute(LinkNames.HOST_IPV4, ifName, ipv4));
  }

  /** Nothing without an IPv6 address. */
  List<Change> hostIpv6() {
    if (ipv6 == null) {
      return List.of();
    }
    LinkNames names = names();
    String device = names.hostDevice();
    return List.of(
        Change.addNeighbor(ipv6, names.containerMac(), device),
        Change.addAddress(LinkNames.HOST_IPV6, true, device),
        Change.addRoute(ipv6.toPrefix(), device));
  }

  /** Nothing without an IPv6 address. */
  List<Change> containerIpv6() {
    return ipv6 == null
        ? List.of()
        : List.of(
            Change.addNeighbor(LinkNames.HOST_IPV6, names().hostMac(), ifName),
            Change.addAddress(ipv6, false, ifName),
            Change.addRoute(LinkNames.HOST_IPV6.toPrefix(), ifName),
            Change.addDefaultRoute(LinkNames.HOST_IPV6, ifName, ipv6));
  }
}
