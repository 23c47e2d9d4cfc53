/** Policies for as long as the process lives. Open {@code MemoryPolicyStore} first. */
@NullMarked
package io.dualstack.impl.policy.store.memory;

import org.jspecify.annotations.NullMarked;
