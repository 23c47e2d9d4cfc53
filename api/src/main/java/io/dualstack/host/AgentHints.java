package io.dualstack.host;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a network's entry in an agent's settings can say beyond what the director said: written by
 * providers, read by agents. Immutable.
 *
 * @param alias the interface's name where the provider knows no hardware address, such as {@code
 *     eth0}, or {@code eth0:1} for a further address of one; empty for none
 * @param resolved whether the address was learned by DHCP
 * @param preconfigured whether the machine's image has set up the network by itself
 * @param routes routes to add
 * @param others further keys of the network as they are: JSON-like values. A key of the format
 *     itself can't be among them
 */
public record AgentHints(
    String alias,
    boolean resolved,
    boolean preconfigured,
    List<StaticRoute> routes,
    Map<String, Object> others) {

  /** Nothing beyond what the director said. */
  public static final AgentHints NONE = new AgentHints("", false, false, List.of(), Map.of());

  /**
   * Copies the collections.
   *
   * @param alias the interface's name where there is no hardware address
   * @param resolved whether the address was learned by DHCP
   * @param preconfigured whether the machine's image has set up the network by itself
   * @param routes routes to add
   * @param others further keys of the network as they are
   */
  public AgentHints {
    requireNonNull(alias, "alias");
    routes = List.copyOf(routes);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /**
   * Returns the same with other routes.
   *
   * @param replacement the routes
   * @return a copy
   */
  public AgentHints withRoutes(List<StaticRoute> replacement) {
    return new AgentHints(alias, resolved, preconfigured, replacement, others);
  }

  /**
   * Returns the same with another alias.
   *
   * @param replacement the interface's name; empty for none
   * @return a copy
   */
  public AgentHints withAlias(String replacement) {
    return new AgentHints(replacement, resolved, preconfigured, routes, others);
  }
}
