package io.dualstack.impl.kernel.rtnetlink;

import static java.util.Objects.requireNonNull;

import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.function.ToIntFunction;

/**
 * One change of a namespace's network.
 *
 * @param words what it is in the words of {@code ip}, for messages
 * @param message makes the message, given a way to look up the number of a device by its name
 */
public record Change(String words, Maker message) {
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private static final int UP = 1;
  private static final int NO_ARP = 0x80;

  /** Attributes of links, IFLA_*. */
  private static final int LINK_ADDRESS = 1;

  private static final int LINK_NAME = 3;
  private static final int LINK_MTU = 4;
  private static final int LINK_INFO = 18;
  private static final int LINK_GROUP = 27;
  private static final int LINK_NAMESPACE_FD = 28;
  private static final int INFO_KIND = 1;
  private static final int INFO_DATA = 2;
  private static final int VETH_PEER = 1;

  /** Attributes of addresses, IFA_*. */
  private static final int ADDRESS_PEER = 1;

  private static final int ADDRESS_LOCAL = 2;
  private static final int ADDRESS_FLAGS = 8;
  private static final int NO_DUPLICATE_DETECTION = 2;

  /** Attributes of routes, RTA_*. */
  private static final int ROUTE_DESTINATION = 1;

  private static final int ROUTE_DEVICE = 4;
  private static final int ROUTE_GATEWAY = 5;
  private static final int ROUTE_SOURCE = 7;
  private static final int TABLE_MAIN = 254;

  /** As {@code ip} calls the routes that it makes. */
  private static final int PROTOCOL_BOOT = 3;

  private static final int SCOPE_UNIVERSE = 0;
  private static final int SCOPE_LINK = 253;

  /** Attributes of neighbors, NDA_*. */
  private static final int NEIGHBOR_DESTINATION = 1;

  private static final int NEIGHBOR_LINK_ADDRESS = 2;
  private static final int PERMANENT = 0x80;
  private static final int PROXY = 8;

  /** Makes a message. */
  interface Maker {
    /** Makes it. */
    Message make(ToIntFunction<String> deviceNumber);
  }

  /** Checks that nothing is null. */
  public Change {
    requireNonNull(words, "words");
    requireNonNull(message, "message");
  }

  /**
   * One end of a pair of devices.
   *
   * @param group the group of devices it belongs to; 0 is everybody's
   */
  public record VethEnd(String name, MacAddress address, int mtu, int group) {}

  /**
   * Makes a pair of devices without ARP or neighbor discovery, which are down.
   *
   * @param there the namespace of the far end, which must stay open until the change is made
   */
  public static Change addVeth(VethEnd near, VethEnd far, Namespace there) {
    return new Change(
        ("link add name %s group %d address %s mtu %d arp off"
                + " type veth peer name %s address %s mtu %d arp off netns %s")
            .formatted(
                near.name,
                near.group,
                near.address,
                near.mtu,
                far.name,
                far.address,
                far.mtu,
                there),
        number ->
            end(new Message(Message.NEW_LINK, Message.CREATE | Message.EXCLUSIVE), near)
                .nested(
                    LINK_INFO,
                    info ->
                        info.attribute(INFO_KIND, "veth")
                            .nested(
                                INFO_DATA,
                                data ->
                                    data.nested(
                                        VETH_PEER,
                                        peer ->
                                            end(peer, far)
                                                .attribute(
                                                    LINK_NAMESPACE_FD, there.descriptor())))));
  }

  private static Message end(Message message, VethEnd end) {
    Message begun =
        message
            .link(0, NO_ARP, NO_ARP)
            .attribute(LINK_NAME, end.name)
            .attribute(LINK_ADDRESS, end.address.toBytes())
            .attribute(LINK_MTU, end.mtu);
    return end.group == 0 ? begun : begun.attribute(LINK_GROUP, end.group);
  }

  /** Sets a device up. */
  public static Change setUp(String device) {
    return new Change(
        "link set dev %s up".formatted(device),
        number -> new Message(Message.SET_LINK, 0).link(number.applyAsInt(device), UP, UP));
  }

  /** Removes a device. */
  public static Change deleteLink(String device) {
    return new Change(
        "link delete dev " + device,
        number -> new Message(Message.DELETE_LINK, 0).link(number.applyAsInt(device), 0, 0));
  }

