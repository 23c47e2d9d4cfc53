package io.dualstack.workload;

/**
 * Which variables of an instance's environment are written beside those that have always been.
 *
 * @param ipv6Endpoints whether {@code CF_INSTANCE_ADDR_IPV6}, {@code CF_INSTANCE_PORT_IPV6} and
 *     {@code CF_INSTANCE_PORTS_IPV6} are written where the instance has an IPv6 address and a port.
 *     The platform has no such variables: no port is mapped by IPv6, so they name the container's
 *     own
 */
public record EnvironmentOptions(boolean ipv6Endpoints) {
  /** What the platform writes, and no more. */
  public static final EnvironmentOptions DEFAULT = new EnvironmentOptions(false);
}
