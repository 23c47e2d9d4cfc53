package io.dualstack.impl.allocation.store.sqlite;

import com.google.common.collect.Lists;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the lines that a transaction adds to the audit trail, and writes them at its end: lines
 * of one space share rows, and rows name the blocks they are about.
 */
final class Trail {

  private record Line(int space, long revision, byte[] encoded) {}

  private final PreparedStatement add;
  private final PreparedStatement remember;
  private final Jsonb bytes = new Jsonb(1 << 14);
  private final List<Line> lines = new ArrayList<>();

  Trail(Connection connection) throws SQLException {
    add = connection.prepareStatement("INSERT INTO trail (id, space, lines) VALUES (?, ?, ?)");
    remember =
        connection.prepareStatement(
            "INSERT INTO past (space, first, last, chunk, place) SELECT ?1, "
                + Rows.lineFirst("value")
                + ", "
                + Rows.lineLast("value")
                + ", ?2, key FROM jsonb_each(?3)");
  }

  void clear() {
    lines.clear();
  }

  int size() {
    return lines.size();
  }

  void add(int space, long revision, byte[] line) {
    lines.add(new Line(space, revision, line));
  }

  /** Forgets the lines added since there were so many. */
  void cutTo(int size) {
    lines.subList(size, lines.size()).clear();
  }

  /** Writes what was added, and that the store is at that revision. */
  void write(long revision) throws SQLException {
    long last = 0;
    for (List<Line> chunk : chunks()) {
      last = Math.max(last + 1, lastRevision(chunk) * Schema.CHUNKS_PER_REVISION);
      write(last, chunk);
    }
    lines.clear();
    if (last < revision * Schema.CHUNKS_PER_REVISION) {
      // The last set left no line: a row without any counts it.
      add.setLong(1, revision * Schema.CHUNKS_PER_REVISION);
      add.setNull(2, Types.INTEGER);
      add.setNull(3, Types.BLOB);
      add.executeUpdate();
    }
  }

  /** Cuts the lines of each space into rows, and sorts these by their last revision. */
  private List<List<Line>> chunks() {
    Map<Integer, List<Line>> bySpace = new LinkedHashMap<>();
    for (Line line : lines) {
      bySpace.computeIfAbsent(line.space(), space -> new ArrayList<>()).add(line);
    }
    List<List<Line>> chunks = new ArrayList<>();
    bySpace.values().forEach(all -> chunks.addAll(Lists.partition(all, Schema.LINES_PER_CHUNK)));
    chunks.sort(Comparator.comparingLong(Trail::lastRevision));
    return chunks;
  }

  private static long lastRevision(List<Line> chunk) {
    return chunk.get(chunk.size() - 1).revision();
  }

  private void write(long id, List<Line> chunk) throws SQLException {
    int space = chunk.get(0).space();
    byte[] encoded = encode(chunk);
    add.setLong(1, id);
    add.setInt(2, space);
    add.setBytes(3, encoded);
    add.executeUpdate();

    remember.setInt(1, space);
    remember.setLong(2, id);
    remember.setBytes(3, encoded);
    remember.executeUpdate();
  }

  private byte[] encode(List<Line> chunk) {
    bytes.clear();
    int begun = bytes.begin();
    for (Line line : chunk) {
      bytes.array(Jsonb.sizeOf(line.revision()) + line.encoded().length);
      bytes.number(line.revision());
      bytes.encoded(line.encoded());
    }
    bytes.end(begun);
    return bytes.toBytes();
  }
}
