package io.dualstack.impl.allocation.store.mariadb;

import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.impl.allocation.store.jdbc.Addresses;
import io.dualstack.impl.allocation.store.jdbc.Columns;
import io.dualstack.impl.allocation.store.jdbc.Dialect;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.StringJoiner;

/**
 * What is asked of the database. Indexes are named where the engine, going by what it has counted
 * at some time, might walk all rows instead.
 */
final class Queries implements Dialect {

  static final Queries INSTANCE = new Queries();

  /** Before an IPv4 address that is mapped to an IPv6 address. */
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private static final String BLOCK =
      "family, CAST(first AS binary(16)) AS lowest, CAST(last AS binary(16)) AS highest, "
          + Columns.CHANGEABLE_LIST;

  private static final String LINE = "revision, at, event, " + BLOCK;

  private static final String BLOCKS_OF =
      "SELECT "
          + BLOCK
          + " FROM block FORCE INDEX (block_slot) WHERE space = ?"
          + " AND (owner = ? OR owner >= ? AND owner < ?) ORDER BY family, first";

  /** The last block that begins no later is the only one that can reach into another. */
  private static final String REACHING_IN =
      "SELECT * FROM (SELECT "
          + BLOCK
          + " FROM block FORCE INDEX (PRIMARY) WHERE space = ? AND family = ? AND first <= ?"
          + " ORDER BY first DESC LIMIT 1) AS reaching"
          + " WHERE highest >= CAST(CAST(? AS inet6) AS binary(16))";

  private static final String BEGINNING_INSIDE =
      "SELECT "
          + BLOCK
          + " FROM block FORCE INDEX (PRIMARY) WHERE space = ? AND family = ? AND first > ?"
          + " AND first <= ? ORDER BY first";

  private static final String HISTORY =
      "SELECT "
          + LINE.replace("first", "trail.first").replace("last", "trail.last")
          + " FROM JSON_TABLE(?, '$[*]' COLUMNS (low varchar(45) PATH '$[0]',"
          + " high varchar(45) PATH '$[1]')) AS around STRAIGHT_JOIN trail FORCE INDEX"
          + " (trail_block) ON trail.space = ? AND trail.family = ?"
          + " AND trail.first = CAST(around.low AS inet6)"
          + " AND trail.last = CAST(around.high AS inet6) ORDER BY revision, place";

  private Queries() {}

  @Override
  public String revision() {
    return "SELECT value FROM revision";
  }

  @Override
  public String blocks() {
    return "SELECT " + BLOCK + " FROM block WHERE space = ? ORDER BY family, first";
  }

  @Override
  public String blocksOf() {
    return BLOCKS_OF;
  }

  @Override
  public String overlapping() {
    return REACHING_IN + " UNION ALL (" + BEGINNING_INSIDE + ") ORDER BY 2";
  }

  @Override
  public String inTheWay() {
    return REACHING_IN + " UNION ALL (" + BEGINNING_INSIDE + " LIMIT 1) ORDER BY 2 LIMIT 1";
  }

  @Override
  public String slotHolder() {
    return "SELECT "
        + BLOCK
        + " FROM block FORCE INDEX (block_slot)"
        + " WHERE space = ? AND owner = ? AND network = ? AND slot = 1";
  }

  @Override
  public String changesBetween() {
    return "SELECT "
        + LINE
        + " FROM trail FORCE INDEX (PRIMARY) WHERE space = ? AND revision > ? AND revision <= ?"
        + " ORDER BY revision, place";
  }

  @Override
  public String history() {
    return HISTORY;
  }

  @Override
  public void bindBlock(PreparedStatement query, int space, IpPrefix block) throws SQLException {
    query.setInt(1, space);
    query.setInt(2, code(block.family()));
    query.setString(3, text(block.first()));
    query.setString(4, text(block.first()));
    query.setInt(5, space);
    query.setInt(6, code(block.family()));
    query.setString(7, text(block.first()));
    query.setString(8, text(block.last()));
  }

  @Override
  public void bindAround(PreparedStatement query, int space, IpAddress address)
      throws SQLException {
    StringJoiner blocks = new StringJoiner("\"],[\"", "[[\"", "\"]]");
    for (int length = 0; length <= address.family().bits(); length++) {
      IpPrefix each = IpPrefix.containing(address, length);
      blocks.add(text(each.first()) + "\",\"" + text(each.last()));
    }
    query.setString(1, blocks.toString());
    query.setInt(2, space);
    query.setInt(3, code(address.family()));
  }

  /** Returns the number of a family. */
  static int code(IpFamily family) {
    return family == IpFamily.IPV4 ? 4 : 6;
  }

  /** Returns an address as the engine's type for both families reads it. */
  static String text(IpAddress address) {
    return address.family() == IpFamily.IPV4 ? "::ffff:" + address : address.toString();
  }

  @Override
  public int addressColumns() {
    return 3;
  }

  @Override
  public IpPrefix address(ResultSet rows, int column) throws SQLException {
    boolean mapped = rows.getInt(column) == 4;
    return Addresses.block(
        address(rows.getBytes(column + 1), mapped), address(rows.getBytes(column + 2), mapped));
  }

  private static IpAddress address(byte[] bytes, boolean mapped) {
    if (!mapped) {
      return IpAddress.ofBytes(bytes);
    }
    if (!Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length)) {
      throw new DamagedRowException(IpAddress.ofBytes(bytes) + " is no mapped IPv4 address");
    }
    return IpAddress.ofBytes(Arrays.copyOfRange(bytes, MAPPED.length, bytes.length));
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
