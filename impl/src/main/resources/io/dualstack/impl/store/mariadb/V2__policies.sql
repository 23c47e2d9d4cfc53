-- Policies, tags and bound security groups, in the tables of the policy server's database.
--
-- Who writes locks the row of policies_info first, and so waits for all others that write: what one
-- committed, all that follow have seen. Each statement can be run again, as those of the first step.

-- Rows are never deleted: one without a GUID is a free tag, and its number is the tag. The lowest is
-- where the second index begins; the first knows no order among those that are NULL.
CREATE TABLE IF NOT EXISTS `groups` (
  id   integer NOT NULL,
  guid varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  type varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL DEFAULT 'app',
  PRIMARY KEY (id),
  UNIQUE KEY groups_guid (guid),
  KEY groups_free (guid, id),
  KEY groups_type (type),
  CONSTRAINT groups_id CHECK (id > 0),
  CONSTRAINT groups_named CHECK (char_length(guid) >= 1)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- An application, or else addresses: pairs of ends as JSON, of which the index has the beginning.
CREATE TABLE IF NOT EXISTS destinations (
  id         integer NOT NULL AUTO_INCREMENT,
  group_id   integer,
  port       integer,
  protocol   varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  start_port integer,
  end_port   integer,
  ips        mediumtext CHARACTER SET ascii COLLATE ascii_bin,
  icmp_type  integer,
  icmp_code  integer,
  PRIMARY KEY (id),
  UNIQUE KEY destinations_app (group_id, start_port, end_port, protocol),
  KEY destinations_addresses (ips(1000)),
  CONSTRAINT destinations_group FOREIGN KEY (group_id) REFERENCES `groups` (id),
  CONSTRAINT destinations_kind CHECK ((group_id IS NULL) = (ips IS NOT NULL))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

CREATE TABLE IF NOT EXISTS policies (
  id             bigint NOT NULL AUTO_INCREMENT,
  group_id       integer NOT NULL,
  destination_id integer NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY policies_ends (group_id, destination_id),
  KEY policies_destination (destination_id),
  CONSTRAINT policies_group FOREIGN KEY (group_id) REFERENCES `groups` (id),
  CONSTRAINT policies_to FOREIGN KEY (destination_id) REFERENCES destinations (id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS security_groups (
  id              bigint NOT NULL AUTO_INCREMENT,
  guid            varchar(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  name            varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  rules           mediumtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  staging_default boolean NOT NULL DEFAULT FALSE,
  running_default boolean NOT NULL DEFAULT FALSE,
  staging_spaces  longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  running_spaces  longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY security_groups_guid (guid),
  CONSTRAINT security_groups_staging CHECK (json_valid(staging_spaces)),
  CONSTRAINT security_groups_running CHECK (json_valid(running_spaces))
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;

-- When policies were created or deleted last, in microseconds since the epoch.
CREATE TABLE IF NOT EXISTS policies_info (
  id           integer NOT NULL DEFAULT 1,
  last_updated bigint NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT policies_info_id CHECK (id = 1)
) ENGINE = InnoDB;

INSERT INTO policies_info (last_updated)
SELECT CAST(unix_timestamp(now(6)) * 1000000 AS integer) FROM dual
WHERE NOT EXISTS (SELECT 1 FROM policies_info);
