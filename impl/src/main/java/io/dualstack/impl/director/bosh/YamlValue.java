package io.dualstack.impl.director.bosh;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A value of a file together with the way to it. Behind an alias the way is that of the alias, and
 * the line that of the value: there it has to be corrected. Not thread-safe.
 */
final class YamlValue {

  private final YamlFile file;
  private final Node node;
  private final @Nullable YamlValue parent;
  private final String step;
  private @Nullable PsychScalar scalar;

  private YamlValue(YamlFile file, Node node, @Nullable YamlValue parent, String step) {
    this.file = file;
    this.node = node;
    this.parent = parent;
    this.step = step;
  }

  static YamlValue root(YamlFile file, Node node) {
    return new YamlValue(file, node, null, "");
  }

  YamlValue field(String key, Node value) {
    return new YamlValue(file, value, this, parent == null ? key : "." + key);
  }

  YamlFile file() {
    return file;
  }

  Node node() {
    return node;
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isSequence() {
    return node instanceof SequenceNode;
  }

  /** The scalar as BOSH reads it; null for a mapping or a list. */
  @Nullable PsychScalar scalar() {
    if (scalar == null && node instanceof ScalarNode text) {
      scalar = PsychScalar.of(text);
    }
    return scalar;
  }

  boolean isNull() {
    PsychScalar read = scalar();
    return read != null && read.isNull();
  }

  /** The items of a list; none for anything else. */
  List<YamlValue> items() {
    if (!(node instanceof SequenceNode sequence)) {
      return List.of();
    }
    List<Node> nodes = sequence.getValue();
    file.spend(nodes.size());
    List<YamlValue> items = new ArrayList<>(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      items.add(new YamlValue(file, nodes.get(i), this, "[" + i + "]"));
    }
    return items;
  }

  Place place() {
    return placeOf(node, path());
  }

  /** The place of a field that is missing: where its mapping starts. */
  Place placeOfMissing(String key) {
    return placeOf(node, parent == null ? key : path() + "." + key);
  }

  /** The place of the key of a field. */
  Place placeOfKey(String key, Node keyNode) {
    return placeOf(keyNode, parent == null ? key : path() + "." + key);
  }

  private Place placeOf(Node at, String path) {
    Mark mark = at.getStartMark().orElse(null);
    return mark == null
        ? new Place(file, path, 0, 0)
        : new Place(file, path, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** The way from the root, such as {@code networks[0].subnets[1].range}. */
  String path() {
    List<String> steps = new ArrayList<>();
    for (YamlValue at = this; at != null; at = at.parent) {
      steps.add(at.step);
    }
    StringBuilder path = new StringBuilder();
    for (int i = steps.size() - 1; i >= 0; i--) {
      path.append(steps.get(i));
    }
    return path.toString();
  }

  /** The value for a message: the text of a scalar, or what else it is. */
  String shown() {
    PsychScalar read = scalar();
    if (read == null) {
      return isMapping() ? "a mapping" : "a list";
    }
    return read.isNull() && read.text().isEmpty() ? "nothing" : Shown.text(read.text());
  }
}
