package io.dualstack.impl.allocation.store.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.impl.allocation.store.jdbc.Columns;
import io.dualstack.impl.allocation.store.jdbc.Dialect;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/** What is asked of the database. */
final class Queries implements Dialect {

  static final Queries INSTANCE = new Queries();

  /** Addresses come in the binary form of the wire, which takes no parsing. */
  private static final String BLOCK = "cidr_send(block), " + Columns.CHANGEABLE_LIST;

  private static final String LINE = "revision, at, event, " + BLOCK;

  /** Before an address: its family, its length, whether it is a block, and its number of bytes. */
  private static final int HEADER = 4;

  private Queries() {}

  @Override
  public String revision() {
    return "SELECT value FROM revision";
  }

  @Override
  public String blocks() {
    return "SELECT " + BLOCK + " FROM block WHERE space = ? ORDER BY block";
  }

  @Override
  public String blocksOf() {
    return "SELECT "
        + BLOCK
        + " FROM block WHERE space = ? AND (owner = ? OR owner >= ? AND owner < ?)"
        + " ORDER BY block";
  }

  @Override
  public String overlapping() {
    return "SELECT " + BLOCK + " FROM block WHERE space = ? AND block && ?::cidr ORDER BY block";
  }

  @Override
  public String slotHolder() {
    return "SELECT " + BLOCK + " FROM block WHERE space = ? AND owner = ? AND network = ? AND slot";
  }

  @Override
  public String changesBetween() {
    return "SELECT "
        + LINE
        + " FROM trail WHERE space = ? AND revision > ? AND revision <= ?"
        + " ORDER BY revision, place";
  }

  /** Looks up each block around an address that ever was. */
  @Override
  public String history() {
    return "SELECT "
        + LINE
        + " FROM trail WHERE space = ? AND block = ANY (?::cidr[]) ORDER BY revision, place";
  }

  @Override
  public void bindBlock(PreparedStatement query, int space, IpPrefix block) throws SQLException {
    query.setInt(1, space);
    query.setString(2, block.toString());
  }

  @Override
  public void bindAround(PreparedStatement query, int space, IpAddress address)
      throws SQLException {
    query.setInt(1, space);
    String[] blocks = new String[address.family().bits() + 1];
    for (int length = 0; length < blocks.length; length++) {
      blocks[length] = IpPrefix.containing(address, length).toString();
    }
    query.setObject(2, blocks);
  }

  @Override
  public int addressColumns() {
    return 1;
  }

  /** Reads a block, of which the database itself has made sure that no host bits are set. */
  @Override
  public IpPrefix address(ResultSet rows, int column) throws SQLException {
    byte[] sent = rows.getBytes(column);
    if (sent == null || sent.length != HEADER + sent[HEADER - 1]) {
      throw new DamagedRowException("a block is not in the form of PostgreSQL's wire protocol");
    }
    IpAddress first = IpAddress.ofBytes(Arrays.copyOfRange(sent, HEADER, sent.length));
    return new IpPrefix(first, sent[1] & 0xff);
  }

  @Override
  public void bindText(PreparedStatement statement, int parameter, String text)
      throws SQLException {
    statement.setBytes(parameter, text.getBytes(UTF_8));
  }

  @Override
  public String text(ResultSet rows, int column) throws SQLException {
    return new String(rows.getBytes(column), UTF_8);
  }
}
