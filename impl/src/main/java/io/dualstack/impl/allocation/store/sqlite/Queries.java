package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.impl.allocation.store.jdbc.Dialect;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What is asked of the file, and how an answer is found without scanning. */
final class Queries implements Dialect {

  static final Queries INSTANCE = new Queries();

  static final String REVISION =
      "SELECT coalesce(max(id), 0) / " + Schema.CHUNKS_PER_REVISION + " FROM trail";

  private Queries() {}

  @Override
  public String revision() {
    return REVISION;
  }

  @Override
  public String blocks() {
    return "SELECT " + Rows.BLOCK + " FROM block WHERE space = ? ORDER BY first";
  }

  /**
   * Those of one owner, and those of the owners between two names. The index is named, because by
   * itself SQLite would rather walk the whole space in the wanted order.
   */
  @Override
  public String blocksOf() {
    return "SELECT "
        + Rows.BLOCK
        + " FROM block INDEXED BY block_slot WHERE space = ?1 AND owner = ?2 UNION ALL SELECT "
        + Rows.BLOCK
        + " FROM block INDEXED BY block_slot"
        + " WHERE space = ?1 AND owner >= ?3 AND owner < ?4 ORDER BY first";
  }

  /** Begins at the last block that begins before the range, the only one that can reach into it. */
  @Override
  public String overlapping() {
    return "SELECT "
        + Rows.BLOCK
        + " FROM block WHERE space = ?1 AND first >= coalesce((SELECT first FROM block"
        + " WHERE space = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1), ?2)"
        + " AND first <= ?3 AND last >= ?2 ORDER BY first";
  }

  @Override
  public String slotHolder() {
    return "SELECT "
        + Rows.BLOCK
        + " FROM block WHERE space = ? AND owner = ? AND network = ? AND slot = 1";
  }

  /**
   * Begins at the first row that may have something newer in it, and ends with the first that has
   * something too new. Passes over rows of other spaces, which are as many as there were commits to
   * them.
   */
  @Override
  public String changesBetween() {
    return "SELECT "
        + Rows.lineColumns("line.value")
        + " FROM trail CROSS JOIN jsonb_each(trail.lines) AS line WHERE trail.id >= (?2 + 1) * "
        + Schema.CHUNKS_PER_REVISION
        + " AND trail.id <= coalesce((SELECT id FROM trail WHERE space = ?1 AND id >= (?3 + 1) * "
        + Schema.CHUNKS_PER_REVISION
        + " ORDER BY id LIMIT 1), "
        + Long.MAX_VALUE
        + ") AND trail.space = ?1 AND line.value->>0 > ?2 AND line.value->>0 <= ?3"
        + " ORDER BY trail.id, line.key";
  }

  /** Looks up each block around an address that ever was, and of its rows of lines just its own. */
  @Override
  public String history() {
    return "WITH found AS MATERIALIZED (SELECT past.chunk, past.place FROM jsonb_each(?2) AS around"
        + " CROSS JOIN past ON past.space = ?1 AND past.first = unhex(around.value->>0)"
        + " AND past.last = unhex(around.value->>1)),"
        + " told AS MATERIALIZED (SELECT chunk, place,"
        + " jsonb_extract(trail.lines, '$[' || place || ']') AS line"
        + " FROM found CROSS JOIN trail ON trail.id = chunk) SELECT "
        + Rows.lineColumns("line")
        + " FROM told ORDER BY chunk, place";
  }

  @Override
  public void bindBlock(PreparedStatement query, int space, IpPrefix block) throws SQLException {
    query.setInt(1, space);
    query.setBytes(2, Rows.bytes(block.first()));
    query.setBytes(3, Rows.bytes(block.last()));
  }

  @Override
  public void bindBetween(PreparedStatement query, long after, long upTo) throws SQLException {
    query.setLong(2, Math.min(after, Schema.MAX_REVISION));
    query.setLong(3, Math.min(upTo, Schema.MAX_REVISION));
  }

  @Override
  public void bindAround(PreparedStatement query, int space, IpAddress address)
      throws SQLException {
    query.setInt(1, space);
    query.setBytes(2, around(address));
  }

  /** Returns the blocks of all lengths around an address, as {@link #history} wants them. */
  private static byte[] around(IpAddress address) {
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

  @Override
  public int addressColumns() {
    return 2;
  }

  @Override
  public IpPrefix address(ResultSet rows, int column) throws SQLException {
    return Rows.prefix(rows.getBytes(column), rows.getBytes(column + 1));
  }

  @Override
  public void bindText(PreparedStatement statement, int parameter, String text)
      throws SQLException {
    statement.setString(parameter, text);
  }

  @Override
  public String text(ResultSet rows, int column) throws SQLException {
    return rows.getString(column);
  }
}
