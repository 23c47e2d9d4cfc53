package io.dualstack.impl.firewall.nftables;

import io.dualstack.KernelException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is in the table, as far as changes need to know, and the scripts that change it. A script is
 * for the very table that is known here: each changes the stamp and is refused where that is
 * another, as after another process's change.
 */
final class TableState {
  private String stamp;
  private final Map<Element.Place, Element> elements = new HashMap<>();
  private final Map<String, Set<Element>> byOwner = new HashMap<>();

  /** The kind of each chain, set and map that containers or policies use, and what it uses. */
  private final Map<String, Node> nodes = new HashMap<>();

  /** The table's own maps and sets. */
  private final Set<String> own = new HashSet<>();

  /** How many rules each chain has, the table's own too. */
  private final Map<String, Integer> rules = new HashMap<>();

  private static final class Node {
    final String kind;
    final Collection<String> uses;
    int users;

    Node(String kind, Collection<String> uses) {
      this.kind = kind;
      this.uses = uses;
    }
  }

  TableState(String stamp) {
    this.stamp = stamp;
  }

  /** Returns what another process's change would change. */
  String stamp() {
    return stamp;
  }

  /** Notes what is in the table. */
  void note(Element element) {
    elements.put(element.place(), element);
    byOwner.computeIfAbsent(element.owner(), owner -> new LinkedHashSet<>()).add(element);
    element.chain().ifPresent(this::keep);
  }

  /** Notes what is in the table; to be done before what uses it. */
  void note(Definition definition) {
    String name = definition.name();
    if (nodes.putIfAbsent(name, new Node(definition.kind(), definition.uses())) == null) {
      definition.uses().forEach(this::keep);
      if (definition.kind().equals("chain")) {
        noteRules(name, definition.body().size());
      }
    }
  }

  /** Notes a map or set of the table's own. */
  void noteOwn(String name) {
    boolean isNew = own.add(name);
    assert isNew : name;
  }

  /** Returns the names of the table's own maps and sets. */
  Set<String> own() {
    return Set.copyOf(own);
  }

  /** Returns whether one of the table's own maps or sets has an element. */
  boolean hasElementsIn(Set<String> names) {
    return elements.keySet().stream().anyMatch(place -> names.contains(place.map()));
  }

  void noteRules(String chain, int count) {
    rules.merge(chain, count, Integer::sum);
  }

  void note(Contents contents) {
    contents.definitions().values().forEach(this::note);
    contents.elements().forEach(this::note);
  }

  /** Notes what is in the table in any order. */
  void note(Map<String, String> kinds, Map<String, Set<String>> uses) {
    kinds.forEach(
        (name, kind) -> nodes.put(name, new Node(kind, uses.getOrDefault(name, Set.of()))));
    uses.values().forEach(used -> used.forEach(this::keep));
  }

  /** Counts one user more. */
  void keep(String name) {
    int users = count(name, 1);
    assert users > 0;
  }

  private int count(String name, int more) {
    Node node = nodes.get(name);
    if (node == null) {
      throw new KernelException(
          "nft " + CellTable.TABLE, name + ": there is no such chain or set", null);
    }
    node.users += more;
    return node.users;
  }

  boolean has(String owner) {
    return byOwner.containsKey(owner);
  }

  /** Returns who else has a place that contents want; null if nobody. */
  @Nullable Element taken(String owner, Contents contents) {
    return contents.elements().stream()
        .map(element -> elements.get(element.place()))
        .filter(there -> there != null && !there.owner().equals(owner))
        .findFirst()
        .orElse(null);
  }

  /**
   * A change in up to three transactions. The kernel turns rules and what sets hold a moment apart,
   * so that in one transaction a packet could meet a set that is not full yet, or empty already.
   *
   * @param preparing makes what no packet is sent to yet; empty if there is nothing
   * @param turning sends packets there. Where there is nothing to change it still fails if the
   *     table is another than is known here
   * @param clearing removes what no packet is sent to any more; empty if there is nothing
   */
  record Change(String preparing, String turning, String clearing) {}

