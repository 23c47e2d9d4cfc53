package io.dualstack.impl.cni.garden;

/**
 * A port of the host that leads to one of a container.
 *
 * @param hostPort 0 when it is to be chosen
 * @param containerPort the container's
 */
record PortMapping(int hostPort, int containerPort) {}
