package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.impl.store.sqlite.SchemaVersions;
import io.dualstack.policy.BoundSecurityGroup;
import java.util.List;

/**
 * What is in the file: the tables, columns and keys of the policy server's database, as far as
 * SQLite has the types. Rows of {@code groups} are never deleted: one without a GUID is a free tag,
 * and its number is the tag.
 */
final class PolicySchema {

  /** "DuPo". */
  private static final int APPLICATION_ID = 0x4475506f;

  /** The bytes of MySQL's {@code text}, which held the rules of a group while they were IPv4. */
  static final int NARROW = 65_535;

  /** As wide as databases of the IPv4 era have it. */
  static final List<String> VERSION_1 =
      List.of(
          """
          CREATE TABLE "groups" (
            id   INTEGER PRIMARY KEY,
            guid TEXT UNIQUE CHECK (length(guid) <= 255),
            type TEXT DEFAULT 'app' CHECK (length(type) <= 255)
          ) STRICT
          """,
          "CREATE INDEX idx_type ON \"groups\" (type)",
          "CREATE INDEX groups_free ON \"groups\" (id) WHERE guid IS NULL",
          // The column port is dead since policies have ranges of ports.
          """
          CREATE TABLE destinations (
            id         INTEGER PRIMARY KEY,
            group_id   INTEGER REFERENCES "groups" (id),
            port       INTEGER,
            protocol   TEXT CHECK (length(protocol) <= 255),
            start_port INTEGER,
            end_port   INTEGER,
            UNIQUE (group_id, start_port, end_port, protocol)
          ) STRICT
          """,
          """
          CREATE TABLE policies (
            id             INTEGER PRIMARY KEY AUTOINCREMENT,
            group_id       INTEGER REFERENCES "groups" (id),
            destination_id INTEGER REFERENCES destinations (id),
            UNIQUE (group_id, destination_id)
          ) STRICT
          """,
          "CREATE INDEX policies_destination ON policies (destination_id)",
          securityGroups("security_groups", NARROW),
          """
          CREATE TABLE policies_info (
            id           INTEGER PRIMARY KEY,
            last_updated INTEGER NOT NULL
          ) STRICT
          """,
          // Microseconds since the epoch.
          """
          INSERT INTO policies_info (id, last_updated)
          VALUES (1, CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER))
          """);

  /** Wide enough for the longest IPv6 ranges, and with destinations that are addresses. */
  private static final List<String> VERSION_2 =
      List.of(
          "ALTER TABLE destinations ADD COLUMN ips TEXT CHECK (length(CAST(ips AS BLOB)) <= "
              + BoundSecurityGroup.MOST_RULE_BYTES
              + ")",
          "ALTER TABLE destinations ADD COLUMN icmp_type INTEGER",
          "ALTER TABLE destinations ADD COLUMN icmp_code INTEGER",
          "CREATE INDEX destinations_addresses ON destinations (protocol, start_port, end_port)"
              + " WHERE group_id IS NULL",
          // SQLite changes no column in place.
          securityGroups("security_groups_wide", BoundSecurityGroup.MOST_RULE_BYTES),
          "INSERT INTO security_groups_wide SELECT * FROM security_groups",
          "DROP TABLE security_groups",
          "ALTER TABLE security_groups_wide RENAME TO security_groups");

  static final SchemaVersions VERSIONS =
      new SchemaVersions(APPLICATION_ID, List.of(VERSION_1, VERSION_2));

  /** Databases of the IPv4 era, for the test of the migration. */
  static final SchemaVersions IPV4_ERA = new SchemaVersions(APPLICATION_ID, List.of(VERSION_1));

  private PolicySchema() {}

  private static String securityGroups(String name, int mostBytes) {
    return """
        CREATE TABLE %s (
          id              INTEGER PRIMARY KEY AUTOINCREMENT,
          guid            TEXT NOT NULL UNIQUE CHECK (length(guid) <= 36),
          name            TEXT NOT NULL CHECK (length(name) <= 255),
          rules           TEXT NOT NULL CHECK (length(CAST(rules AS BLOB)) <= %d),
          staging_default INTEGER NOT NULL DEFAULT 0,
          running_default INTEGER NOT NULL DEFAULT 0,
          staging_spaces  TEXT NOT NULL DEFAULT '[]',
          running_spaces  TEXT NOT NULL DEFAULT '[]'
        ) STRICT
        """
        .formatted(name, mostBytes);
  }
}
