package io.dualstack.impl.allocation.store.jdbc;

import java.util.List;

/** The columns that tables of blocks have in every engine. */
public final class Columns {

  /** Those that don't say which block it is: they may change, and come in this order. */
  public static final List<String> CHANGEABLE =
      List.of("owner", "incarnation", "network", "zone", "kind", "state", "since", "until");

  /** The same, separated by commas. */
  public static final String CHANGEABLE_LIST = String.join(", ", CHANGEABLE);

  private Columns() {}

  /** Says whether a changeable column may be NULL. */
  public static boolean mayBeNull(String column) {
    return column.equals("zone") || column.equals("until");
  }
}
