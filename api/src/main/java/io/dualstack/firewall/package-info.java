/**
 * Which packets may pass: {@link io.dualstack.firewall.SecurityGroup} is what users write, {@link
 * io.dualstack.firewall.RuleSet} the packet filter that it means, and {@link
 * io.dualstack.firewall.PacketSet} the exact algebra over packets. Open {@link
 * io.dualstack.firewall.Match} first. Every type is immutable and safe for use by many threads.
 */
@NullMarked
package io.dualstack.firewall;

import org.jspecify.annotations.NullMarked;
