/**
 * Security groups as Cloud Controller's JSON has them, what they mean as a packet filter, and exact
 * answers about packet filters. Open {@link io.dualstack.impl.firewall.EgressFilter} first.
 */
@NullMarked
package io.dualstack.impl.firewall;

import org.jspecify.annotations.NullMarked;
