package io.dualstack.impl.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.allocation.Utilization;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.PlannedInstance;
import io.dualstack.director.PlannedNetwork;
import io.dualstack.net.IpPrefix;
import java.util.List;
import java.util.Locale;

/** The command line's JSON, which the README documents field by field. */
final class Json {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(JsonNode node, PrettyPrinter printer) {
    try {
      return MAPPER.writer(printer).writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode of(Diagnostic diagnostic) {
    ObjectNode node = object().put("severity", word(diagnostic.severity()));
    if (!diagnostic.source().isEmpty()) {
      node.put("source", diagnostic.source());
    }
    if (!diagnostic.path().isEmpty()) {
      node.put("path", diagnostic.path());
    }
    if (diagnostic.line() > 0) {
      node.put("line", diagnostic.line()).put("column", diagnostic.column());
    }
    return node.put("code", diagnostic.code()).put("message", diagnostic.message());
  }

  static ObjectNode of(DeploymentPlan plan, String store) {
    ObjectNode node = object().put("deployment", plan.deployment()).put("store", store);
    if (!plan.provider().isEmpty()) {
      node.put("provider", plan.provider());
    }
    node.put("revision", plan.revision()).put("changed", !plan.isUnchanged());
    ObjectNode summary = node.putObject("summary");
    for (PlannedAction action : PlannedAction.values()) {
      summary.put(word(action), plan.count(action));
    }
    summary.put("nics_attached", plan.nicsAttached()).put("nics_detached", plan.nicsDetached());
    ArrayNode instances = node.putArray("instances");
    plan.instances().forEach(instance -> instances.add(of(instance)));
    ArrayNode warnings = node.putArray("warnings");
    plan.warnings().forEach(warning -> warnings.add(of(warning)));
    return node;
  }

  private static ObjectNode of(PlannedInstance instance) {
    ObjectNode node = object().put("instance", instance.id().shortName());
    node.put("az", instance.zone());
    ArrayNode networks = node.putArray("networks");
    for (PlannedNetwork network : instance.networks()) {
      ObjectNode line =
          networks.addObject().put("name", network.name()).put("type", network.type().keyword());
      IpPrefix block = network.block();
      if (block == null) {
        line.putNull("ip").putNull("prefix");
      } else {
        line.put("ip", block.first().toString()).put("prefix", block.length());
      }
      line.put("kind", word(network.kind())).put("action", word(network.action()));
      IpPrefix replaced = network.replaces();
      if (replaced != null) {
        line.put("replaces", replaced.toString());
      }
      if (!network.reason().isEmpty()) {
        line.put("reason", network.reason());
      }
    }
    return node;
  }

  static ObjectNode of(AllocatedBlock block) {
    ObjectNode node =
        object()
            .put("block", block.block().toString())
            .put("owner", block.owner().id())
            .put("incarnation", block.incarnation())
            .put("network", block.network())
            .put("az", block.zone())
            .put("kind", word(block.kind()))
            .put("state", word(block.state()))
            .put("since", block.since().toString());
    if (block.until() != null) {
      node.put("until", block.until().toString());
    }
    return node;
  }

  static ObjectNode of(HistoryEntry entry) {
    ObjectNode node =
        object()
            .put("at", entry.at().toString())
            .put("revision", entry.revision())
            .put("event", word(entry.event()));
    node.set("block", of(entry.block()));
    return node;
  }

  static ObjectNode of(Utilization subnet) {
    ObjectNode node =
        object()
            .put("network", subnet.network())
            .put("range", subnet.range().toString())
            .put("prefix", subnet.prefixLength())
            .put("total", subnet.total())
            .put("available", subnet.available())
            .put("active", subnet.active())
            .put("obsolete", subnet.obsolete())
            .put("quarantined", subnet.quarantined());
    ObjectNode free = node.putObject("free_by_length");
    subnet.freeByLength().forEach((length, count) -> free.put("/" + length, count));
    return node;
  }

  static ArrayNode array(List<? extends JsonNode> nodes) {
    return MAPPER.createArrayNode().addAll(nodes);
  }

  /** An enum's name as it is spelled in output. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
