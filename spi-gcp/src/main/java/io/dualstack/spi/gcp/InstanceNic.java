package io.dualstack.spi.gcp;

import com.google.api.services.compute.model.AccessConfig;
import com.google.api.services.compute.model.AliasIpRange;
import com.google.api.services.compute.model.NetworkInterface;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A NIC as a part of an instance.
 *
 * @param instance the instance
 * @param created when the instance was made; null if the service doesn't tell
 * @param name the NIC's name within it, such as {@code nic0}
 * @param fingerprint what it must still be when it is changed
 * @param subnetwork the URL of its subnetwork; empty if the service doesn't tell
 * @param address its IPv4 address; null if it has none
 * @param ipv6 its /96; null if it has none
 * @param aliases its alias ranges, with the name of the secondary range each is from, empty for the
 *     primary
 */
record InstanceNic(
    InstanceReference instance,
    @Nullable Instant created,
    String name,
    String fingerprint,
    String subnetwork,
    @Nullable IpAddress address,
    @Nullable IpPrefix ipv6,
    Map<IpPrefix, String> aliases) {

  /** Reads the service's description. */
  static InstanceNic of(
      InstanceReference instance, @Nullable Instant created, NetworkInterface nic) {
    Map<IpPrefix, String> aliases = new LinkedHashMap<>();
    if (nic.getAliasIpRanges() != null) {
      for (AliasIpRange alias : nic.getAliasIpRanges()) {
        String range = alias.getSubnetworkRangeName();
        aliases.put(block(alias.getIpCidrRange()), range == null ? "" : range);
      }
    }
    return new InstanceNic(
        instance,
        created,
        nic.getName() == null ? "nic0" : nic.getName(),
        nic.getFingerprint() == null ? "" : nic.getFingerprint(),
        nic.getSubnetwork() == null ? "" : nic.getSubnetwork(),
        nic.getNetworkIP() == null ? null : IpAddress.parse(nic.getNetworkIP()),
        ipv6(nic).orElse(null),
        aliases);
  }

  private static Optional<IpPrefix> ipv6(NetworkInterface nic) {
    String first = nic.getIpv6Address();
    List<AccessConfig> external = nic.getIpv6AccessConfigs();
    if (first == null && external != null && !external.isEmpty()) {
      first = external.get(0).getExternalIpv6();
    }
    return Optional.ofNullable(first)
        .map(
            text ->
                IpPrefix.containing(
                    IpAddress.parse(text.replaceFirst("/.*", "")), Reservation.IPV6_LENGTH));
  }

  private static IpPrefix block(String cidr) {
    return cidr.contains("/") ? IpPrefix.parse(cidr) : IpAddress.parse(cidr).toPrefix();
  }

  /** All it has. */
  List<IpPrefix> blocks() {
    List<IpPrefix> blocks = new ArrayList<>();
    if (address != null) {
      blocks.add(address.toPrefix());
    }
    if (ipv6 != null) {
      blocks.add(ipv6);
    }
    blocks.addAll(aliases.keySet());
    return blocks;
  }

  /** Whether it is the NIC for which something is reserved. */
  boolean isOf(List<Reservation> reservations) {
    return reservations.stream()
        .map(Reservation::block)
        .anyMatch(
            block ->
                block.equals(ipv6)
                    || (block.isSingle() && address != null && block.first().equals(address)));
  }

  /**
   * Whether an instance had this NIC before something was reserved: Compute Engine reserves what an
   * instance has already, for that instance.
   */
  boolean isBefore(Reservation reservation) {
    return created != null
        && reservation.created() != null
        && created.isBefore(reservation.created());
  }

  /** Whether a reserved block is really in place. An address without IPv4 counts as it is. */
  boolean has(IpPrefix block) {
    return blocks().contains(block);
  }

  /** Returns the NIC for people. */
  @Override
  public String toString() {
    return name + " of " + instance;
  }
}
