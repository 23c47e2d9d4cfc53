package io.dualstack.impl.firewall;

import io.dualstack.firewall.Packet;
import io.dualstack.firewall.ServiceSet;

/**
 * Services that a container reaches in one family in another way than in the other.
 *
 * @param scope the part of both address spaces that is compared
 * @param leaning how IPv6 compares with IPv4
 * @param services what is asked for, in words of IPv6
 * @param ipv4 a packet of IPv4 to compare with
 * @param ipv6 its twin of IPv6: of both, one passes and the other does not, unless the leaning is
 *     {@link Leaning#PARTLY}
 */
public record ParityFinding(
    AddressScope scope, Leaning leaning, ServiceSet services, Packet ipv4, Packet ipv6) {
  /** How IPv6 compares with IPv4. */
  public enum Leaning {
    /** IPv6 reaches all of the scope and IPv4 not all, or IPv6 some of it and IPv4 none. */
    LOOSER,
    /** IPv4 reaches all of the scope and IPv6 not all, or IPv4 some of it and IPv6 none. */
    STRICTER,
    /** Both reach some of the scope and not all; which parts correspond only people know. */
    PARTLY
  }
}
