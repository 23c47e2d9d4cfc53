/**
 * What stores of allocations have in common: {@link
 * io.dualstack.impl.allocation.store.GroupCommit}, by which concurrent callers share a flush to
 * disk. Each store has a package of its own below.
 */
@NullMarked
package io.dualstack.impl.allocation.store;

import org.jspecify.annotations.NullMarked;
