package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How an engine is asked, and how its answers look. The first parameter of queries that name no way
 * to bind them is the number of a space; blocks come in the order of their addresses, lines in that
 * in which they happened.
 */
public interface Dialect {

  /** Returns what asks for the number of sets that were committed. */
  String revision();

  /** Returns what asks for all blocks. */
  String blocks();

  /**
   * Returns what asks for the blocks of an owner, and of the owners from a name up to before
   * another: three parameters.
   */
  String blocksOf();

  /** Returns what asks for the blocks that overlap one, see {@link #bindBlock}. */
  String overlapping();

  /** Returns what asks for the first of them. */
  default String inTheWay() {
    return overlapping() + " LIMIT 1";
  }

  /** Returns what asks for the block that takes the slot of an owner and a network. */
  String slotHolder();

  /** Returns what asks for the lines behind a revision up to another. */
  String changesBetween();

  /** Returns what asks for the lines about blocks around an address, see {@link #bindAround}. */
  String history();

  /** Binds a space and a block. */
  void bindBlock(PreparedStatement query, int space, IpPrefix block) throws SQLException;

  /** Binds two revisions as the second and the third parameter. */
  default void bindBetween(PreparedStatement query, long after, long upTo) throws SQLException {
    query.setLong(2, after);
    query.setLong(3, upTo);
  }

  /** Binds a space and an address. */
  void bindAround(PreparedStatement query, int space, IpAddress address) throws SQLException;

  /** Returns how many columns tell which block a row is about. */
  int addressColumns();

  /**
   * Reads them.
   *
   * @param column the number of the first of them
   */
  IpPrefix address(ResultSet rows, int column) throws SQLException;

  /** Binds the text of a document. */
  void bindText(PreparedStatement statement, int parameter, String text) throws SQLException;

  /** Reads the text of a document. */
  String text(ResultSet rows, int column) throws SQLException;
}
