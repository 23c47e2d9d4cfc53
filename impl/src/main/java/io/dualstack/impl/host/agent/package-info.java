/**
 * The director's hash of networks and the agent's settings as JSON. One class knows the fields of a
 * network, {@link io.dualstack.impl.host.agent.NetworkFields}; both documents are made of it.
 */
@NullMarked
package io.dualstack.impl.host.agent;

import org.jspecify.annotations.NullMarked;
