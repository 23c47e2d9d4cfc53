/**
 * The route registrar's role: routes of a file are registered by NATS while their health checks say
 * so. Open {@code RegisterService} first.
 */
@NullMarked
package io.dualstack.impl.routing.registrar;

import org.jspecify.annotations.NullMarked;
