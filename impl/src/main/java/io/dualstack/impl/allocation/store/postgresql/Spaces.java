package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.AddressSpace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The numbers of spaces, for the one connection that writes; spaces it doesn't find are made. */
final class Spaces {

  private final Connection connection;

  /** Those whose rows are known to be committed. */
  private final Map<AddressSpace, Integer> known = new HashMap<>();

  private final Map<AddressSpace, Integer> uncommitted = new HashMap<>();

  Spaces(Connection connection) {
    this.connection = connection;
  }

  int number(AddressSpace space) throws SQLException {
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
      Integer found = Queries.space(connection, name);
      if (found != null) {
        return found;
      }
      try (PreparedStatement add =
          connection.prepareStatement(
              "INSERT INTO space (name) VALUES (?) ON CONFLICT (name) DO NOTHING")) {
        add.setString(1, name);
        add.executeUpdate();
      }
    }
  }

  /** What was found or made is there for good. */
  void committed() {
    known.putAll(uncommitted);
    uncommitted.clear();
  }

  /** What was made may not be there. */
  void rolledBack() {
    uncommitted.clear();
  }
}
