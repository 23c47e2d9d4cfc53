/**
 * Whether a host does IPv6, and what must change in its files so that it does. Open {@link
 * io.dualstack.impl.host.ipv6.Ipv6Check} first.
 */
@NullMarked
package io.dualstack.impl.host.ipv6;

import org.jspecify.annotations.NullMarked;
