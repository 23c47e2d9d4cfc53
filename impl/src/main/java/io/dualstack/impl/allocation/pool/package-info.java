/**
 * The free-space engine: which addresses of a range are free, and the lowest free aligned block of
 * any length, on {@code long}s. Open {@link io.dualstack.impl.allocation.pool.FreeSpace} first;
 * nothing here knows of networks, owners' names or stores.
 */
@NullMarked
package io.dualstack.impl.allocation.pool;

import org.jspecify.annotations.NullMarked;
