/**
 * The allocator over a store: an index of free space, decisions, and the batches in which they are
 * committed. Open {@code StoreBackedAllocator} first.
 *
 * <p>One thread at a time, the leader, decides for all that wait and commits their change sets with
 * one flush; so nothing is ever in flight while the index is read, and concurrent callers share the
 * price of durability.
 */
@NullMarked
package io.dualstack.impl.allocation;

import org.jspecify.annotations.NullMarked;
