package io.dualstack.workload;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance is on the network: Diego's {@code ActualLRPNetInfo}.
 *
 * @param address the cell's address; null while the instance isn't placed
 * @param ports the mapped ports, in the order of the application's
 * @param instanceAddress the container's IPv4 address; null while there is none
 * @param preferred at which address routers reach it
 * @param instanceIpv6Address the container's IPv6 address; null if it has none
 * @param otherFields fields of later versions, kept as they are: JSON-like values
 */
public record NetInfo(
    @Nullable IpAddress address,
    List<PortMapping> ports,
    @Nullable IpAddress instanceAddress,
    PreferredAddress preferred,
    @Nullable IpAddress instanceIpv6Address,
    Map<String, Object> otherFields) {

  /**
   * Copies the collections and checks the families.
   *
   * @param address the cell's address; null while the instance isn't placed
   * @param ports the mapped ports, in the order of the application's
   * @param instanceAddress the container's IPv4 address; null while there is none
   * @param preferred at which address routers reach it
   * @param instanceIpv6Address the container's IPv6 address; null if it has none
   * @param otherFields fields of later versions, kept as they are
   */
  public NetInfo {
    requireNonNull(preferred, "preferred");
    ports = List.copyOf(ports);
    otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
    if (instanceAddress != null) {
      instanceAddress.requireFamily(IpFamily.IPV4);
    }
    if (instanceIpv6Address != null) {
      instanceIpv6Address.requireFamily(IpFamily.IPV6).requireNative();
    }
  }

  /**
   * Returns the net info of a container.
   *
   * @param address the cell's address
   * @param instanceAddress the container's IPv4 address
   * @param instanceIpv6Address the container's IPv6 address; null if it has none
   * @param ports the mapped ports
   * @return the net info, reached at the cell's address as by default
   */
  public static NetInfo of(
      IpAddress address,
      IpAddress instanceAddress,
      @Nullable IpAddress instanceIpv6Address,
      List<PortMapping> ports) {
    return new NetInfo(
        requireNonNull(address, "address"),
        ports,
        requireNonNull(instanceAddress, "instanceAddress"),
        PreferredAddress.HOST,
        instanceIpv6Address,
        Map.of());
  }

  /**
   * Returns this net info with another preference: {@link PreferredAddress#INSTANCE} where the
   * platform has routers reach instances directly, as Diego's cells say when their {@code
   * advertise_preference_for_instance_address} is set.
   *
   * @param address at which address routers reach it
   * @return the same otherwise
   */
  public NetInfo withPreferred(PreferredAddress address) {
    return new NetInfo(
        this.address, ports, instanceAddress, address, instanceIpv6Address, otherFields);
  }

  /**
   * Returns the container's IPv6 address.
   *
   * @return the address; empty if it has none
   */
  public Optional<IpAddress> ipv6() {
    return Optional.ofNullable(instanceIpv6Address);
  }

  /**
   * Returns whether nothing is known yet, as of an instance that runs nowhere.
   *
   * @return true without address and ports, and with nothing preferred
   */
  public boolean isEmpty() {
    return address == null && ports.isEmpty() && preferred == PreferredAddress.UNKNOWN;
  }
}
