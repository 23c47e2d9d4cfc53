/**
 * Values of the network: addresses, prefixes, ranges and sets of both families, ports, protocols
 * and hardware addresses.
 *
 * <p>Start with {@link io.dualstack.net.IpPrefix}, the block of addresses that everything else is
 * cut from, and {@link io.dualstack.net.IpAddress}. Every type here is immutable, safe for use by
 * many threads, ordered by address (IPv4 before IPv6), prints in one canonical form (RFC 5952 for
 * IPv6) and reads that form back. Hash codes are the same in every run of every JVM. Text is read
 * by one strict parser: what other software guesses at (octal octets, {@code inet_aton} short
 * forms, zones, surrounding blanks) is refused with a message that says what was probably meant.
 */
@NullMarked
package io.dualstack.net;

import org.jspecify.annotations.NullMarked;
