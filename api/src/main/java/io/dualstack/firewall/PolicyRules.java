package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import java.util.List;

/**
 * Which containers may reach which by the overlay network, which is IPv4. Packets carry the tag of
 * their source's application as mark, from cell to cell too.
 *
 * @param openNetworks overlay networks whose containers reach each other without a policy; empty
 *     where policies are enforced
 * @param sources the tags of containers on this cell, one for an address
 * @param allowed who may reach containers on this cell
 * @param log whether what policies let through is logged
 */
public record PolicyRules(
    List<IpPrefix> openNetworks, List<Source> sources, List<Allowed> allowed, boolean log) {
  /** No policy: no container reaches another. */
  public static final PolicyRules NONE = new PolicyRules(List.of(), List.of(), List.of(), false);

  /** The highest tag, 2^16 - 1: what the overlay carries. */
  public static final int MAX_TAG = 0xffff;

  /**
   * Checks the families and that no address has two tags.
   *
   * @param openNetworks overlay networks whose containers reach each other without a policy
   * @param sources the tags of containers on this cell, one for an address
   * @param allowed who may reach containers on this cell
   * @param log whether what policies let through is logged
   * @throws IllegalArgumentException when an address or network is IPv6, or has two tags
   */
  public PolicyRules {
    openNetworks = List.copyOf(openNetworks);
    sources = List.copyOf(sources);
    allowed = List.copyOf(allowed);
    openNetworks.forEach(network -> requireNonNull(network.requireFamily(IpFamily.IPV4)));
    if (sources.stream().map(Source::address).distinct().count() < sources.size()) {
      throw new IllegalArgumentException(
          sources + ": an address has two tags; give it that of its application");
    }
  }

  /**
   * A container on this cell whose packets get a mark.
   *
   * @param app its application
   * @param address its address
   * @param tag the application's, 1 to {@link PolicyRules#MAX_TAG}
   */
  public record Source(String app, IpAddress address, int tag) {
    /**
     * Checks the tag.
     *
     * @param app its application
     * @param address its address
     * @param tag the application's, 1 to {@link PolicyRules#MAX_TAG}
     * @throws IllegalArgumentException when the tag is none, the address is IPv6, or the name can't
     *     be written in a rule
     */
    public Source {
      FirewallName.id("app", app);
      checkTag(tag);
      address = address.requireFamily(IpFamily.IPV4);
    }
  }

  /**
   * Packets with a mark that may reach a container on this cell.
   *
   * @param source the application they come from, or {@link #ROUTERS}
   * @param app the container's application
   * @param address the container's address
   * @param transport {@link Protocol#TCP} or {@link Protocol#UDP}
   * @param ports the ports they may go to, from 1
   * @param tag the mark that they carry, 1 to {@link PolicyRules#MAX_TAG}
   */
  public record Allowed(
      String source, String app, IpAddress address, Protocol transport, PortRange ports, int tag) {
    /** The source of what comes from the platform's routers by the overlay. */
    public static final String ROUTERS = "";

    /**
     * Checks the values.
     *
     * @param source the application they come from, or {@link #ROUTERS}
     * @param app the container's application
     * @param address the container's address
     * @param transport {@link Protocol#TCP} or {@link Protocol#UDP}
     * @param ports the ports they may go to, from 1
     * @param tag the mark that they carry, 1 to {@link PolicyRules#MAX_TAG}
     * @throws IllegalArgumentException when the tag is none, the address is IPv6, a name can't be
     *     written in a rule, or the protocol or ports are others
     */
    public Allowed {
      if (!source.equals(ROUTERS)) {
        FirewallName.id("source", source);
        FirewallName.id("app", app);
      }
      checkTag(tag);
      address = address.requireFamily(IpFamily.IPV4);
      transport = new Traffic.Ports(transport, List.of(ports)).transport();
    }

    /** {@return whether it comes from the platform's routers, by no policy} */
    public boolean isFromRouters() {
      return source.equals(ROUTERS);
    }
  }

  private static void checkTag(int tag) {
    if (tag < 1 || tag > MAX_TAG) {
      throw new IllegalArgumentException(
          "tag: %d: is out of range; use 1 to %d".formatted(tag, MAX_TAG));
    }
  }
}
