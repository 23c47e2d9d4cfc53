package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.impl.store.sqlite.Readers.Reader;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is asked of the file, and how an answer is found without scanning. */
final class Queries {

  static final String REVISION =
      "SELECT coalesce(max(id), 0) / " + Schema.CHUNKS_PER_REVISION + " FROM trail";

  static final String SPACE = "SELECT id FROM space WHERE name = ?";

  static final String BLOCKS =
      "SELECT " + Rows.BLOCK + " FROM block WHERE space = ? ORDER BY first";

  /**
   * Those of one owner, and those of the owners between two names. The index is named, because by
   * itself SQLite would rather walk the whole space in the wanted order.
   */
  static final String BLOCKS_OF =
      "SELECT "
          + Rows.BLOCK
          + " FROM block INDEXED BY block_slot WHERE space = ?1 AND owner = ?2 UNION ALL SELECT "
          + Rows.BLOCK
          + " FROM block INDEXED BY block_slot"
          + " WHERE space = ?1 AND owner >= ?3 AND owner < ?4 ORDER BY first";

  /** Begins at the last block that begins before the range, the only one that can reach into it. */
  static final String OVERLAPPING =
      "SELECT "
          + Rows.BLOCK
          + " FROM block WHERE space = ?1 AND first >= coalesce((SELECT first FROM block"
          + " WHERE space = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1), ?2)"
          + " AND first <= ?3 AND last >= ?2 ORDER BY first";

  static final String SLOT_HOLDER =
      "SELECT "
          + Rows.BLOCK
          + " FROM block WHERE space = ? AND owner = ? AND network = ? AND slot = 1";

  static final String SPACES = "SELECT name FROM space";

  /**
   * Begins at the first row that may have something newer in it, and ends with the first that has
   * something too new. Passes over rows of other spaces, which are as many as there were commits to
   * them.
   */
  static final String CHANGES_BETWEEN =
      "SELECT "
          + Rows.lineColumns("line.value")
          + " FROM trail CROSS JOIN jsonb_each(trail.lines) AS line WHERE trail.id >= (?2 + 1) * "
          + Schema.CHUNKS_PER_REVISION
          + " AND trail.id <= coalesce((SELECT id FROM trail WHERE space = ?1 AND id >= (?3 + 1) * "
          + Schema.CHUNKS_PER_REVISION
          + " ORDER BY id LIMIT 1), "
          + Long.MAX_VALUE
          + ") AND trail.space = ?1 AND line.value->>0 > ?2 AND line.value->>0 <= ?3"
          + " ORDER BY trail.id, line.key";

  /** Looks up each block around an address that ever was, and of its rows of lines just its own. */
  static final String HISTORY =
      "WITH found AS MATERIALIZED (SELECT past.chunk, past.place FROM jsonb_each(?2) AS around"
          + " CROSS JOIN past ON past.space = ?1 AND past.first = unhex(around.value->>0)"
          + " AND past.last = unhex(around.value->>1)),"
          + " told AS MATERIALIZED (SELECT chunk, place,"
          + " jsonb_extract(trail.lines, '$[' || place || ']') AS line"
          + " FROM found CROSS JOIN trail ON trail.id = chunk) SELECT "
          + Rows.lineColumns("line")
          + " FROM told ORDER BY chunk, place";

  static final String DOCUMENT = "SELECT text FROM document WHERE space = ? AND key = ?";

  static final String DOCUMENTS_FROM =
      "SELECT key, text FROM document WHERE space = ? AND key >= ?";

  static final String DOCUMENTS_BETWEEN = DOCUMENTS_FROM + " AND key < ?";

  private Queries() {}

  static void bindOverlapping(PreparedStatement query, int space, IpPrefix range)
      throws SQLException {
    query.setInt(1, space);
    query.setBytes(2, Rows.bytes(range.first()));
    query.setBytes(3, Rows.bytes(range.last()));
  }

  static void bindBetween(PreparedStatement query, long after, long upTo) throws SQLException {
    query.setLong(2, Math.min(after, Schema.MAX_REVISION));
    query.setLong(3, Math.min(upTo, Schema.MAX_REVISION));
  }

  /** Returns the blocks of all lengths around an address, as {@link #HISTORY} wants them. */
  static byte[] around(IpAddress address) {
    Jsonb blocks = new Jsonb(1 << 14);
    Jsonb block = new Jsonb(128);
    int begun = blocks.begin();
    for (int length = 0; length <= address.family().bits(); length++) {
      IpPrefix each = IpPrefix.containing(address, length);
      block.clear();
      block.hex(Rows.bytes(each.first()));
      block.hex(Rows.bytes(each.last()));
      blocks.array(block.size());
      blocks.encoded(block.toBytes());
    }
    blocks.end(begun);
    return blocks.toBytes();
  }

  static long revision(Reader reader) throws SQLException {
    try (ResultSet row = reader.statement(REVISION).executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  static SortedSet<AddressSpace> spaces(Reader reader) throws SQLException {
    SortedSet<AddressSpace> found = new TreeSet<>();
    try (ResultSet row = reader.statement(SPACES).executeQuery()) {
      while (row.next()) {
        found.add(new AddressSpace(row.getString(1)));
      }
    }
    return Collections.unmodifiableSortedSet(found);
  }

  /** Returns the number of a space; null if nothing was ever written there. */
  static @Nullable Integer space(Reader reader, String name) throws SQLException {
    PreparedStatement query = reader.statement(SPACE);
    query.setString(1, name);
    try (ResultSet row = query.executeQuery()) {
      return row.next() ? row.getInt(1) : null;
    }
  }
}
