/**
 * The policy server's HTTP APIs: the internal one for cells, a client for it, and the external one
 * for people and their tools. Open {@code InternalPolicyServer} and {@code ExternalPolicyServer}
 * first.
 */
@NullMarked
package io.dualstack.impl.policy.http;

import org.jspecify.annotations.NullMarked;
