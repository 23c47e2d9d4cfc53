package io.dualstack.impl.cni.wrapper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniVersion;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.impl.cni.protocol.CniCall;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.Fields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the plugin is configured with, and what the runtime adds.
 *
 * @param datastore the file of containers and their metadata
 * @param lockFile whoever changes rules holds a lock on it
 * @param backend what enforces the rules
 * @param agent where the policy agent listens, {@code host:port}; empty for none
 * @param cell the cell's firewall
 * @param dnsServers what the container is told to resolve names with, as written
 * @param metadata what the runtime says of the container
 * @param mappings ports of the cell that lead to the container
 * @param egress what the container may reach where no agent says it
 * @param delegate the configuration of the plugin that attaches the container
 */
record WrapperConfig(
    Path datastore,
    Path lockFile,
    BackendKind backend,
    String agent,
    CellFirewall cell,
    List<String> dnsServers,
    ObjectNode metadata,
    List<PortMapping> mappings,
    SecurityGroup egress,
    ObjectNode delegate) {

  /**
   * Reads a configuration, in the original's order of checks.
   *
   * @param underlay finds the devices of addresses
   * @throws io.dualstack.cni.CniException naming the key that is missing or wrong
   */
  static WrapperConfig read(CniCall call, Function<Fields, List<String>> underlay) {
    Fields fields = call.config().fields();
    Path datastore = path(fields, "datastore");
    Path lock = CellFirewallReader.lockFile(fields);
    CellFirewall cell = CellFirewallReader.read(fields, underlay);
    return new WrapperConfig(
        datastore,
        lock,
        CellFirewallReader.backend(fields),
        fields.text("policy_agent_force_poll_address"),
        cell,
        fields.texts("dns_servers"),
        metadata(fields),
        mappings(fields),
        NetOutGroup.read(fields, "runtimeConfig", "netOutRules"),
        delegate(fields, call));
  }

  /** Reads what DEL needs, which must not fail over the rest. */
  static ObjectNode delegate(Fields fields, CniCall call) {
    Fields delegate = fields.objectOrNull("delegate");
    if (delegate == null || delegate.text("type").isEmpty()) {
      throw fields.refused("delegate.type", "is missing; name the plugin that attaches containers");
    }
    ObjectNode config = delegate.object().deepCopy();
    if (!config.hasNonNull("cniVersion")) {
      config.put("cniVersion", CniVersion.V1_0_0.text());
    }
    if (!config.hasNonNull("name")) {
      config.put("name", call.config().name());
    }
    return config;
  }

  static Path path(Fields fields, String key) {
    return Path.of(required(fields, key, "give a path"));
  }

  static String required(Fields fields, String key, String remedy) {
    String text = fields.text(key);
    if (text.isEmpty()) {
      throw fields.refused(key, "is missing; " + remedy);
    }
    return text;
  }

  private static ObjectNode metadata(Fields fields) {
    @Nullable Fields metadata = fields.objectOrNull("metadata");
    return metadata == null ? CniJson.object() : metadata.object();
  }

  private static List<PortMapping> mappings(Fields fields) {
    @Nullable Fields runtime = fields.objectOrNull("runtimeConfig");
    if (runtime == null) {
      return List.of();
    }
    List<PortMapping> mappings = new ArrayList<>();
    for (Fields each : runtime.objects("portMappings")) {
      mappings.add(new PortMapping(port(each, "host_port"), port(each, "container_port")));
    }
    return mappings;
  }

  private static int port(Fields fields, String key) {
    JsonNode node = fields.object().path(key);
    int port = fields.number(key, 65_535);
    if (port == 0) {
      throw fields.refused(key, "%s: is no port; use 1 to 65535".formatted(node));
    }
    return port;
  }
}
