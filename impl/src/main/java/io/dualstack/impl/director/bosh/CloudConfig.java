package io.dualstack.impl.director.bosh;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.host.NetworkType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest is checked against.
 *
 * @param networks the networks by name, also those with errors
 * @param complete whether those are all: without that, no network is unknown
 * @param zones the availability zones
 */
record CloudConfig(Map<String, Network> networks, boolean complete, Zones zones) {

  /**
   * A network, known by name and type at least.
   *
   * @param name the name
   * @param type the type; null if it isn't one
   * @param definition the network; null if it has errors
   */
  record Network(String name, @Nullable NetworkType type, @Nullable NetworkDefinition definition) {}
}
