/**
 * What registrars and routers tell each other, as JSON. Open {@code WireRouteFormats} first; {@code
 * endpoint} is what a router keeps of it.
 */
@NullMarked
package io.dualstack.impl.routing;

import org.jspecify.annotations.NullMarked;
