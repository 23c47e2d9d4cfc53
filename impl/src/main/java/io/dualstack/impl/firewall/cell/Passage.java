package io.dualstack.impl.firewall.cell;

import io.dualstack.firewall.Packet;

/**
 * A packet on its way through a cell.
 *
 * @param in the device it comes in by
 * @param out the device it would leave by; empty if it is for the cell itself
 */
public record Passage(Packet packet, String in, String out) {}
