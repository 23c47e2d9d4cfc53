package io.dualstack.impl.firewall.nftables;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a container, or the policies, have in the table. */
final class Contents {
  private final List<Element> elements = new ArrayList<>();
  private final Map<String, Definition> definitions = new LinkedHashMap<>();

  void add(Element element) {
    elements.add(element);
  }

  /** Returns the name of what is defined. */
  String define(Definition definition) {
    definitions.putIfAbsent(definition.name(), definition);
    return definition.name();
  }

  List<Element> elements() {
    return elements;
  }

  /** What elements lead to, each behind what it uses. */
  Map<String, Definition> definitions() {
    return definitions;
  }

  /** Returns the elements of some maps, and what they lead to. */
  Contents of(List<String> maps) {
    Contents part = new Contents();
    elements.stream()
        .filter(element -> maps.contains(element.place().map()))
        .forEach(
            element -> {
              part.add(element);
              element.chain().ifPresent(chain -> define(part, chain));
            });
    return part;
  }

  private void define(Contents part, String name) {
    Definition definition = definitions.get(name);
    if (definition != null) {
      definition.uses().forEach(used -> define(part, used));
      part.define(definition);
    }
  }
}
