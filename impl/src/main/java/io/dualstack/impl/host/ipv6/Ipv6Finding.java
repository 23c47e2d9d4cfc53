package io.dualstack.impl.host.ipv6;

/**
 * One thing that keeps a host from IPv6, or will after its next start.
 *
 * @param where the file it comes from, with the line: {@code /etc/sysctl.conf:12}
 * @param what what is there
 * @param right what should be there
 * @param why what is bad about it
 */
public record Ipv6Finding(String where, String what, String right, String why) {}
