package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is asked of the database. */
final class Queries {

  static final String REVISION = "SELECT value FROM revision";

  static final String SPACE = "SELECT id FROM space WHERE name = ?";

  static final String BLOCKS =
      "SELECT " + Rows.BLOCK + " FROM block WHERE space = ? ORDER BY block";

  /** Those of one owner, and those of the owners between two names. */
  static final String BLOCKS_OF =
      "SELECT "
          + Rows.BLOCK
          + " FROM block WHERE space = ? AND (owner = ? OR owner >= ? AND owner < ?)"
          + " ORDER BY block";

  static final String OVERLAPPING =
      "SELECT " + Rows.BLOCK + " FROM block WHERE space = ? AND block && ?::cidr ORDER BY block";

  static final String SLOT_HOLDER =
      "SELECT " + Rows.BLOCK + " FROM block WHERE space = ? AND owner = ? AND network = ? AND slot";

  static final String SPACES = "SELECT name FROM space";

  static final String CHANGES_BETWEEN =
      "SELECT "
          + Rows.LINE
          + " FROM trail WHERE space = ? AND revision > ? AND revision <= ?"
          + " ORDER BY revision, place";

  /** Looks up each block around an address that ever was. */
  static final String HISTORY =
      "SELECT "
          + Rows.LINE
          + " FROM trail WHERE space = ? AND block = ANY (?::cidr[]) ORDER BY revision, place";

  static final String DOCUMENT = "SELECT text FROM document WHERE space = ? AND key = ?";

  static final String DOCUMENTS_FROM =
      "SELECT key, text FROM document WHERE space = ? AND key >= ?";

  static final String DOCUMENTS_BETWEEN = DOCUMENTS_FROM + " AND key < ?";

  private Queries() {}

  /** Returns the blocks of all lengths around an address, as {@link #HISTORY} wants them. */
  static String[] around(IpAddress address) {
    String[] blocks = new String[address.family().bits() + 1];
    for (int length = 0; length < blocks.length; length++) {
      blocks[length] = IpPrefix.containing(address, length).toString();
    }
    return blocks;
  }

  static long revision(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(REVISION);
        ResultSet row = query.executeQuery()) {
      if (row.next()) {
        return row.getLong(1);
      }
      throw new SQLException("the table of the revision has no row");
    }
  }

  static SortedSet<AddressSpace> spaces(Connection connection) throws SQLException {
    SortedSet<AddressSpace> found = new TreeSet<>();
    try (PreparedStatement query = connection.prepareStatement(SPACES);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        found.add(new AddressSpace(row.getString(1)));
      }
    }
    return Collections.unmodifiableSortedSet(found);
  }

  /** Returns the number of a space; null if nothing was ever written there. */
  static @Nullable Integer space(Connection connection, String name) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SPACE)) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? row.getInt(1) : null;
      }
    }
  }
}
