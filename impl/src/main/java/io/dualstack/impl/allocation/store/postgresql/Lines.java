package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.impl.allocation.store.Codes;
import io.dualstack.impl.allocation.store.jdbc.Columns;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way to the database: an array for each column, so that thousands are one parameter
 * each and travel in the binary form of the wire. Not thread-safe.
 */
final class Lines {

  private static final String CHANGEABLE_ARRAYS =
      "?::text[], ?::text[], ?::text[], ?::text[], ?::smallint[], ?::smallint[], ?::bigint[],"
          + " ?::bigint[]";

  /** A table of lines, made of parameters. */
  static final String TABLE =
      "SELECT revision, place, at, event, block::cidr AS block, "
          + Columns.CHANGEABLE_LIST
          + " FROM unnest(?::bigint[], ?::integer[], ?::bigint[], ?::smallint[], ?::text[], "
          + CHANGEABLE_ARRAYS
          + ") AS line (revision, place, at, event, block, "
          + Columns.CHANGEABLE_LIST
          + ")";

  /** A table of lines that tell also what was before. */
  static final String TABLE_WITH_BEFORE =
      "SELECT revision, place, at, event, block::cidr AS block, "
          + Columns.CHANGEABLE_LIST
          + ", "
          + before()
          + " FROM unnest(?::bigint[], ?::integer[], ?::bigint[], ?::smallint[], ?::text[], "
          + CHANGEABLE_ARRAYS
          + ", "
          + CHANGEABLE_ARRAYS
          + ") AS line (revision, place, at, event, block, "
          + Columns.CHANGEABLE_LIST
          + ", "
          + before()
          + ")";

  private final long[] revision;
  private final int[] place;
  private final long[] at;
  private final short[] event;
  private final String[] block;
  private final Values now;
  private final Values before;
  private int count;

  Lines(int capacity) {
    revision = new long[capacity];
    place = new int[capacity];
    at = new long[capacity];
    event = new short[capacity];
    block = new String[capacity];
    now = new Values(capacity);
    before = new Values(capacity);
  }

  private static String before() {
    return "before_" + String.join(", before_", Columns.CHANGEABLE);
  }

  /** Returns the condition that a block is a line's as it is, or as it was before. */
  static String same(String held, String line, boolean asBefore) {
    StringBuilder sql = new StringBuilder();
    sql.append(held).append(".block = ").append(line).append(".block");
    for (String column : Columns.CHANGEABLE) {
      // The other form finds no rows by index.
      sql.append(" AND ").append(held).append('.').append(column);
      sql.append(Columns.mayBeNull(column) ? " IS NOT DISTINCT FROM " : " = ");
      sql.append(line).append(asBefore ? ".before_" : ".").append(column);
    }
    return sql.toString();
  }

  /** Returns what sets a block's columns to those of a line. */
  static String setFrom(String line) {
    StringBuilder sql = new StringBuilder();
    for (String column : Columns.CHANGEABLE) {
      sql.append(sql.isEmpty() ? "" : ", ").append(column).append(" = ");
      sql.append(line).append('.').append(column);
    }
    return sql.toString();
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == block.length;
  }

  void clear() {
    count = 0;
  }

  void add(HistoryEntry line, int inSet, @Nullable AllocatedBlock was) {
    revision[count] = line.revision();
    place[count] = inSet;
    at[count] = Codes.millis(line.at());
    event[count] = (short) Codes.of(line.event());
    block[count] = line.block().block().toString();
    now.set(count, line.block());
    if (was != null) {
      before.set(count, was);
    }
    count++;
  }

  /** Binds the parameters of a table; returns the number of the next parameter. */
  int bind(PreparedStatement statement, int first, boolean withBefore) throws SQLException {
    int next = first;
    statement.setObject(next++, Arrays.copyOf(revision, count));
    statement.setObject(next++, Arrays.copyOf(place, count));
    statement.setObject(next++, Arrays.copyOf(at, count));
    statement.setObject(next++, Arrays.copyOf(event, count));
    statement.setObject(next++, Arrays.copyOf(block, count));
    next = now.bind(statement, next, count);
    return withBefore ? before.bind(statement, next, count) : next;
  }

  private static final class Values {
    private final String[] owner;
    private final String[] incarnation;
    private final String[] network;
    private final @Nullable String[] zone;
    private final short[] kind;
    private final short[] state;
    private final long[] since;
    private final @Nullable Long[] until;

    Values(int capacity) {
      owner = new String[capacity];
      incarnation = new String[capacity];
      network = new String[capacity];
      zone = new @Nullable String[capacity];
      kind = new short[capacity];
      state = new short[capacity];
      since = new long[capacity];
      until = new @Nullable Long[capacity];
    }

    void set(int index, AllocatedBlock held) {
      owner[index] = held.owner().id();
      incarnation[index] = held.incarnation();
      network[index] = held.network();
      zone[index] = held.zone();
      kind[index] = (short) Codes.of(held.kind());
      state[index] = (short) Codes.of(held.state());
      since[index] = Codes.millis(held.since());
      Instant end = held.until();
      until[index] = end == null ? null : Codes.millis(end);
    }

    int bind(PreparedStatement statement, int first, int count) throws SQLException {
      int next = first;
      statement.setObject(next++, Arrays.copyOf(owner, count));
      statement.setObject(next++, Arrays.copyOf(incarnation, count));
      statement.setObject(next++, Arrays.copyOf(network, count));
      statement.setObject(next++, Arrays.copyOf(zone, count));
      statement.setObject(next++, Arrays.copyOf(kind, count));
      statement.setObject(next++, Arrays.copyOf(state, count));
      statement.setObject(next++, Arrays.copyOf(since, count));
      statement.setArray(
          next++, statement.getConnection().createArrayOf("int8", Arrays.copyOf(until, count)));
      return next;
    }
  }
}
