/**
 * A journal of one packet through a lab: what each hop decides by configuration, next to what its
 * kernel did. Open {@link io.dualstack.impl.lab.trace.Trace} first.
 */
@NullMarked
package io.dualstack.impl.lab.trace;

import org.jspecify.annotations.NullMarked;
