package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.Meters;
import io.dualstack.PolicyRefusedException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.impl.store.sqlite.Statements;
import io.dualstack.impl.store.sqlite.WriteLock;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyRefusal;
import io.dualstack.policy.PolicyTag;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes: a transaction for each change. Used by one thread at a time. After an
 * {@link SQLException} the connection is in no known state: close it.
 */
final class PolicyWriter implements AutoCloseable {

  private final Statements statements;
  private final WriteLock lock;
  private final String location;
  private final int tagLength;

  PolicyWriter(Connection connection, Duration patience, String location, int tagLength)
      throws SQLException {
    this.statements = new Statements(connection);
    this.lock = new WriteLock(connection, patience, Meters.NONE);
    this.location = location;
    this.tagLength = tagLength;
    // A change that was answered is on the disk.
    statements.statement("PRAGMA synchronous = FULL").execute();
    statements.statement("PRAGMA foreign_keys = ON").execute();
  }

  /** A change, or a part of one. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Does all of the work or, when it is refused, nothing. */
  <T> T inTransaction(Work<T> work) throws SQLException {
    lock.whenFree();
    T result;
    try {
      result = work.run();
    } catch (PolicyRefusedException e) {
      statements.statement("ROLLBACK").execute();
      throw e;
    }
    statements.statement("COMMIT").execute();
    return result;
  }

  private int update(String sql, @Nullable Object... values) throws SQLException {
    return bound(sql, values).executeUpdate();
  }

  /** Returns the number a query finds; null if it finds none. */
  private @Nullable Long number(String sql, @Nullable Object... values) throws SQLException {
    try (ResultSet row = bound(sql, values).executeQuery()) {
      if (!row.next()) {
        return null;
      }
      long value = row.getLong(1);
      return row.wasNull() ? null : (Long) value;
    }
  }

  private PreparedStatement bound(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = statements.statement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }

  // Policies

  void create(Collection<NetworkPolicy> policies, int mostPerSource) throws SQLException {
    Map<Long, String> grown = new LinkedHashMap<>();
    for (NetworkPolicy policy : policies) {
      long source = group(policy.source(), PolicyGroup.APP);
      long destination = findOrAdd(policy.destination());
      if (update(
              "INSERT INTO policies (group_id, destination_id) VALUES (?, ?)"
                  + " ON CONFLICT DO NOTHING",
              source,
              destination)
          > 0) {
        grown.put(source, policy.source());
      }
    }
    for (Map.Entry<Long, String> source : grown.entrySet()) {
      Long count = number("SELECT count(*) FROM policies WHERE group_id = ?", source.getKey());
      if (count != null && count > mostPerSource) {
        throw refused(new PolicyRefusal.QuotaExceeded(source.getValue(), mostPerSource));
      }
    }
  }

  private long findOrAdd(PolicyDestination destination) throws SQLException {
    Long group =
        destination instanceof PolicyDestination.App app
            ? (Long) group(app.guid(), PolicyGroup.APP)
            : null;
    PolicyRows.Key key = PolicyRows.Key.of(destination);
    Long known = find(group, key);
    if (known != null) {
      return known;
    }
    update(
        "INSERT INTO destinations (group_id, protocol, start_port, end_port, ips, icmp_type,"
            + " icmp_code) VALUES (?, ?, ?, ?, ?, ?, ?)",
        group,
        key.protocol(),
        key.startPort(),
        key.endPort(),
        key.ips(),
        key.icmpType(),
        key.icmpCode());
    return required(number("SELECT last_insert_rowid()"));
  }

  private @Nullable Long find(@Nullable Long group, PolicyRows.Key key) throws SQLException {
    return group == null
        ? number(
            "SELECT id FROM destinations WHERE group_id IS NULL AND protocol = ?"
                + " AND start_port IS ? AND end_port IS ? AND ips IS ? AND icmp_type IS ?"
                + " AND icmp_code IS ?",
            key.protocol(),
            key.startPort(),
            key.endPort(),
            key.ips(),
            key.icmpType(),
            key.icmpCode())
        : number(
            "SELECT id FROM destinations WHERE group_id = ? AND protocol = ?"
                + " AND start_port = ? AND end_port = ?",
            group,
            key.protocol(),
            key.startPort(),
            key.endPort());
  }

