package io.dualstack.impl.cni.garden;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.runtime.NetworkList;
import java.util.List;
import java.util.Optional;

/**
 * What plugins are told about a container beside their configuration: {@code metadata} and {@code
 * runtimeConfig} in Garden's words, every plugin, whatever its {@code capabilities}; and those with
 * the capability {@code portMappings} the ports in the words of the CNI conventions.
 */
final class PluginConfig {
  private PluginConfig() {}

  /**
   * Extends the configuration of every plugin.
   *
   * @param mappings with their host ports; empty if no list was given, which Go writes as null
   */
  static NetworkList extend(
      NetworkList network, UpRequest request, Optional<List<PortMapping>> mappings) {
    return network.mapEach(
        plugin -> {
          ObjectNode extended = plugin.deepCopy();
          if (!request.properties().isEmpty()) {
            extended.set("metadata", request.properties());
          }
          ObjectNode runtime = extended.putObject("runtimeConfig");
          runtime.putNull("portMappings");
          mappings.ifPresent(list -> putMappings(runtime, list));
          runtime.set("netOutRules", request.netOutRules());
          return extended;
        });
  }

  private static void putMappings(ObjectNode runtime, List<PortMapping> mappings) {
    ArrayNode array = runtime.putArray("portMappings");
    mappings.forEach(
        each ->
            array
                .addObject()
                .put("host_port", each.hostPort())
                .put("container_port", each.containerPort()));
  }

  /**
   * Returns what plugins with capabilities are told. The host's address is that of IPv4 alone: no
   * port leads to an IPv6 address, which everybody can reach who may.
   */
  static ObjectNode capabilities(List<PortMapping> mappings) {
    ObjectNode capabilities = CniJson.object();
    if (!mappings.isEmpty()) {
      ArrayNode array = capabilities.putArray("portMappings");
      mappings.forEach(
          each ->
              array
                  .addObject()
                  .put("hostPort", each.hostPort())
                  .put("containerPort", each.containerPort())
                  .put("protocol", "tcp")
                  .put("hostIP", "0.0.0.0"));
    }
    return capabilities;
  }
}
