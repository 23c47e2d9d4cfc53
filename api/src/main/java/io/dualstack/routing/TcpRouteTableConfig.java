package io.dualstack.routing;

import java.util.Set;

/**
 * What a table of TCP routes takes.
 *
 * @param routerGroups the GUIDs of the groups of routers that there are
 * @param maxTtlSeconds the longest time to live, and that of routes that name none
 */
public record TcpRouteTableConfig(Set<String> routerGroups, int maxTtlSeconds) {
  /** The longest time to live of a routing API as it comes. */
  public static final int DEFAULT_MAX_TTL_SECONDS = 120;

  /**
   * Checks the time.
   *
   * @param routerGroups the GUIDs of the groups of routers that there are
   * @param maxTtlSeconds the longest time to live
   * @throws IllegalArgumentException when the time is less than a second
   */
  public TcpRouteTableConfig {
    routerGroups = Set.copyOf(routerGroups);
    if (maxTtlSeconds < 1) {
      throw new IllegalArgumentException(
          "longest time to live %d: nothing would live; use some seconds".formatted(maxTtlSeconds));
    }
  }
}