  void delete(Collection<NetworkPolicy> policies) throws SQLException {
    Set<Long> left = new TreeSet<>();
    for (NetworkPolicy policy : policies) {
      Long source = groupOf(policy.source());
      Long group =
          policy.destination() instanceof PolicyDestination.App app ? groupOf(app.guid()) : null;
      if (source == null
          || (group == null && policy.destination() instanceof PolicyDestination.App)) {
        continue;
      }
      Long destination = find(group, PolicyRows.Key.of(policy.destination()));
      if (destination != null
          && update(
                  "DELETE FROM policies WHERE group_id = ? AND destination_id = ?",
                  source,
                  destination)
              > 0) {
        left.add(source);
        if (group != null) {
          left.add(group);
        }
        update(
            "DELETE FROM destinations WHERE id = ?1"
                + " AND NOT EXISTS (SELECT 1 FROM policies WHERE destination_id = ?1)",
            destination);
      }
    }
    for (Long group : left) {
      update(
          "UPDATE \"groups\" SET guid = NULL WHERE id = ?1 AND type = 'app'"
              + " AND NOT EXISTS (SELECT 1 FROM policies WHERE group_id = ?1)"
              + " AND NOT EXISTS (SELECT 1 FROM destinations WHERE group_id = ?1)",
          group);
    }
  }

  private @Nullable Long groupOf(String guid) throws SQLException {
    return number("SELECT id FROM \"groups\" WHERE guid = ?", guid);
  }

  /** Moves the time of the last change on. */
  void stamp(long micros) throws SQLException {
    update("UPDATE policies_info SET last_updated = max(?, last_updated + 1)", micros);
  }

  // Tags

  /** Returns the row of somebody, who gets the lowest free one if there is none. */
  long group(String id, String type) throws SQLException {
    Long known = groupOf(id);
    if (known != null) {
      requireType(known, id, type);
      return known;
    }
    int capacity = PolicyTag.capacity(tagLength);
    Long free = number("SELECT min(id) FROM \"groups\" WHERE guid IS NULL");
    if (free == null) {
      free = required(number("SELECT coalesce(max(id), 0) + 1 FROM \"groups\""));
    }
    if (free > capacity) {
      throw refused(new PolicyRefusal.NoTagLeft(id, capacity));
    }
    update(
        "INSERT INTO \"groups\" (id, guid, type) VALUES (?1, ?2, ?3)"
            + " ON CONFLICT (id) DO UPDATE SET guid = ?2, type = ?3",
        free,
        id,
        type);
    return free;
  }

  private void requireType(long group, String id, String type) throws SQLException {
    try (ResultSet row = bound("SELECT type FROM \"groups\" WHERE id = ?", group).executeQuery()) {
      row.next();
      if (!type.equals(row.getString(1))) {
        throw refused(new PolicyRefusal.OtherType(id, type, row.getString(1)));
      }
    }
  }

  // Security groups

  void replace(Map<String, BoundSecurityGroup> groups) throws SQLException {
    update(
        "DELETE FROM security_groups WHERE guid NOT IN (SELECT value FROM json_each(?))",
        PolicyJson.texts(groups.keySet()));
    for (BoundSecurityGroup group : groups.values()) {
      update(
          "INSERT INTO security_groups (guid, name, rules, staging_default, running_default,"
              + " staging_spaces, running_spaces) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
              + " ON CONFLICT (guid) DO UPDATE SET name = ?2, rules = ?3, staging_default = ?4,"
              + " running_default = ?5, staging_spaces = ?6, running_spaces = ?7",
          group.guid(),
          group.name(),
          PolicyJson.rules(group.rules()),
          group.stagingDefault(),
          group.runningDefault(),
          PolicyJson.texts(group.stagingSpaces()),
          PolicyJson.texts(group.runningSpaces()));
    }
  }

  private static long required(@Nullable Long value) throws SQLException {
    if (value == null) {
      throw new SQLException("a query found no number");
    }
    return value;
  }

  private PolicyRefusedException refused(PolicyRefusal refusal) {
    return new PolicyRefusedException(location, refusal);
  }

  @Override
  public void close() throws SQLException {
    statements.close();
  }
}
