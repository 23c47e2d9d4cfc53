package io.dualstack.impl.firewall;

/**
 * What Cloud Controller is configured to accept; by default neither.
 *
 * @param ipv6 {@code enable_ipv6}: IPv6 destinations, and the protocol icmpv6
 * @param lists {@code enable_comma_delimited_destinations}
 */
public record RuleOptions(boolean ipv6, boolean lists) {}
