/** The endpoints that a router knows. Open {@code IndexedEndpointRegistry} first. */
@NullMarked
package io.dualstack.impl.routing.endpoint;

import org.jspecify.annotations.NullMarked;
