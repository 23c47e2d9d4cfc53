/**
 * Which part of the overlay network each cell holds: leases, the registry that hands them out, and
 * what a cell tells its containers about its networks. Open {@link
 * io.dualstack.lease.LeaseRegistry} first.
 *
 * <p>Leases are IPv4 and nothing but IPv4: the IPv6 prefix of a cell is routed to it by the
 * infrastructure and comes from its configuration; {@link io.dualstack.lease.LeasedNetworks} brings
 * both together.
 */
@NullMarked
package io.dualstack.lease;

import org.jspecify.annotations.NullMarked;
