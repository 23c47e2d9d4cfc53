/** The cell role: a host that puts containers on the network, in both families. */
@NullMarked
package io.dualstack.cell;

import org.jspecify.annotations.NullMarked;
