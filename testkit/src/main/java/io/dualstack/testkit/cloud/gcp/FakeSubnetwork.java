package io.dualstack.testkit.cloud.gcp;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subnetwork of the fake.
 *
 * @param project the project that owns it; empty for the fake's own
 * @param network its network
 * @param name its name
 * @param primary its primary IPv4 range
 * @param secondary its secondary IPv4 ranges, by name
 * @param ipv6 its IPv6 range, in truth always a /64; null if it has IPv4 only
 * @param external whether its IPv6 addresses are external
 */
public record FakeSubnetwork(
    String project,
    String network,
    String name,
    IpPrefix primary,
    Map<String, IpPrefix> secondary,
    @Nullable IpPrefix ipv6,
    boolean external) {

  /**
   * Copies the ranges.
   *
   * @param project the project that owns it; empty for the fake's own
   * @param network its network
   * @param name its name
   * @param primary its primary IPv4 range
   * @param secondary its secondary IPv4 ranges, by name
   * @param ipv6 its IPv6 range
   * @param external whether its IPv6 addresses are external
   */
  public FakeSubnetwork {
    requireNonNull(project, "project");
    requireNonNull(network, "network");
    requireNonNull(name, "name");
    primary.requireFamily(IpFamily.IPV4);
    secondary = Collections.unmodifiableMap(new LinkedHashMap<>(secondary));
  }

  /**
   * Returns a subnetwork with IPv4 only.
   *
   * @param network its network
   * @param name its name
   * @param primary its primary IPv4 range
   * @return the subnetwork
   */
  public static FakeSubnetwork of(String network, String name, IpPrefix primary) {
    return new FakeSubnetwork("", network, name, primary, Map.of(), null, false);
  }

  /**
   * Returns the same with one more secondary range.
   *
   * @param rangeName its name
   * @param range the range
   * @return the subnetwork
   */
  public FakeSubnetwork with(String rangeName, IpPrefix range) {
    Map<String, IpPrefix> more = new LinkedHashMap<>(secondary);
    more.put(rangeName, range);
    return new FakeSubnetwork(project, network, name, primary, more, ipv6, external);
  }

  /**
   * Returns the same with internal IPv6.
   *
   * @param range the range
   * @return the subnetwork
   */
  public FakeSubnetwork withInternalIpv6(IpPrefix range) {
    return new FakeSubnetwork(project, network, name, primary, secondary, range, false);
  }

  /**
   * Returns the same with external IPv6.
   *
   * @param range the range
   * @return the subnetwork
   */
  public FakeSubnetwork withExternalIpv6(IpPrefix range) {
    return new FakeSubnetwork(project, network, name, primary, secondary, range, true);
  }

  /**
   * Returns the same, owned by another project that shares it.
   *
   * @param host the project
   * @return the subnetwork
   */
  public FakeSubnetwork of(String host) {
    return new FakeSubnetwork(host, network, name, primary, secondary, ipv6, external);
  }

  /** Whether an address is one that the service keeps. */
  boolean keeps(IpAddress address) {
    IpAddress last = primary.last();
    return List.of(primary.first(), primary.first().plus(1), last.plus(-1), last).contains(address);
  }

  /** Whether an IPv4 block lies in one of its ranges. */
  boolean has(IpPrefix block) {
    return primary.contains(block)
        || secondary.values().stream().anyMatch(range -> range.contains(block));
  }
}
