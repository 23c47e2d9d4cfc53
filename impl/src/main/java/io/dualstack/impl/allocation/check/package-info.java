/** Whether what a store holds agrees with itself. */
@NullMarked
package io.dualstack.impl.allocation.check;

import org.jspecify.annotations.NullMarked;
