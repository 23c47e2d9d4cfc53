/**
 * The role of garden-external-networker: what Guardian executes to put a container on the network
 * and to take it off, by way of the plugins of a CNI network. Open {@link
 * io.dualstack.impl.cni.garden.GardenNetwork} first, {@link
 * io.dualstack.impl.cni.garden.GardenAction} for the protocol around it.
 */
@NullMarked
package io.dualstack.impl.cni.garden;

import org.jspecify.annotations.NullMarked;
