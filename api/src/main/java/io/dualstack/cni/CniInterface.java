package io.dualstack.cni;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An interface that a plugin made, on the host or in the container. Immutable.
 *
 * @param name its name
 * @param mac its hardware address as text, as it may be longer than Ethernet's; empty for none
 * @param mtu its MTU in bytes; 0 for not told
 * @param sandbox the path of the network namespace it is in; empty for the host's
 * @param socketPath the socket of a device in user space; empty for none
 * @param pciId the PCI address of the device; empty for none
 * @param others fields that the specification doesn't know: JSON-like values
 */
public record CniInterface(
    String name,
    String mac,
    int mtu,
    String sandbox,
    String socketPath,
    String pciId,
    Map<String, Object> others) {

  /**
   * Copies the map.
   *
   * @param name its name
   * @param mac its hardware address as text; empty for none
   * @param mtu its MTU in bytes; 0 for not told
   * @param sandbox the path of the network namespace it is in; empty for the host's
   * @param socketPath the socket of a device in user space; empty for none
   * @param pciId the PCI address of the device; empty for none
   * @param others fields that the specification doesn't know
   */
  public CniInterface {
    requireNonNull(name, "name");
    requireNonNull(mac, "mac");
    requireNonNull(sandbox, "sandbox");
    requireNonNull(socketPath, "socketPath");
    requireNonNull(pciId, "pciId");
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Returns an interface with the facts that every version of the protocol since 0.3.0 has.
   *
   * @param name its name
   * @param mac its hardware address; empty for none
   * @param sandbox the path of the network namespace it is in; empty for the host's
   * @return the interface
   */
  public static CniInterface of(String name, String mac, String sandbox) {
    return new CniInterface(name, mac, 0, sandbox, "", "", Map.of());
  }
}
