package io.dualstack.policy;

import org.jspecify.annotations.Nullable;

/**
 * A rule of a security group as Cloud Controller has it. Nothing in it was looked at: whoever makes
 * filters of it has to, so that one bad rule does not keep the others from being stored.
 *
 * @param protocol such as {@code tcp}
 * @param destination addresses, CIDR blocks and ranges of either family, with commas between them
 * @param ports ports; empty when it has none
 * @param type the ICMP type; null when it has none, which is not 0
 * @param code the ICMP code; null when it has none, which is not 0
 * @param description words for people; may be empty
 * @param log whether packets that it lets through are logged
 */
public record GroupRule(
    String protocol,
    String destination,
    String ports,
    @Nullable Integer type,
    @Nullable Integer code,
    String description,
    boolean log) {}
