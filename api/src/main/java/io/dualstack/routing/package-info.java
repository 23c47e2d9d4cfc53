/**
 * How routers learn where instances are: endpoints that are registered by NATS, routes of TCP that
 * are told to a routing API, and what a router makes of both. Open {@link
 * io.dualstack.routing.RouteMessage} and {@link io.dualstack.routing.TcpRoute} first; {@link
 * io.dualstack.routing.RouteFormats} writes and reads them.
 *
 * <p>A host is an identity to routers, by its text. So an address has one text here (RFC 5952), in
 * brackets where a router joins it with a port. Without an IPv6 host, nothing written has IPv6 in
 * it. Every value is immutable and safe for use by many threads.
 */
@NullMarked
package io.dualstack.routing;

import org.jspecify.annotations.NullMarked;
