-- Address spaces, the blocks held in them, the audit trail and documents.
--
-- The rules are the database's own, so that they hold against whoever writes: no two blocks of a
-- space overlap, whatever their lengths; an owner has one active block of a network; the audit
-- trail is only added to. Times are milliseconds of the Unix epoch, codes those of the class Codes.

CREATE FUNCTION refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$;

-- How many sets were committed. Every writer updates the row first, and so waits for the others:
-- what one committed, all that follow have seen.
CREATE TABLE revision (
  value bigint NOT NULL CHECK (value >= 0),
  one   boolean PRIMARY KEY DEFAULT true CHECK (one)
);
INSERT INTO revision (value) VALUES (0);
CREATE TRIGGER revision_goes BEFORE DELETE OR TRUNCATE ON revision
  EXECUTE FUNCTION refuse('the count of commits is never forgotten');

CREATE TABLE space (
  id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE
);
CREATE TRIGGER space_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON space
  EXECUTE FUNCTION refuse('a space never changes');

-- Each space has a table of its own below this one, with the indexes that refuse overlaps and second
-- blocks for a slot. Where there is no such table there can be no rows.
CREATE TABLE block (
  space       integer NOT NULL,
  block       cidr NOT NULL,
  owner       text COLLATE "C" NOT NULL CHECK (length(owner) BETWEEN 1 AND 512),
  incarnation text COLLATE "C" NOT NULL,
  network     text COLLATE "C" NOT NULL,
  zone        text COLLATE "C",
  kind        smallint NOT NULL CHECK (kind BETWEEN 0 AND 2),
  state       smallint NOT NULL CHECK (state BETWEEN 0 AND 2),
  since       bigint NOT NULL,
  until       bigint,
  -- Resting and obsolete blocks, and those used elsewhere, take no slot: NULLs are not equal.
  slot        boolean GENERATED ALWAYS AS (CASE WHEN state = 0 AND kind <> 2 THEN true END) STORED,
  CONSTRAINT block_rests CHECK ((state = 2) = (until IS NOT NULL))
) PARTITION BY LIST (space);

-- The second index also finds the blocks of an owner, and of all owners below a path. Attaching a table, unlike making it in its place, lets others go on.
CREATE FUNCTION add_space() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text := 'block_' || NEW.id;
BEGIN
  EXECUTE format(
    'CREATE TABLE %1$I.%2$I (LIKE %1$I.block INCLUDING CONSTRAINTS INCLUDING GENERATED,'
    ' CHECK (space = %3$s),'
    ' CONSTRAINT %4$I EXCLUDE USING spgist (block inet_ops WITH &&))',
    TG_TABLE_SCHEMA, name, NEW.id, name || '_overlaps');
  EXECUTE format(
    'CREATE UNIQUE INDEX %3$I ON %1$I.%2$I (owner, network, slot)',
    TG_TABLE_SCHEMA, name, name || '_slots');
  EXECUTE format(
    'ALTER TABLE %1$I.block ATTACH PARTITION %1$I.%2$I FOR VALUES IN (%3$s)',
    TG_TABLE_SCHEMA, name, NEW.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER space_added AFTER INSERT ON space
  FOR EACH ROW EXECUTE FUNCTION add_space();

-- A line for each change of a block, by the revision that made it and the place in its set.
CREATE TABLE trail (
  space       integer NOT NULL,
  revision    bigint NOT NULL,
  place       integer NOT NULL,
  at          bigint NOT NULL,
  event       smallint NOT NULL CHECK (event BETWEEN 0 AND 4),
  block       cidr NOT NULL,
  owner       text COLLATE "C" NOT NULL,
  incarnation text COLLATE "C" NOT NULL,
  network     text COLLATE "C" NOT NULL,
  zone        text COLLATE "C",
  kind        smallint NOT NULL,
  state       smallint NOT NULL,
  since       bigint NOT NULL,
  until       bigint,
  PRIMARY KEY (space, revision, place)
);

-- The blocks around an address are few, one for each length, so that each can be looked up.
CREATE INDEX trail_block ON trail (space, block);

CREATE TRIGGER trail_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON trail
  EXECUTE FUNCTION refuse('what happened never changes and is never forgotten');

-- The text is UTF-8 in bytes: the type for text has no character zero.
CREATE TABLE document (
  space integer NOT NULL REFERENCES space,
  key   text COLLATE "C" NOT NULL,
  text  bytea NOT NULL,
  PRIMARY KEY (space, key)
);
