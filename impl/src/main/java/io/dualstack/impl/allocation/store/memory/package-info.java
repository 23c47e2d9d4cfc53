/**
 * The store that forgets: blocks, documents and audit trail in the memory of one process, for tests
 * and for dry runs. Open {@link io.dualstack.impl.allocation.store.memory.MemoryAllocationStore}
 * first.
 */
@NullMarked
package io.dualstack.impl.allocation.store.memory;

import org.jspecify.annotations.NullMarked;
