/**
 * What a store of allocations must do: change sets, revisions and snapshots. For authors of stores;
 * others never need it.
 */
@NullMarked
package io.dualstack.allocation.spi;

import org.jspecify.annotations.NullMarked;