  /** Returns a change, and believes it done. */
  Change change(String owner, @Nullable List<String> maps, Contents contents, String next) {
    Set<Element> wanted = new LinkedHashSet<>(contents.elements());
    List<Element> gone =
        byOwner.getOrDefault(owner, Set.of()).stream()
            .filter(element -> maps == null || maps.contains(element.place().map()))
            .filter(element -> !wanted.contains(element))
            .toList();
    List<Element> come =
        wanted.stream().filter(element -> !element.equals(elements.get(element.place()))).toList();
    StringBuilder preparing = new StringBuilder();
    StringBuilder turning = new StringBuilder();
    turning.append(turnedTo(next));
    stamp = next;
    if (!gone.isEmpty() || !come.isEmpty()) {
      for (Definition definition : contents.definitions().values()) {
        if (!nodes.containsKey(definition.name())) {
          preparing.append(definition.text());
          note(definition);
        }
      }
    }
    gone.forEach(element -> turning.append(element.deleted()));
    come.forEach(element -> turning.append(element.added()));
    Deque<String> unused = new ArrayDeque<>();
    gone.forEach(this::forget);
    come.forEach(this::note);
    gone.forEach(element -> element.chain().ifPresent(chain -> release(chain, unused)));
    return new Change(
        preparing.isEmpty() ? "" : "table %s {\n%s}\n".formatted(CellTable.TABLE, preparing),
        turning.toString(),
        String.join("", unused));
  }

  /**
   * Returns what removes what nothing leads to, as is left when a process dies; believes it done.
   */
  String sweeping() {
    Deque<String> deletions = new ArrayDeque<>();
    List<String> leftOver =
        nodes.entrySet().stream()
            .filter(each -> each.getValue().users == 0)
            .map(Map.Entry::getKey)
            .toList();
    leftOver.forEach(name -> delete(name, deletions));
    return String.join("", deletions);
  }

  /** Returns what turns the stamp, and fails if the table is another than is known here. */
  String turnedTo(String next) {
    return turned("delete", stamp) + turned("add", next);
  }

  private static String turned(String verb, String stamp) {
    return "%s element %s %s { %s }\n".formatted(verb, CellTable.TABLE, CellTable.STAMP, stamp);
  }

  private void forget(Element element) {
    elements.remove(element.place());
    Set<Element> others = byOwner.get(element.owner());
    if (others != null && others.remove(element) && others.isEmpty()) {
      byOwner.remove(element.owner());
    }
  }

  /** One user less; with the last it is deleted, and then what it used. */
  private void release(String name, Deque<String> deletions) {
    if (count(name, -1) == 0) {
      delete(name, deletions);
    }
  }

  private void delete(String name, Deque<String> deletions) {
    Node node = nodes.remove(name);
    rules.remove(name);
    if (node != null) {
      deletions.add("delete %s %s %s\n".formatted(node.kind, CellTable.TABLE, name));
      node.uses.forEach(used -> release(used, deletions));
    }
  }

  /** Returns whether elements are there, and lead to what is there. */
  boolean holds(Contents contents) {
    return contents.elements().stream()
            .allMatch(element -> element.equals(elements.get(element.place())))
        && contents.definitions().keySet().stream().allMatch(nodes::containsKey);
  }

  /** Returns whether there is a chain, set or map that containers or policies use. */
  boolean isDefined(String name) {
    return nodes.containsKey(name);
  }

  /**
   * Returns the chains that have more or fewer rules here than in another state; of those that
   * containers or policies use, only such as are here.
   */
  List<String> altered(TableState wanted) {
    return wanted.rules.entrySet().stream()
        .filter(each -> isDefined(each.getKey()) || !CellTable.isShared(each.getKey()))
        .filter(each -> !each.getValue().equals(rules.getOrDefault(each.getKey(), 0)))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
