package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.impl.allocation.store.Codes;
import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.impl.allocation.store.jdbc.Addresses;
import io.dualstack.impl.allocation.store.jdbc.Columns;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows how a block and a line of the audit trail look in the file, in both
 * directions.
 *
 * <p>An address is 17 bytes: 4 or 6 for its family, then 16 bytes in network order, so that bytes
 * compare as addresses do, both families in one column. A block is its first and its last address.
 * Times are milliseconds of the Unix epoch. Lines are binary JSON arrays of the {@link #LINE}.
 */
final class Rows {

  /** The columns of a block, in the order in which they are read. */
  static final String BLOCK = "first, last, " + Columns.CHANGEABLE_LIST;

  /** Where in a line the columns of its block begin. */
  private static final int LINE_BLOCK = 3;

  /** Where in a line of a replacement the columns begin that changed, as they were before. */
  private static final int LINE_BEFORE = LINE_BLOCK + 10;

  private static final int ADDRESS_BYTES = 17;

  private Rows() {}

  // SQL

  /** Returns the elements of a line as columns: revision, time, event, then those of its block. */
  static String lineColumns(String line) {
    return "%1$s->>0, %1$s->>1, %1$s->>2, ".formatted(line) + lineBlockColumns(line);
  }

  /** Returns the elements of a line that are columns of its block. */
  static String lineBlockColumns(String line) {
    StringBuilder sql = new StringBuilder();
    sql.append(lineFirst(line)).append(", unhex(").append(line).append("->>4)");
    for (int i = 0; i < Columns.CHANGEABLE.size(); i++) {
      sql.append(", ").append(line).append("->>").append(LINE_BLOCK + 2 + i);
    }
    return sql.toString();
  }

  static String lineFirst(String line) {
    return "unhex(" + line + "->>" + LINE_BLOCK + ")";
  }

  static String lineLast(String line) {
    return "unhex(" + line + "->>" + (LINE_BLOCK + 1) + ")";
  }

  /** Returns what sets a block's columns to those of a line. */
  static String setFromLine(String line) {
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < Columns.CHANGEABLE.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append(Columns.CHANGEABLE.get(i)).append(" = ");
      sql.append(line).append("->>").append(LINE_BLOCK + 2 + i);
    }
    return sql.toString();
  }

  /** Returns the condition that a block with the first address of a line is exactly the line's. */
  static String sameAsLine(String block, String line) {
    return same(block, line, LINE_BLOCK + 2);
  }

  /** Returns the same condition for what a line replaced. */
  static String sameAsBefore(String block, String line) {
    return same(block, line, LINE_BEFORE);
  }

  private static String same(String block, String line, int from) {
    StringBuilder sql = new StringBuilder();
    sql.append(block).append(".last = ").append(lineLast(line));
    for (int i = 0; i < Columns.CHANGEABLE.size(); i++) {
      sql.append(" AND ")
          .append(block)
          .append('.')
          .append(Columns.CHANGEABLE.get(i))
          .append(" IS ");
      sql.append('(').append(line).append("->>").append(from + i).append(')');
    }
    return sql.toString();
  }

  // Writing

  /** Writes a line except for its revision, which comes first and is known last. */
  static void writeLine(Jsonb to, HistoryEntry line) {
    AllocatedBlock held = line.block();
    to.number(Codes.millis(line.at()));
    to.number(Codes.of(line.event()));
    to.hex(bytes(held.block().first()));
    to.hex(bytes(held.block().last()));
    writeChangeable(to, held);
  }

  /** Writes what a replacement's line has in addition: the columns as they are to be found. */
  static void writeBefore(Jsonb to, AllocatedBlock before) {
    writeChangeable(to, before);
  }

  private static void writeChangeable(Jsonb to, AllocatedBlock held) {
    to.text(held.owner().id());
    to.text(held.incarnation());
    to.text(held.network());
    to.text(held.zone());
    to.number(Codes.of(held.kind()));
    to.number(Codes.of(held.state()));
    to.number(Codes.millis(held.since()));
    Instant until = held.until();
    if (until == null) {
      to.none();
    } else {
      to.number(Codes.millis(until));
    }
  }

  static byte[] bytes(IpAddress address) {
    return ByteBuffer.allocate(ADDRESS_BYTES)
        .put((byte) (address.family() == IpFamily.IPV4 ? 4 : 6))
        .putLong(address.high())
        .putLong(address.low())
        .array();
  }

  // Reading

  static IpPrefix prefix(byte @Nullable [] first, byte @Nullable [] last) {
    if (first == null
        || last == null
        || first.length != ADDRESS_BYTES
        || last.length != ADDRESS_BYTES) {
      throw new DamagedRowException("an address is not " + ADDRESS_BYTES + " bytes long");
    }
    ByteBuffer from = ByteBuffer.wrap(first);
    ByteBuffer to = ByteBuffer.wrap(last);
    byte family = from.get();
    if (to.get() != family || (family != 4 && family != 6)) {
      throw new DamagedRowException("a block is of family " + family);
    }
    IpFamily of = family == 4 ? IpFamily.IPV4 : IpFamily.IPV6;
    return Addresses.block(
        new IpAddress(of, from.getLong(), from.getLong()),
        new IpAddress(of, to.getLong(), to.getLong()));
  }
}
