package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.impl.allocation.store.Codes;
import io.dualstack.impl.store.sqlite.SchemaVersions;
import java.util.List;

/**
 * What is in the file, and how files of earlier versions become files of this one.
 *
 * <p>The rules are the database's own, so that they hold against whoever writes: no two blocks of a
 * space overlap, whatever their lengths; an owner has one active block of a network; the addresses
 * of a block never change; the audit trail is only added to.
 */
final class Schema {

  /**
   * Marks a file as one of ours: "DuSt". It is written in the transaction that creates the tables,
   * so that a file is either empty or marked.
   */
  static final int APPLICATION_ID = 0x44755374;

  /** Lines of the audit trail that share a row at most. */
  static final int LINES_PER_CHUNK = 64;

  /**
   * Rows of the trail per revision at most. The number of a row is the last revision in it times
   * this, and for the second and further row of one set one more each.
   */
  static final int CHUNKS_PER_REVISION = 1 << 16;

  /** The last revision whose rows, and those of the next, have a number. */
  static final long MAX_REVISION = Long.MAX_VALUE / CHUNKS_PER_REVISION - 1;

  /** Changes of blocks in one set at most. */
  static final int MAX_LINES = LINES_PER_CHUNK * CHUNKS_PER_REVISION;

  private static final List<String> VERSION_1 =
      List.of(
          """
          CREATE TABLE space (
            id   INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
          ) STRICT
          """,
          // The table is the index: one tree to write and to search. Resting and obsolete blocks,
          // and those used elsewhere, take no slot: NULLs are not equal to each other.
          """
          CREATE TABLE block (
            space       INTEGER NOT NULL,
            first       BLOB NOT NULL,
            last        BLOB NOT NULL,
            owner       TEXT NOT NULL,
            incarnation TEXT NOT NULL,
            network     TEXT NOT NULL,
            zone        TEXT,
            kind        INTEGER NOT NULL,
            state       INTEGER NOT NULL,
            since       INTEGER NOT NULL,
            until       INTEGER,
            slot        INTEGER AS (CASE WHEN state = %d AND kind <> %d THEN 1 END) VIRTUAL,
            PRIMARY KEY (space, first),
            CHECK (length(first) = 17 AND length(last) = 17 AND first <= last),
            CHECK (kind BETWEEN 0 AND 2 AND state BETWEEN 0 AND 2),
            CHECK ((state = %d) = (until IS NOT NULL))
          ) STRICT, WITHOUT ROWID
          """
              .formatted(Codes.ACTIVE, Codes.EXTERNAL, Codes.QUARANTINED),
          // Also what finds the blocks of an owner, and of all owners below a path.
          "CREATE UNIQUE INDEX block_slot ON block (space, owner, network, slot)",
          // As no blocks overlap, only the last one that begins before the new one's end can be in
          // its way: one step down the tree.
          """
          CREATE TRIGGER block_overlaps BEFORE INSERT ON block
          WHEN (SELECT last FROM block WHERE space = NEW.space AND first <= NEW.last
                ORDER BY first DESC LIMIT 1) >= NEW.first
          BEGIN SELECT RAISE(ABORT, 'block: overlaps a block that is held'); END
          """,
          """
          CREATE TRIGGER block_moves BEFORE UPDATE OF space, first, last ON block
          BEGIN SELECT RAISE(ABORT, 'block: its addresses never change; delete and insert'); END
          """,
          // The audit trail: arrays of lines, in the order in which they happened. A row per line
          // would cost twice as much to write. The last row also tells the store's revision, so
          // that a commit needn't touch another page to count it.
          """
          CREATE TABLE trail (
            id    INTEGER PRIMARY KEY,
            space INTEGER,
            lines BLOB
          ) STRICT
          """,
          """
          CREATE TRIGGER trail_changes BEFORE UPDATE ON trail
          BEGIN SELECT RAISE(ABORT, 'trail: what happened never changes'); END
          """,
          """
          CREATE TRIGGER trail_shrinks BEFORE DELETE ON trail
          BEGIN SELECT RAISE(ABORT, 'trail: what happened is never forgotten'); END
          """,
          // Which lines are about a block: the row of the trail and the place in its array. The
          // blocks around an address are few, one for each length, so that each can be looked up.
          """
          CREATE TABLE past (
            space INTEGER NOT NULL,
            first BLOB NOT NULL,
            last  BLOB NOT NULL,
            chunk INTEGER NOT NULL,
            place INTEGER NOT NULL,
            PRIMARY KEY (space, first, last, chunk, place)
          ) STRICT, WITHOUT ROWID
          """,
          """
          CREATE TABLE document (
            space INTEGER NOT NULL,
            key   TEXT NOT NULL,
            text  TEXT NOT NULL,
            PRIMARY KEY (space, key)
          ) STRICT
          """);

  /** The steps from each version to the next; a file's version is how many it has seen. */
  static final SchemaVersions VERSIONS = new SchemaVersions(APPLICATION_ID, List.of(VERSION_1));

  private Schema() {}
}
