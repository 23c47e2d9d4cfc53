/** Blocks that another system handed out, taken over into a store. */
@NullMarked
package io.dualstack.impl.allocation.imports;

import org.jspecify.annotations.NullMarked;
