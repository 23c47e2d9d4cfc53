/**
 * Dual-stack allocation: networks and subnets, who holds which block, and the allocator that hands
 * blocks out. Open {@link io.dualstack.allocation.PrefixAllocator} first.
 *
 * <p>A <em>block</em> is always a prefix: a single IPv4 address is a /32, a single IPv6 address a
 * /128, a delegated prefix anything shorter. Live blocks of one {@link
 * io.dualstack.allocation.AddressSpace} never overlap.
 */
@NullMarked
package io.dualstack.allocation;

import org.jspecify.annotations.NullMarked;
