package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.Owner;
import io.dualstack.impl.allocation.store.Codes;
import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.impl.allocation.store.RepeatedTexts;
import io.dualstack.net.IpPrefix;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the blocks and lines of one answer. Texts that repeat become one object. */
final class RowReader {

  /** Columns of a line before those of its block. */
  private static final int LINE_BLOCK = 4;

  private final Dialect dialect;
  private final ResultSet rows;
  private final int addressColumns;
  private final RepeatedTexts texts = new RepeatedTexts();

  RowReader(Dialect dialect, ResultSet rows) {
    this.dialect = dialect;
    this.rows = rows;
    this.addressColumns = dialect.addressColumns();
  }

  List<AllocatedBlock> blocks() throws SQLException {
    List<AllocatedBlock> found = new ArrayList<>();
    while (rows.next()) {
      found.add(block(1));
    }
    return Collections.unmodifiableList(found);
  }

  List<HistoryEntry> lines() throws SQLException {
    List<HistoryEntry> found = new ArrayList<>();
    while (rows.next()) {
      found.add(line());
    }
    return Collections.unmodifiableList(found);
  }

  /** Reads a block: its addresses, then {@link Columns#CHANGEABLE}. */
  AllocatedBlock block(int first) throws SQLException {
    int column = first + addressColumns;
    IpPrefix block = dialect.address(rows, first);
    Owner owner = owner(rows.getString(column));
    String incarnation = texts.one(rows.getString(column + 1));
    String network = texts.one(rows.getString(column + 2));
    String zone = texts.oneOrNone(rows.getString(column + 3));
    AllocationKind kind = Codes.kind(rows.getInt(column + 4));
    BlockState state = Codes.state(rows.getInt(column + 5));
    Instant since = Instant.ofEpochMilli(rows.getLong(column + 6));
    Instant until =
        state == BlockState.QUARANTINED ? Instant.ofEpochMilli(rows.getLong(column + 7)) : null;
    return new AllocatedBlock(block, owner, incarnation, network, zone, kind, state, since, until);
  }

  /** Reads a line: its revision, its time, its event, then its block. */
  private HistoryEntry line() throws SQLException {
    return new HistoryEntry(
        rows.getLong(1),
        Instant.ofEpochMilli(rows.getLong(2)),
        Codes.event(rows.getInt(3)),
        block(LINE_BLOCK));
  }

  private static Owner owner(String id) {
    try {
      return new Owner(id);
    } catch (IllegalArgumentException e) {
      throw new DamagedRowException(String.valueOf(e.getMessage()));
    }
  }
}
