/**
 * The daemon role on a cell: keeps its lease, makes its overlay device reach the other cells, and
 * tells plugins which networks containers get their addresses from. Open {@code LocalLeaseAgent}
 * first.
 */
@NullMarked
package io.dualstack.impl.lease.agent;

import org.jspecify.annotations.NullMarked;
