package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the firewall of a cell does for all containers. Immutable; start with {@link #of}.
 *
 * <p>Lists may hold both families; what is IPv6 in them counts only if there is IPv6.
 *
 * @param address the cell's own IPv4 address, to which mapped ports belong
 * @param underlay the devices that lead out of the cell, one or more
 * @param overlay the device that leads to containers on other cells, by IPv4
 * @param ingressMark the mark of packets to mapped ports; in its high 16 bits, as the low ones hold
 *     tags and leave the cell
 * @param dnsServers DNS servers that containers are told of; those on their link are let through to
 *     the cell
 * @param hostServices services of the cell that containers may use
 * @param deny networks that containers never reach
 * @param limit how fast containers may open connections; null for no limit
 * @param unmasqueraded where containers' own IPv4 addresses are known, so that they are kept; null
 *     if nowhere but on the overlay
 * @param logging what is logged
 * @param ipv6 what is to know about IPv6; null where there is none
 */
public record CellFirewall(
    IpAddress address,
    List<String> underlay,
    String overlay,
    long ingressMark,
    List<IpAddress> dnsServers,
    List<HostService> hostServices,
    DenyNetworks deny,
    @Nullable ConnectionLimit limit,
    @Nullable IpPrefix unmasqueraded,
    FirewallLogging logging,
    @Nullable Ipv6Firewall ipv6) {
  /** The mark of packets to mapped ports that cells have always used. */
  public static final long INGRESS_MARK = 0xffff_0000L;

  /**
   * Checks devices, mark and families.
   *
   * @param address the cell's own IPv4 address
   * @param underlay the devices that lead out of the cell, one or more
   * @param overlay the device that leads to containers on other cells
   * @param ingressMark the mark of packets to mapped ports, in its high 16 bits
   * @param dnsServers DNS servers that containers are told of
   * @param hostServices services of the cell that containers may use
   * @param deny networks that containers never reach
   * @param limit how fast containers may open connections; null for no limit
   * @param unmasqueraded where containers' own IPv4 addresses are kept; null if nowhere
   * @param logging what is logged
   * @param ipv6 what is to know about IPv6; null where there is none
   * @throws IllegalArgumentException when there is no underlay device, a device can't be one, the
   *     mark is 0 or has low bits, or an address is of the wrong family
   */
  public CellFirewall {
    address = address.requireFamily(IpFamily.IPV4);
    underlay = List.copyOf(underlay);
    dnsServers = dnsServers.stream().map(each -> each.mappedIpv4().orElse(each)).toList();
    hostServices = List.copyOf(hostServices);
    requireNonNull(deny, "deny");
    requireNonNull(logging, "logging");
    if (underlay.isEmpty()) {
      throw new IllegalArgumentException(
          "underlay: there is no device; name those that lead out of the cell");
    }
    underlay.forEach(device -> FirewallName.device("underlay", device));
    FirewallName.device("overlay", overlay);
    if (underlay.contains(overlay) || Set.copyOf(underlay).size() < underlay.size()) {
      throw new IllegalArgumentException(
          "underlay: %s, overlay: %s: a device is there twice; name each once"
              .formatted(underlay, overlay));
    }
    if (ingressMark <= 0
        || ingressMark > NumberSet.MAX
        || (ingressMark & PolicyRules.MAX_TAG) != 0) {
      throw new IllegalArgumentException(
          "ingress_tag: %x: is no mark of its own; use the high 16 bits alone, as ffff0000"
              .formatted(ingressMark));
    }
    if (unmasqueraded != null) {
      unmasqueraded = unmasqueraded.requireFamily(IpFamily.IPV4);
    }
  }

  /**
   * {@return the firewall of a cell that lets containers to nothing on it, denies no network,
   * limits nothing, logs nothing and has no IPv6}
   *
   * @param address the cell's own IPv4 address
   * @param underlay the device that leads out of the cell
   * @param overlay the device that leads to containers on other cells
   */
  public static CellFirewall of(IpAddress address, String underlay, String overlay) {
    return new CellFirewall(
        address,
        List.of(underlay),
        overlay,
        INGRESS_MARK,
        List.of(),
        List.of(),
        DenyNetworks.NONE,
        null,
        null,
        FirewallLogging.OFF,
        null);
  }

  /** {@return the families that it has rules for} */
  public Set<IpFamily> families() {
    return ipv6 == null ? EnumSet.of(IpFamily.IPV4) : EnumSet.allOf(IpFamily.class);
  }

  /**
   * {@return the same firewall that lets containers to some services of the cell}
   *
   * @param servers DNS servers that containers are told of
   * @param services services of the cell that containers may use
   */
  public CellFirewall serving(List<IpAddress> servers, List<HostService> services) {
    Draft draft = new Draft(this);
    draft.dnsServers = servers;
    draft.hostServices = services;
    return draft.finished();
  }

  /**
   * {@return the same firewall with limits to what containers may reach}
   *
   * @param networks networks that they never reach
   * @param connections how fast they may open connections; null for no limit
   */
  public CellFirewall limiting(DenyNetworks networks, @Nullable ConnectionLimit connections) {
    Draft draft = new Draft(this);
    draft.deny = networks;
    draft.limit = connections;
    return draft.finished();
  }

  /**
   * {@return the same firewall that logs}
   *
   * @param logs what is logged
   */
  public CellFirewall logging(FirewallLogging logs) {
    Draft draft = new Draft(this);
    draft.logging = logs;
    return draft.finished();
  }

  /**
   * {@return the same firewall with IPv6}
   *
   * @param settings what is to know about IPv6; null for none
   */
  public CellFirewall withIpv6(@Nullable Ipv6Firewall settings) {
    Draft draft = new Draft(this);
    draft.ipv6 = settings;
    return draft.finished();
  }

  /**
   * {@return the same firewall with a network in which containers keep their IPv4 addresses}
   *
   * @param network the network; null for none
   */
  public CellFirewall unmasquerading(@Nullable IpPrefix network) {
    Draft draft = new Draft(this);
    draft.unmasqueraded = network;
    return draft.finished();
  }

  /** The settings of another firewall, of which a few may become others. */
  private static final class Draft {
    private final CellFirewall base;
    private List<IpAddress> dnsServers;
    private List<HostService> hostServices;
    private DenyNetworks deny;
    private @Nullable ConnectionLimit limit;
    private @Nullable IpPrefix unmasqueraded;
    private FirewallLogging logging;
    private @Nullable Ipv6Firewall ipv6;

    Draft(CellFirewall base) {
      this.base = base;
      this.dnsServers = base.dnsServers;
      this.hostServices = base.hostServices;
      this.deny = base.deny;
      this.limit = base.limit;
      this.unmasqueraded = base.unmasqueraded;
      this.logging = base.logging;
      this.ipv6 = base.ipv6;
    }

    CellFirewall finished() {
      return new CellFirewall(
          base.address,
          base.underlay,
          base.overlay,
          base.ingressMark,
          dnsServers,
          hostServices,
          deny,
          limit,
          unmasqueraded,
          logging,
          ipv6);
    }
  }
}
