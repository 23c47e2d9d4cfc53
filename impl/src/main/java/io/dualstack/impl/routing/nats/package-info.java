/**
 * Registration by NATS: {@code RegistrationCycle} decides what is told when, {@code NatsRegistrar}
 * tells it.
 */
@NullMarked
package io.dualstack.impl.routing.nats;

import org.jspecify.annotations.NullMarked;
