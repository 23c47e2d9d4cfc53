package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.allocation.AddressSpace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The numbers of spaces, for the one connection that writes; spaces it doesn't find are made. */
public final class Spaces {

  /** Finds the number of a name. */
  public static final String FIND = "SELECT id FROM space WHERE name = ?";

  private final PreparedStatement find;
  private final PreparedStatement add;

  /** Those whose rows are known to be committed. */
  private final Map<AddressSpace, Integer> known = new HashMap<>();

  private final Map<AddressSpace, Integer> uncommitted = new HashMap<>();

  /**
   * Prepares.
   *
   * @param add adds a space of the name that is its parameter, unless somebody else has done so
   */
  public Spaces(Connection connection, String add) throws SQLException {
    this.find = connection.prepareStatement(FIND);
    this.add = connection.prepareStatement(add);
  }

  /** Returns the number of a space. */
  public int number(AddressSpace space) throws SQLException {
    Integer number = known.get(space);
    if (number == null) {
      number = uncommitted.get(space);
    }
    if (number == null) {
      number = findOrAdd(space.name());
      uncommitted.put(space, number);
    }
    return number;
  }

  private int findOrAdd(String name) throws SQLException {
    while (true) {
      find.setString(1, name);
      try (ResultSet row = find.executeQuery()) {
        if (row.next()) {
          return row.getInt(1);
        }
      }
      add.setString(1, name);
      add.executeUpdate();
    }
  }

  /** What was found or made is there for good. */
  public void committed() {
    known.putAll(uncommitted);
    uncommitted.clear();
  }

  /** What was made may not be there. */
  public void rolledBack() {
    uncommitted.clear();
  }
}
