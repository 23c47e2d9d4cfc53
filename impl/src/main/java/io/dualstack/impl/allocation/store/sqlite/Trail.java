package io.dualstack.impl.allocation.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
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
  private final Jsonb chunkBytes = new Jsonb(1 << 14);
  private final List<Line> lines = new ArrayList<>();
  private long chunk;

  Trail(Connection connection) throws SQLException {
    add =
        connection.prepareStatement(
            "INSERT INTO trail (id, space, revision, lines) VALUES (?, ?, ?, ?)");
    remember =
        connection.prepareStatement(
            "INSERT INTO past (space, first, last, line) SELECT ?1, "
                + Rows.lineFirst("value")
                + ", "
                + Rows.lineLast("value")
                + ", ?2 + key FROM jsonb_each(?3)");
  }

  /** Begins a transaction behind that row of the trail. */
  void start(long lastChunk) {
    chunk = lastChunk;
    lines.clear();
  }

  /** Returns the last row of the trail. */
  long chunk() {
    return chunk;
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

  void flush() throws SQLException {
    Map<Integer, List<Line>> bySpace = new LinkedHashMap<>();
    for (Line line : lines) {
      bySpace.computeIfAbsent(line.space(), space -> new ArrayList<>()).add(line);
    }
    for (List<Line> ofSpace : bySpace.values()) {
      for (int from = 0; from < ofSpace.size(); from += Schema.LINES_PER_CHUNK) {
        write(ofSpace.subList(from, Math.min(ofSpace.size(), from + Schema.LINES_PER_CHUNK)));
      }
    }
    lines.clear();
  }

  private void write(List<Line> some) throws SQLException {
    chunkBytes.clear();
    int begun = chunkBytes.begin();
    for (Line line : some) {
      chunkBytes.array(Jsonb.sizeOf(line.revision()) + line.encoded().length);
      chunkBytes.number(line.revision());
      chunkBytes.encoded(line.encoded());
    }
    chunkBytes.end(begun);
    byte[] encoded = chunkBytes.toBytes();
    Line last = some.get(some.size() - 1);
    chunk++;

    add.setLong(1, chunk);
    add.setInt(2, last.space());
    add.setLong(3, last.revision());
    add.setBytes(4, encoded);
    add.executeUpdate();

    remember.setInt(1, last.space());
    remember.setLong(2, chunk * Schema.LINES_PER_CHUNK);
    remember.setBytes(3, encoded);
    remember.executeUpdate();
  }
}
