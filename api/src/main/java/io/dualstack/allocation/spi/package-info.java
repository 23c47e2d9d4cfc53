/**
 * What a store of allocations must do. Open {@link io.dualstack.allocation.spi.AllocationStore}
 * first; the contract suite for implementations is in the test kit.
 */
@NullMarked
package io.dualstack.allocation.spi;

import org.jspecify.annotations.NullMarked;
