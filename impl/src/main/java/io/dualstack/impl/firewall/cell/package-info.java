/**
 * The one model of a cell's firewall: what settings and containers mean as ordered rules, path by
 * path. Back ends write these rules down for the kernel, and {@link
 * io.dualstack.impl.firewall.cell.CellFilter} says what they do to a packet. Open {@link
 * io.dualstack.impl.firewall.cell.CellModel} first.
 */
@NullMarked
package io.dualstack.impl.firewall.cell;

import org.jspecify.annotations.NullMarked;
