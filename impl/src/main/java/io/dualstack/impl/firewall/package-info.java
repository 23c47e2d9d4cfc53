/**
 * Security groups as Cloud Controller's JSON has them, what they mean as a packet filter, and exact
 * answers about packet filters. Open {@link io.dualstack.impl.firewall.EgressFilter} first; a whole
 * cell is in {@code firewall.cell}.
 */
@NullMarked
package io.dualstack.impl.firewall;

import org.jspecify.annotations.NullMarked;
