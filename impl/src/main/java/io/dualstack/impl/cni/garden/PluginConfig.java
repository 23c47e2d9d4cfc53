package io.dualstack.impl.cni.garden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cni.runtime.NetworkList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What plugins are told about a container beside their configuration: {@code metadata} and {@code
 * runtimeConfig}, every plugin, whatever its {@code capabilities}.
 */
final class PluginConfig {
  private PluginConfig() {}

  /**
   * Extends the configuration of every plugin.
   *
   * @param mappings with their host ports; null if none were named
   */
  static NetworkList extend(
      NetworkList network, UpRequest request, @Nullable List<PortMapping> mappings) {
    return network.mapEach(plugin -> extend(plugin, request, mappings));
  }

  private static ObjectNode extend(
      ObjectNode plugin, UpRequest request, @Nullable List<PortMapping> mappings) {
    ObjectNode extended = plugin.deepCopy();
    if (!request.properties().isEmpty()) {
      extended.set("metadata", request.properties());
    }
    ObjectNode runtime = extended.putObject("runtimeConfig");
    boolean conventional = plugin.at("/capabilities/portMappings").asBoolean();
    runtime.set("portMappings", portMappings(runtime, mappings, conventional));
    runtime.set("netOutRules", request.netOutRules());
    return extended;
  }

  /**
   * The plugins of Cloud Foundry read Garden's spelling. Who declares the capability reads that of
   * the CNI conventions, so it gets both.
   */
  private static JsonNode portMappings(
      ObjectNode factory, @Nullable List<PortMapping> mappings, boolean conventional) {
    if (mappings == null) {
      return factory.nullNode();
    }
    ArrayNode array = factory.arrayNode();
    for (PortMapping each : mappings) {
      ObjectNode mapping = array.addObject();
      mapping.put("host_port", each.hostPort()).put("container_port", each.containerPort());
      if (conventional) {
        mapping.put("hostPort", each.hostPort()).put("containerPort", each.containerPort());
        mapping.put("protocol", "tcp");
      }
    }
    return array;
  }
}
