package io.dualstack.impl.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The keys that a configuration file may have, with what people are told about each: the same words
 * make the README's tables and the manual pages. A reader that asks for a key which is not among
 * them is refused, so the words can't leave one out. Immutable.
 */
public final class ConfigKeys {

  /** Stands in the place of a default where there is none. */
  public static final String REQUIRED = "required";

  private final List<Row> rows;
  private final Set<String> declared = new HashSet<>();

  /**
   * Keys that are told about together.
   *
   * @param names the keys; {@code a.b} is a key of the object {@code a}, {@code a[].b} one of each
   *     object in the array {@code a}
   * @param meaning what they say; may have Markdown's code and links in it
   * @param otherwise what is taken when they are absent; {@link #REQUIRED} if they must be there,
   *     empty if that has no meaning
   */
  public record Row(List<String> names, String meaning, String otherwise) {
    /** Copies the names. */
    public Row {
      names = List.copyOf(names);
    }
  }

  private ConfigKeys(List<Row> rows) {
    this.rows = rows;
    for (Row row : rows) {
      for (String name : row.names()) {
        if (!declared.add(name)) {
          throw new IllegalArgumentException(name + ": is declared twice");
        }
      }
    }
    rows.stream().flatMap(row -> row.names().stream()).forEach(this::declareObjects);
  }

  /** What has keys of its own is a key, too. */
  private void declareObjects(String name) {
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      String object = name.substring(0, dot);
      declared.add(object.endsWith("[]") ? object.substring(0, object.length() - 2) : object);
    }
  }

  /** Makes them of rows in the order in which people read them. */
  public static ConfigKeys of(Row... rows) {
    return new ConfigKeys(List.of(rows));
  }

  /**
   * A row.
   *
   * @param names the keys, separated by commas
   */
  public static Row keys(String names, String meaning, String otherwise) {
    return new Row(Stream.of(names.split(",")).map(String::strip).toList(), meaning, otherwise);
  }

  /** A row of keys of the original component that nothing here depends on. */
  public static Row ignored(String names) {
    return keys(names, "known, without effect", "");
  }

  public List<Row> rows() {
    return rows;
  }

  /** Says whether a file may have this key. Takes constant time. */
  boolean declares(String name) {
    return declared.contains(name);
  }
}