  /** Gives a device an IPv4 address for the link to one other host. */
  public static Change addPeerAddress(IpAddress local, IpAddress peer, String device) {
    int bits = local.family().bits();
    return new Change(
        "address add %s/%d peer %s/%d dev %s scope link".formatted(local, bits, peer, bits, device),
        number ->
            newAddress(local, SCOPE_LINK, number.applyAsInt(device))
                .attribute(ADDRESS_LOCAL, local.toBytes())
                .attribute(ADDRESS_PEER, peer.toBytes()));
  }

  /** Gives a device an IPv6 address that is usable at once. */
  public static Change addAddress(IpAddress address, boolean onLinkOnly, String device) {
    return new Change(
        "address add %s/%d dev %s%s nodad"
            .formatted(address, address.family().bits(), device, onLinkOnly ? " scope link" : ""),
        number ->
            newAddress(address, onLinkOnly ? SCOPE_LINK : SCOPE_UNIVERSE, number.applyAsInt(device))
                .attribute(ADDRESS_LOCAL, address.toBytes())
                .attribute(ADDRESS_PEER, address.toBytes())
                .attribute(ADDRESS_FLAGS, NO_DUPLICATE_DETECTION));
  }

  private static Message newAddress(IpAddress address, int scope, int device) {
    IpFamily family = address.family();
    return new Message(Message.NEW_ADDRESS, Message.CREATE | Message.EXCLUSIVE)
        .address(number(family), family.bits(), scope, device);
  }

  /** Adds a route to a prefix that is on a device's link. */
  public static Change addRoute(IpPrefix destination, String device) {
    return new Change(
        "route add %s dev %s".formatted(destination, device),
        number ->
            newRoute(destination, SCOPE_LINK)
                .attribute(ROUTE_DESTINATION, destination.first().toBytes())
                .attribute(ROUTE_DEVICE, number.applyAsInt(device)));
  }

  /** Adds a default route. */
  public static Change addDefaultRoute(IpAddress gateway, String device, IpAddress source) {
    return new Change(
        "route add default via %s dev %s src %s".formatted(gateway, device, source),
        number ->
            newRoute(gateway.family().all(), SCOPE_UNIVERSE)
                .attribute(ROUTE_DEVICE, number.applyAsInt(device))
                .attribute(ROUTE_GATEWAY, gateway.toBytes())
                .attribute(ROUTE_SOURCE, source.toBytes()));
  }

  private static Message newRoute(IpPrefix destination, int scope) {
    return new Message(Message.NEW_ROUTE, Message.CREATE | Message.EXCLUSIVE)
        .route(
            number(destination.family()), destination.length(), TABLE_MAIN, PROTOCOL_BOOT, scope);
  }

  /** Adds a neighbor whose hardware address is never asked for. */
  public static Change addNeighbor(IpAddress address, MacAddress at, String device) {
    return new Change(
        "neighbor add %s lladdr %s nud permanent dev %s".formatted(address, at, device),
        number ->
            new Message(Message.NEW_NEIGHBOR, Message.CREATE | Message.EXCLUSIVE)
                .neighbor(number(address.family()), number.applyAsInt(device), PERMANENT, 0)
                .attribute(NEIGHBOR_DESTINATION, address.toBytes())
                .attribute(NEIGHBOR_LINK_ADDRESS, at.toBytes()));
  }

  /** Has the host answer neighbor discovery for an address, if it doesn't yet. */
  public static Change replaceProxy(IpAddress address, String device) {
    return new Change(
        "neighbor replace proxy %s dev %s".formatted(address, device),
        number ->
            proxy(
                new Message(Message.NEW_NEIGHBOR, Message.CREATE | Message.REPLACE),
                address,
                number.applyAsInt(device)));
  }

  /** Ends that. */
  public static Change deleteProxy(IpAddress address, String device) {
    return new Change(
        "neighbor delete proxy %s dev %s".formatted(address, device),
        number ->
            proxy(new Message(Message.DELETE_NEIGHBOR, 0), address, number.applyAsInt(device)));
  }

  private static Message proxy(Message message, IpAddress address, int device) {
    return message
        .neighbor(number(address.family()), device, PERMANENT, PROXY)
        .attribute(NEIGHBOR_DESTINATION, address.toBytes());
  }

  /** The kernel's number of a family. */
  static int number(IpFamily family) {
    return family == IpFamily.IPV4 ? AF_INET : AF_INET6;
  }

  @Override
  public String toString() {
    return words;
  }
}
