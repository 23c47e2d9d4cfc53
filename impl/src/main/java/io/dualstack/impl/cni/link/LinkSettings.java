package io.dualstack.impl.cni.link;

import io.dualstack.impl.kernel.Sysctl;
import java.util.List;
import java.util.stream.Stream;

/**
 * The settings of the network stack for a container's two devices, and why each is made.
 *
 * <table>
 * <caption>Settings, below {@code /proc/sys/net}</caption>
 * <tr><th>setting<th>value<th>where<th>reason
 * <tr><td>{@code ipv6/conf/DEV/disable_ipv6}<td>1, then 0<td>both ends<td>while the link comes up no
 *     IPv6 address may be generated; back to 0 with an IPv6 address only, as none can be added before
 * <tr><td>{@code ipv4/conf/DEV/rp_filter}<td>1<td>both ends<td>a source that is not routed back over
 *     the same device is dropped
 * <tr><td>{@code ipv4/ip_forward}<td>1<td>host<td>containers are reached through the host
 * <tr><td>{@code ipv6/conf/DEV/addr_gen_mode}<td>1 (none)<td>both ends<td>a generated link-local
 *     address would be chosen as source towards the host, whose static neighbors don't know it
 * <tr><td>{@code ipv6/conf/DEV/accept_ra}<td>0<td>both ends<td>the other end must not inject routes,
 *     addresses, an MTU or hop limit
 * <tr><td>{@code ipv6/conf/DEV/autoconf}<td>0<td>both ends<td>the one address is the one that was
 *     given
 * <tr><td>{@code ipv6/conf/DEV/accept_redirects}<td>0<td>both ends<td>the other end must not change
 *     routes
 * <tr><td>{@code ipv6/conf/DEV/accept_source_route}<td>-1<td>both ends<td>no routing header of any
 *     type takes a packet where the route does not
 * <tr><td>{@code ipv6/conf/DEV/accept_dad}, {@code dad_transmits}<td>0<td>both ends<td>nobody else can
 *     have the address, and waiting would cost a second
 * <tr><td>{@code ipv6/conf/all/forwarding}<td>1<td>host<td>containers are reached through the host;
 *     the setting of a single device does not forward
 * <tr><td>{@code ipv6/conf/UPLINK/accept_ra}<td>2<td>host<td>only where it is 1 and the default
 *     route comes from router advertisements: with forwarding on, 1 would drop it
 * <tr><td>{@code ipv6/conf/UPLINK/proxy_ndp}<td>1<td>host<td>only where the prefix is on-link for the
 *     neighbors, and the configuration names the uplink
 * </table>
 */
final class LinkSettings {
  static final Sysctl FORWARD_IPV4 = new Sysctl("ipv4/ip_forward", "1");
  static final Sysctl FORWARD_IPV6 = new Sysctl("ipv6/conf/all/forwarding", "1");

  private LinkSettings() {}

  /** Before the link is up; a kernel without IPv6 has nothing to disable. */
  static List<Sysctl> beforeUp(String device, boolean kernelHasIpv6) {
    Sysctl filter = Sysctl.ofDevice("ipv4", device, "rp_filter", 1);
    return kernelHasIpv6
        ? List.of(Sysctl.ofDevice("ipv6", device, "disable_ipv6", 1), filter)
        : List.of(filter);
  }

  /** Before the first IPv6 address; the order matters, enabling comes last. */
  static List<Sysctl> beforeIpv6(String device) {
    return Stream.of(
            Sysctl.ofDevice("ipv6", device, "addr_gen_mode", 1),
            Sysctl.ofDevice("ipv6", device, "accept_ra", 0),
            Sysctl.ofDevice("ipv6", device, "autoconf", 0),
            Sysctl.ofDevice("ipv6", device, "accept_redirects", 0),
            Sysctl.ofDevice("ipv6", device, "accept_source_route", -1),
            Sysctl.ofDevice("ipv6", device, "accept_dad", 0),
            Sysctl.ofDevice("ipv6", device, "dad_transmits", 0),
            Sysctl.ofDevice("ipv6", device, "disable_ipv6", 0))
        .toList();
  }
}
