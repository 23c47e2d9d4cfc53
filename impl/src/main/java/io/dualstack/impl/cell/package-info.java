/** The cell role, put together from its parts. */
@NullMarked
package io.dualstack.impl.cell;

import org.jspecify.annotations.NullMarked;
