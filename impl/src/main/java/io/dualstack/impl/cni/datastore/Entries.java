package io.dualstack.impl.cni.datastore;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.impl.cni.protocol.GoJson;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The entries of a file of containers, byte for byte as Go writes them. */
final class Entries {
  private static final JsonMapper JSON = new JsonMapper();

  private Entries() {}

  static Map<String, JsonNode> read(Path file, byte[] content) throws IOException {
    Map<String, JsonNode> entries = new TreeMap<>();
    GoJson.read(file, content)
        .properties()
        .forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
    return entries;
  }

  static String text(Map<String, JsonNode> entries) {
    ObjectNode tree = JSON.createObjectNode();
    tree.setAll(entries);
    return GoJson.text(tree) + "\n";
  }

  static ObjectNode entry(
      String handle, IpAddress ipv4, @Nullable IpAddress ipv6, @Nullable ObjectNode metadata) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("handle", handle).put("ip", ipv4.toString());
    if (ipv6 != null) {
      entry.put("ipv6", ipv6.toString());
    }
    entry.set("metadata", metadata == null ? entry.nullNode() : sorted(metadata));
    return entry;
  }

  /** As Go writes maps: by key, those in them too. */
  private static JsonNode sorted(JsonNode node) {
    if (node.isArray()) {
      ArrayNode list = JSON.createArrayNode();
      node.forEach(each -> list.add(sorted(each)));
      return list;
    }
    if (!node.isObject()) {
      return node;
    }
    ObjectNode object = JSON.createObjectNode();
    node.properties().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> object.set(each.getKey(), sorted(each.getValue())));
    return object;
  }

  /** Empty for an entry without an address. */
  static Optional<AttachedContainer> container(Map.Entry<String, JsonNode> entry) {
    return IpAddress.tryParse(entry.getValue().path("ip").asText())
        .map(
            ip ->
                new AttachedContainer(
                    entry.getKey(),
                    ip,
                    IpAddress.tryParse(entry.getValue().path("ipv6").asText()).orElse(null)));
  }

  static ObjectNode metadata(JsonNode entry) {
    return entry.get("metadata") instanceof ObjectNode metadata
        ? metadata
        : JSON.createObjectNode();
  }
}
