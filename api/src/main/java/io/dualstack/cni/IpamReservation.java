package io.dualstack.cni;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;

/**
 * An address in use, as its file tells it. Immutable.
 *
 * @param address the address
 * @param containerId the container; empty if the file doesn't tell
 * @param ifName the interface; empty if the file doesn't tell, as those of old versions
 */
public record IpamReservation(IpAddress address, String containerId, String ifName) {

  /**
   * Takes the facts as they are: a file may hold anything.
   *
   * @param address the address
   * @param containerId the container; empty if the file doesn't tell
   * @param ifName the interface; empty if the file doesn't tell
   */
  public IpamReservation {
    requireNonNull(address, "address");
    requireNonNull(containerId, "containerId");
    requireNonNull(ifName, "ifName");
  }
}
