/**
 * Routes of TCP: what may be one, a table of them, and how HAProxy is told. Open {@code
 * MemoryTcpRouteTable} first.
 */
@NullMarked
package io.dualstack.impl.routing.tcp;

import org.jspecify.annotations.NullMarked;
