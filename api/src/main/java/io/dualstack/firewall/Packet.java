package io.dualstack.firewall;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;

/**
 * A packet as a filter sees it. Source ports are left out: no rule here asks for them.
 *
 * @param source where it comes from
 * @param destination where it goes, an address of the same family
 * @param service what it asks for, of a protocol that runs over that family
 * @param state what connection tracking says of it
 * @param mark its mark, 0 to 2^32 - 1; 0 is none
 */
public record Packet(
    IpAddress source, IpAddress destination, Service service, ConnectionState state, long mark) {
  /**
   * Checks that there can be such a packet.
   *
   * @param source where it comes from
   * @param destination where it goes, an address of the same family
   * @param service what it asks for, of a protocol that runs over that family
   * @param state what connection tracking says of it
   * @param mark its mark, 0 to 2^32 - 1
   * @throws IllegalArgumentException when the addresses are of two families, the protocol belongs
   *     to the other one, or the mark is out of range
   */
  public Packet {
    requireNonNull(state, "state");
    source.requireFamily(destination.family());
    if (!service.protocol().runsOver(destination.family())) {
      throw new IllegalArgumentException(
          "%s: does not run over %s; use %s"
              .formatted(
                  service.protocol(),
                  destination.family().label(),
                  io.dualstack.net.Protocol.icmpOf(destination.family())));
    }
    if (mark < 0 || mark > NumberSet.MAX) {
      throw new IllegalArgumentException(
          "%d: is no mark; use 0 to %d".formatted(mark, NumberSet.MAX));
    }
  }

  /**
   * {@return an unmarked packet that opens a connection}
   *
   * @param source where it comes from
   * @param destination where it goes
   * @param service what it asks for
   * @throws IllegalArgumentException when there can be no such packet
   */
  public static Packet opening(IpAddress source, IpAddress destination, Service service) {
    return new Packet(source, destination, service, ConnectionState.NEW, 0);
  }

  /** {@return the family of both addresses} */
  public IpFamily family() {
    return destination.family();
  }

  /** Returns {@code tcp/443 from 10.0.0.1 to 192.0.2.1}, with state and mark if not new and 0. */
  @Override
  public String toString() {
    return "%s from %s to %s%s%s"
        .formatted(
            service,
            source,
            destination,
            state == ConnectionState.NEW
                ? ""
                : ", " + state.name().toLowerCase(java.util.Locale.ROOT),
            mark == 0 ? "" : ", mark 0x" + Long.toHexString(mark));
  }
}
