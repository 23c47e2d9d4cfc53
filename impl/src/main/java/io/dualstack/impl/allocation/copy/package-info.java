/** All of one store into another, with its audit trail. */
@NullMarked
package io.dualstack.impl.allocation.copy;

import org.jspecify.annotations.NullMarked;
