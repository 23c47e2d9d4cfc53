package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.Owner;
import io.dualstack.impl.allocation.store.Codes;
import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.impl.allocation.store.RepeatedTexts;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads blocks and lines of the audit trail. */
final class Rows {

  /**
   * The columns of a block, in the order in which {@link Reader#block} reads them. Its addresses
   * come in the binary form of the wire, which takes no parsing.
   */
  static final String BLOCK =
      "cidr_send(block), owner, incarnation, network, zone, kind, state, since, until";

  /** The columns of a line, in the order in which {@link Reader#line} reads them. */
  static final String LINE = "revision, at, event, " + BLOCK;

  /** Before an address: its family, its length, whether it is a block, and its number of bytes. */
  private static final int HEADER = 4;

  private Rows() {}

  /** Reads rows of one answer. */
  static final class Reader {
    private final ResultSet rows;
    private final RepeatedTexts texts = new RepeatedTexts();

    Reader(ResultSet rows) {
      this.rows = rows;
    }

    /**
     * Reads the columns {@link #BLOCK}.
     *
     * @param column the number of the first of them
     */
    AllocatedBlock block(int column) throws SQLException {
      IpPrefix block = prefix(rows.getBytes(column));
      Owner owner = owner(rows.getString(column + 1));
      String incarnation = texts.one(rows.getString(column + 2));
      String network = texts.one(rows.getString(column + 3));
      String zone = texts.oneOrNone(rows.getString(column + 4));
      BlockState state = Codes.state(rows.getInt(column + 6));
      Instant until =
          state == BlockState.QUARANTINED ? Instant.ofEpochMilli(rows.getLong(column + 8)) : null;
      return new AllocatedBlock(
          block,
          owner,
          incarnation,
          network,
          zone,
          Codes.kind(rows.getInt(column + 5)),
          state,
          Instant.ofEpochMilli(rows.getLong(column + 7)),
          until);
    }

    /** Reads the columns {@link #LINE}. */
    HistoryEntry line() throws SQLException {
      return new HistoryEntry(
          rows.getLong(1),
          Instant.ofEpochMilli(rows.getLong(2)),
          Codes.event(rows.getInt(3)),
          block(4));
    }
  }

  private static Owner owner(String id) {
    try {
      return new Owner(id);
    } catch (IllegalArgumentException e) {
      throw new DamagedRowException(String.valueOf(e.getMessage()));
    }
  }

  /** Reads a block, of which the database itself has made sure that no host bits are set. */
  private static IpPrefix prefix(byte @Nullable [] sent) {
    if (sent == null || sent.length != HEADER + sent[HEADER - 1]) {
      throw new DamagedRowException("a block is not in the form of PostgreSQL's wire protocol");
    }
    IpAddress first = IpAddress.ofBytes(Arrays.copyOfRange(sent, HEADER, sent.length));
    return new IpPrefix(first, sent[1] & 0xff);
  }
}
