package io.dualstack.allocation;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Networks by name, in the order they were defined. Networks may overlap one another: an address
 * taken in one is taken in all.
 *
 * @param byName the networks by name
 */
public record NetworkSet(Map<String, NetworkDefinition> byName) {

  private static final NetworkSet EMPTY = new NetworkSet(Map.of());

  /**
   * Checks that each network stands under its own name.
   *
   * @param byName the networks by name
   */
  public NetworkSet {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    byName.forEach(
        (name, network) -> {
          if (!name.equals(network.name())) {
            throw new IllegalArgumentException(network.name() + ": stands under the name " + name);
          }
        });
  }

  /**
   * Returns the set without networks.
   *
   * @return the empty set
   */
  public static NetworkSet empty() {
    return EMPTY;
  }

  /**
   * Returns the set of some networks.
   *
   * @param networks the networks
   * @return the set
   * @throws IllegalArgumentException if two have one name
   */
  public static NetworkSet of(Collection<? extends NetworkDefinition> networks) {
    Map<String, NetworkDefinition> byName = new LinkedHashMap<>();
    for (NetworkDefinition network : networks) {
      if (byName.put(network.name(), network) != null) {
        throw new IllegalArgumentException("two networks are named " + network.name());
      }
    }
    return new NetworkSet(byName);
  }

  /**
   * Returns the set of some networks.
   *
   * @param networks the networks
   * @return the set
   * @throws IllegalArgumentException if two have one name
   */
  public static NetworkSet of(NetworkDefinition... networks) {
    return of(List.of(networks));
  }

  /**
   * Returns a network.
   *
   * @param name its name
   * @return the network; empty when there is none
   */
  public Optional<NetworkDefinition> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * Returns all networks in the order they were defined.
   *
   * @return an unmodifiable collection
   */
  public Collection<NetworkDefinition> all() {
    return byName.values();
  }

  /**
   * Returns the networks whose addresses the allocator hands out, in the order they were defined.
   *
   * @return an unmodifiable list
   */
  public List<NetworkDefinition.Manual> manual() {
    return byName.values().stream()
        .filter(NetworkDefinition.Manual.class::isInstance)
        .map(NetworkDefinition.Manual.class::cast)
        .toList();
  }
}
