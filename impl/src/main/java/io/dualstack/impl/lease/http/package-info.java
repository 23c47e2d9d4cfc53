/**
 * The Silk controller's HTTP API: its JSON, a server over any registry, a client that is a
 * registry, and the mutual TLS between them. Open {@code LeaseServer} first.
 */
@NullMarked
package io.dualstack.impl.lease.http;

import org.jspecify.annotations.NullMarked;
