/** The audit trail of a store, read from the first line on, and what follows from it. */
@NullMarked
package io.dualstack.impl.allocation.trail;

import org.jspecify.annotations.NullMarked;
