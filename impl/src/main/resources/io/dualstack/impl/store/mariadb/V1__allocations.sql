-- Address spaces, the blocks held in them, the audit trail and documents.
--
-- The rules are the database's own, so that they hold against whoever writes: no two blocks of a
-- space overlap, whatever their lengths; an owner has one active block of a network; the addresses
-- of a block never change; the audit trail is only added to. Times are milliseconds of the Unix
-- epoch, codes those of the class Codes. IPv4 addresses are the IPv6 addresses they are mapped to.
--
-- Each statement can be run again: the engine commits each by itself, and whoever runs them may be
-- killed between two.

-- How many sets were committed. Every writer updates the row first, and so waits for the others:
-- what one committed, all that follow have seen.
CREATE TABLE IF NOT EXISTS revision (
  one   tinyint NOT NULL DEFAULT 1,
  value bigint NOT NULL,
  PRIMARY KEY (one),
  CONSTRAINT revision_one CHECK (one = 1),
  CONSTRAINT revision_value CHECK (value >= 0)
) ENGINE = InnoDB;

INSERT INTO revision (one, value)
SELECT 1, 0 FROM dual WHERE NOT EXISTS (SELECT 1 FROM revision);

-- Who adds a block locks the row of its space until the end of the transaction.
CREATE TABLE IF NOT EXISTS space (
  id   integer NOT NULL AUTO_INCREMENT,
  name varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY space_name (name)
) ENGINE = InnoDB;

-- Resting and obsolete blocks, and those used elsewhere, take no slot: NULLs are not equal. The
-- second index also finds the blocks of an owner, and of all owners below a path, as long as its
-- columns take no more than 3072 bytes: a longer one would silently be one of hashes.
CREATE TABLE IF NOT EXISTS block (
  space       integer NOT NULL,
  family      tinyint NOT NULL,
  first       inet6 NOT NULL,
  last        inet6 NOT NULL,
  owner       varchar(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  incarnation mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  network     varchar(250) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  zone        mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  kind        tinyint NOT NULL,
  state       tinyint NOT NULL,
  since       bigint NOT NULL,
  until       bigint,
  slot        tinyint AS (CASE WHEN state = 0 AND kind <> 2 THEN 1 END) VIRTUAL,
  PRIMARY KEY (space, family, first),
  UNIQUE KEY block_slot (space, owner, network, slot),
  CONSTRAINT block_owner CHECK (char_length(owner) >= 1),
  CONSTRAINT block_kind CHECK (kind BETWEEN 0 AND 2),
  CONSTRAINT block_state CHECK (state BETWEEN 0 AND 2),
  CONSTRAINT block_rests CHECK ((state = 2) = (until IS NOT NULL))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- As no blocks overlap, only the last one that begins before the new one's end can be in its way.
-- Both looks lock, so that they see what others have committed, at every level of isolation; the
-- first makes writers of one space wait for each other. A range that is none is refused here, and
-- not by a check, as a session can turn off checks, but no triggers; nor may NULL pass, which a
-- session can have made a zero behind the trigger.
CREATE TRIGGER IF NOT EXISTS block_overlaps BEFORE INSERT ON block FOR EACH ROW
BEGIN
  IF coalesce(NEW.family NOT IN (4, 6) OR NEW.first > NEW.last
      OR NEW.family = 4 AND (NEW.first < '::ffff:0.0.0.0' OR NEW.last > '::ffff:255.255.255.255'), TRUE) THEN
    SIGNAL SQLSTATE '23514' SET MESSAGE_TEXT = 'block: first to last is no range of its family';
  END IF;
  IF (SELECT id FROM space WHERE id = NEW.space FOR UPDATE) IS NULL THEN
    SIGNAL SQLSTATE '23503' SET MESSAGE_TEXT = 'block: there is no such space';
  END IF;
  IF (SELECT last FROM block WHERE space = NEW.space AND family = NEW.family AND first <= NEW.last
      ORDER BY first DESC LIMIT 1 LOCK IN SHARE MODE) >= NEW.first THEN
    SIGNAL SQLSTATE '23P01' SET MESSAGE_TEXT = 'block: overlaps a block that is held';
  END IF;
END;

CREATE TRIGGER IF NOT EXISTS block_moves BEFORE UPDATE ON block FOR EACH ROW
BEGIN
  IF NOT (NEW.space <=> OLD.space AND NEW.family <=> OLD.family
      AND NEW.first <=> OLD.first AND NEW.last <=> OLD.last) THEN
    SIGNAL SQLSTATE '23001' SET MESSAGE_TEXT = 'block: its addresses never change; delete and insert';
  END IF;
END;

-- A line for each change of a block, by the revision that made it and the place in its set. The
-- blocks around an address are few, one for each length, so that each can be looked up.
CREATE TABLE IF NOT EXISTS trail (
  space       integer NOT NULL,
  revision    bigint NOT NULL,
  place       integer NOT NULL,
  at          bigint NOT NULL,
  event       tinyint NOT NULL,
  family      tinyint NOT NULL,
  first       inet6 NOT NULL,
  last        inet6 NOT NULL,
  owner       varchar(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  incarnation mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  network     varchar(250) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  zone        mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  kind        tinyint NOT NULL,
  state       tinyint NOT NULL,
  since       bigint NOT NULL,
  until       bigint,
  PRIMARY KEY (space, revision, place),
  KEY trail_block (space, family, first, last),
  CONSTRAINT trail_event CHECK (event BETWEEN 0 AND 4)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TRIGGER IF NOT EXISTS trail_changes BEFORE UPDATE ON trail FOR EACH ROW
  SIGNAL SQLSTATE '23001' SET MESSAGE_TEXT = 'trail: what happened never changes';

CREATE TRIGGER IF NOT EXISTS trail_shrinks BEFORE DELETE ON trail FOR EACH ROW
  SIGNAL SQLSTATE '23001' SET MESSAGE_TEXT = 'trail: what happened is never forgotten';

CREATE TRIGGER IF NOT EXISTS revision_goes BEFORE DELETE ON revision FOR EACH ROW
  SIGNAL SQLSTATE '23001' SET MESSAGE_TEXT = 'revision: the count of commits is never forgotten';

CREATE TRIGGER IF NOT EXISTS space_changes BEFORE UPDATE ON space FOR EACH ROW
  SIGNAL SQLSTATE '23001' SET MESSAGE_TEXT = 'space: a space never changes';

CREATE TRIGGER IF NOT EXISTS space_goes BEFORE DELETE ON space FOR EACH ROW
  SIGNAL SQLSTATE '23001' SET MESSAGE_TEXT = 'space: a space never goes';

CREATE TABLE IF NOT EXISTS document (
  space integer NOT NULL,
  `key` varchar(760) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  text  longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  PRIMARY KEY (space, `key`),
  CONSTRAINT document_space FOREIGN KEY (space) REFERENCES space (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- Has no rows. Tables that others refer to can't be truncated, which no trigger hears of.
CREATE TABLE IF NOT EXISTS untruncated (
  one      tinyint NOT NULL,
  space    integer NOT NULL,
  revision bigint NOT NULL,
  place    integer NOT NULL,
  PRIMARY KEY (one),
  CONSTRAINT untruncated_revision FOREIGN KEY (one) REFERENCES revision (one),
  CONSTRAINT untruncated_trail FOREIGN KEY (space, revision, place) REFERENCES trail (space, revision, place)
) ENGINE = InnoDB;
