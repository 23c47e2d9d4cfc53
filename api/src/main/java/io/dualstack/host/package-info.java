/**
 * What a machine's operating system must be told about its networks: {@link
 * io.dualstack.host.VmNetwork} is the value, {@link io.dualstack.host.HostFormats} writes it in the
 * formats of the director, the agent and systemd-networkd.
 */
@NullMarked
package io.dualstack.host;

import org.jspecify.annotations.NullMarked;
