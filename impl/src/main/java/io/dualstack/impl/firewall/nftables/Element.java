package io.dualstack.impl.firewall.nftables;

import java.util.Optional;

/**
 * An element of one of the table's own maps or sets.
 *
 * @param place where it is
 * @param value what is found there; empty in a set
 * @param owner the handle of the container it belongs to; empty for policies
 */
record Element(Place place, String value, String owner) {
  private static final String JUMP = "jump ";
  private static final int LONGEST_COMMENT = 120;

  /** A key of a map or set: none is there twice. */
  record Place(String map, String key) {}

  Element {
    // A comment is as long as the kernel allows.
    owner =
        owner.length() <= LONGEST_COMMENT
            ? owner
            : owner.substring(0, LONGEST_COMMENT - 33) + "." + Definition.digest(owner);
  }

  static Element jump(String map, Object key, String chain, String owner) {
    return new Element(new Place(map, key.toString()), JUMP + chain, owner);
  }

  static Element of(String map, Object key, String value, String owner) {
    return new Element(new Place(map, key.toString()), value, owner);
  }

  /** Returns the chain it leads to; empty if to none. */
  Optional<String> chain() {
    return value.startsWith(JUMP) ? Optional.of(value.substring(JUMP.length())) : Optional.empty();
  }

  /** Returns it as it is listed between the braces of its map. */
  String text() {
    String key = place.map().equals(CellTable.TO_HOST + "6") ? quoted(place.key()) : place.key();
    return key
        + (owner.isEmpty() ? "" : " comment " + quoted(owner))
        + (value.isEmpty() ? "" : " : " + value);
  }

  String added() {
    return "add element %s %s { %s }\n".formatted(CellTable.TABLE, place.map(), text());
  }

  String deleted() {
    String key = text().split(" ", 2)[0];
    return "delete element %s %s { %s }\n".formatted(CellTable.TABLE, place.map(), key);
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
