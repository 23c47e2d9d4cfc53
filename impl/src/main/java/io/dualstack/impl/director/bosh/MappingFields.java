package io.dualstack.impl.director.bosh;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Gathers the fields of a mapping, with merge keys ({@code <<}) applied as Psych does it: what is
 * merged replaces the fields before it, and the fields behind it replace what was merged. By the
 * specification the mapping's own fields win wherever they stand; where that makes a difference
 * there is a warning.
 */
final class MappingFields {

  private static final String MERGE = "<<";

  /** Mappings that merge one another in a chain, far more than real files have. */
  private static final int LONGEST_CHAIN = 100;

  private final YamlValue mapping;
  private final Findings findings;
  private final Set<Node> under = Collections.newSetFromMap(new IdentityHashMap<>());

  private MappingFields(YamlValue mapping, Findings findings) {
    this.mapping = mapping;
    this.findings = findings;
  }

  static Map<String, KeyedNode> of(YamlValue mapping, Findings findings) {
    return new MappingFields(mapping, findings).gather((MappingNode) mapping.node());
  }

  private Map<String, KeyedNode> gather(MappingNode node) {
    Map<String, KeyedNode> fields = new LinkedHashMap<>();
    Map<String, KeyedNode> own = new LinkedHashMap<>();
    mapping.file().spend(node.getValue().size() + 1);
    under.add(node);
    for (NodeTuple tuple : node.getValue()) {
      Node keyNode = tuple.getKeyNode();
      if (!(keyNode instanceof ScalarNode scalar)) {
        findings.error(
            mapping.placeOfKey("?", keyNode),
            "YamlKey",
            "a list or mapping stands where a key is expected; quote it if it is text, such as"
                + " {{ }} of a template");
        continue;
      }
      String key = scalar.getValue();
      if (key.equals(MERGE) && isMergeable(tuple.getValueNode())) {
        merge(keyNode, tuple.getValueNode(), own, fields);
        continue;
      }
      KeyedNode field = new KeyedNode(keyNode, tuple.getValueNode());
      KeyedNode before = own.put(key, field);
      if (before != null) {
        refuseSecond(key, before, keyNode);
      }
      fields.put(key, field);
    }
    under.remove(node);
    return fields;
  }

  private static boolean isMergeable(Node value) {
    return value instanceof MappingNode
        || (value instanceof SequenceNode list
            && list.getValue().stream().allMatch(MappingNode.class::isInstance));
  }

  private void merge(
      Node keyNode, Node value, Map<String, KeyedNode> own, Map<String, KeyedNode> fields) {
    Map<String, KeyedNode> merged = new LinkedHashMap<>();
    if (value instanceof SequenceNode list) {
      List<Node> nodes = list.getValue();
      for (int i = nodes.size() - 1; i >= 0; i--) {
        merged.putAll(fieldsToMerge((MappingNode) nodes.get(i), keyNode));
      }
    } else {
      merged.putAll(fieldsToMerge((MappingNode) value, keyNode));
    }
    mapping.file().spend(merged.size());
    merged.forEach(
        (key, field) -> {
          if (own.containsKey(key)) {
            findings.warning(
                mapping.placeOfKey(key, own.get(key).key()),
                "YamlMergeOverrides",
                "%s: is replaced by what << merges behind it, since BOSH reads from top to bottom;"
                        .formatted(Shown.text(key))
                    + " put << first if this value is meant");
          }
        });
    fields.putAll(merged);
  }

  private Map<String, KeyedNode> fieldsToMerge(MappingNode node, Node mergeKey) {
    Map<String, KeyedNode> known = mapping.file().merged().get(node);
    if (known != null) {
      return known;
    }
    if (under.contains(node) || under.size() > LONGEST_CHAIN) {
      findings.error(
          mapping.placeOfKey(MERGE, mergeKey),
          "YamlRecursion",
          "<<: merges a mapping into itself, or more than %d into one another; merge fewer"
              .formatted(LONGEST_CHAIN));
      return Map.of();
    }
    Map<String, KeyedNode> fields = gather(node);
    mapping.file().merged().put(node, fields);
    return fields;
  }

  private void refuseSecond(String key, KeyedNode first, Node second) {
    findings.error(
        mapping.placeOfKey(key, second),
        "YamlDuplicateKey",
        "%s: is here in line %d and already in line %d; BOSH silently takes the last: keep one"
            .formatted(Shown.text(key), line(second), line(first.key())));
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
