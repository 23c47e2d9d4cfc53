package io.dualstack.cni;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An address that a container has. Its family is that of the address; no field says it. Immutable.
 *
 * @param address the address with the length of its network
 * @param gateway the next hop out of that network, or null
 * @param interfaceIndex the position in {@link CniResult#interfaces()} of the interface that has
 *     it, from 0; null if there is none, as in the answer of an IPAM plugin
 * @param others fields that the specification doesn't know: JSON-like values
 */
public record CniIp(
    InterfaceAddress address,
    @Nullable IpAddress gateway,
    @Nullable Integer interfaceIndex,
    Map<String, Object> others) {

  /**
   * Copies the map.
   *
   * @param address the address with the length of its network
   * @param gateway the next hop out of that network, or null
   * @param interfaceIndex the position of the interface that has it, or null
   * @param others fields that the specification doesn't know
   */
  public CniIp {
    requireNonNull(address, "address");
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Returns an address as an IPAM plugin answers it.
   *
   * @param address the address with the length of its network
   * @param gateway the next hop out of that network, or null
   * @return the address
   */
  public static CniIp of(InterfaceAddress address, @Nullable IpAddress gateway) {
    return new CniIp(address, gateway, null, Map.of());
  }

  /**
   * Returns the same address on an interface.
   *
   * @param index the position of the interface in the result, from 0
   * @return a copy
   */
  public CniIp onInterface(int index) {
    return new CniIp(address, gateway, index, others);
  }
}
