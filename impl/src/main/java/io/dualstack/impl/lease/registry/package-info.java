/**
 * The registry of leases over a store of allocations. Open {@code StoreLeaseRegistry} first.
 *
 * <p>A lease is two records that are written together: a block, through which the store itself
 * refuses overlaps, whoever writes; and a document, which names the cell and tells when the lease
 * was renewed. Every change expects the document it was decided on, so that of several writers one
 * wins and the others decide again.
 */
@NullMarked
package io.dualstack.impl.lease.registry;

import org.jspecify.annotations.NullMarked;
