package io.dualstack.impl.policy.store.jdbc;

import io.dualstack.PolicyRefusedException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.impl.store.jdbc.Statements;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyRefusal;
import io.dualstack.policy.PolicyTag;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Changes rows, in a transaction of one connection beside which no other writes. Used by one thread
 * at a time.
 */
public final class PolicyStatements {

  static final String QUOTA = "SELECT count(*) FROM policies WHERE group_id = ?";
  static final String POLICY = "SELECT id FROM policies WHERE group_id = ? AND destination_id = ?";
  static final String OWNER = "SELECT id FROM \"groups\" WHERE guid = ?";
  static final String FREE_TAG = "SELECT min(id) FROM \"groups\" WHERE guid IS NULL";
  static final String HIGHEST_TAG = "SELECT coalesce(max(id), 0) FROM \"groups\"";

  static final String APP =
      "SELECT id FROM destinations WHERE group_id = ? AND protocol = ? AND start_port = ?"
          + " AND end_port = ?";

  static final String ADDRESSES_BY_PORTS =
      "SELECT id FROM destinations WHERE group_id IS NULL AND protocol = ? AND start_port = ?"
          + " AND end_port = ? AND ips = ?";

  static final String ADDRESSES_BY_ICMP =
      "SELECT id FROM destinations WHERE group_id IS NULL AND protocol = ? AND icmp_type = ?"
          + " AND icmp_code = ? AND ips = ?";

  static final String DELETE_DESTINATION =
      "DELETE FROM destinations WHERE id = ?"
          + " AND NOT EXISTS (SELECT 1 FROM policies WHERE destination_id = ?)";

  static final String GIVE_TAG_BACK =
      "UPDATE \"groups\" SET guid = NULL WHERE id = ? AND type = 'app'"
          + " AND NOT EXISTS (SELECT 1 FROM policies WHERE group_id = ?)"
          + " AND NOT EXISTS (SELECT 1 FROM destinations WHERE group_id = ?)";

  private final Statements statements;
  private final PolicyDialect dialect;
  private final String location;
  private final int tagLength;

  /** Prepares statements when they are first needed. */
  public PolicyStatements(
      Statements statements, PolicyDialect dialect, String location, int tagLength) {
    this.statements = statements;
    this.dialect = dialect;
    this.location = location;
    this.tagLength = tagLength;
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

  private long required(String sql, @Nullable Object... values) throws SQLException {
    Long found = number(sql, values);
    if (found == null) {
      throw new SQLException("a query found no number");
    }
    return found;
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
      if (number(POLICY, source, destination) == null) {
        update(
            "INSERT INTO policies (group_id, destination_id) VALUES (?, ?)", source, destination);
        grown.put(source, policy.source());
      }
    }
    for (Map.Entry<Long, String> source : grown.entrySet()) {
      if (required(QUOTA, source.getKey()) > mostPerSource) {
        throw refused(new PolicyRefusal.QuotaExceeded(source.getValue(), mostPerSource));
      }
    }
  }

  private long findOrAdd(PolicyDestination destination) throws SQLException {
    Long group =
        destination instanceof PolicyDestination.App app
            ? (Long) group(app.guid(), PolicyGroup.APP)
            : null;
    DestinationKey key = DestinationKey.of(destination);
    Long known = find(group, key);
    return known != null
        ? known
        : required(
            "INSERT INTO destinations (group_id, protocol, start_port, end_port, ips, icmp_type,"
                + " icmp_code) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            group,
            key.protocol(),
            key.startPort(),
            key.endPort(),
            key.ips(),
            key.icmpType(),
            key.icmpCode());
  }

  private @Nullable Long find(@Nullable Long group, DestinationKey key) throws SQLException {
    if (group != null) {
      return number(APP, group, key.protocol(), key.startPort(), key.endPort());
    }
    return key.startPort() != null
        ? number(ADDRESSES_BY_PORTS, key.protocol(), key.startPort(), key.endPort(), key.ips())
        : number(ADDRESSES_BY_ICMP, key.protocol(), key.icmpType(), key.icmpCode(), key.ips());
  }

  void delete(Collection<NetworkPolicy> policies) throws SQLException {
    Set<Long> left = new TreeSet<>();
    for (NetworkPolicy policy : policies) {
      Long source = number(OWNER, policy.source());
      Long group =
          policy.destination() instanceof PolicyDestination.App app
              ? number(OWNER, app.guid())
              : null;
      if (source == null
          || (group == null && policy.destination() instanceof PolicyDestination.App)) {
        continue;
      }
      Long destination = find(group, DestinationKey.of(policy.destination()));
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
        update(DELETE_DESTINATION, destination, destination);
      }
    }
    for (Long group : left) {
      update(GIVE_TAG_BACK, group, group, group);
    }
  }

  /** Moves the time of the last change on. */
  void stamp(long micros) throws SQLException {
    update(
        "UPDATE policies_info SET last_updated ="
            + " CASE WHEN last_updated < ? THEN ? ELSE last_updated + 1 END",
        micros,
        micros);
  }

  // Tags

  /** Returns the row of somebody, who gets the lowest free one if there is none. */
  long group(String id, String type) throws SQLException {
    Long known = number(OWNER, id);
    if (known != null) {
      requireType(known, id, type);
      return known;
    }
    Long free = number(FREE_TAG);
    long tag = free != null ? free : required(HIGHEST_TAG) + 1;
    int capacity = PolicyTag.capacity(tagLength);
    if (tag > capacity) {
      throw refused(new PolicyRefusal.NoTagLeft(id, capacity));
    }
    if (free != null) {
      update("UPDATE \"groups\" SET guid = ?, type = ? WHERE id = ?", id, type, tag);
    } else {
      update("INSERT INTO \"groups\" (guid, type, id) VALUES (?, ?, ?)", id, type, tag);
    }
    return tag;
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
    List<Object> kept = new ArrayList<>();
    String others =
        "DELETE FROM security_groups WHERE NOT ("
            + dialect.among("guid", groups.keySet(), kept)
            + ")";
    update(others, kept.toArray());
    String changed =
        "UPDATE security_groups SET name = ?, rules = ?, staging_default = ?, running_default = ?,"
            + " staging_spaces = %1$s, running_spaces = %1$s WHERE guid = ?"
                .formatted(dialect.list());
    String added =
        "INSERT INTO security_groups (name, rules, staging_default, running_default,"
            + " staging_spaces, running_spaces, guid) VALUES (?, ?, ?, ?, %1$s, %1$s, ?)"
                .formatted(dialect.list());
    for (BoundSecurityGroup group : groups.values()) {
      boolean known = number("SELECT id FROM security_groups WHERE guid = ?", group.guid()) != null;
      update(
          known ? changed : added,
          group.name(),
          PolicyJson.rules(group.rules()),
          group.stagingDefault(),
          group.runningDefault(),
          PolicyJson.texts(group.stagingSpaces()),
          PolicyJson.texts(group.runningSpaces()),
          group.guid());
    }
  }

  private PolicyRefusedException refused(PolicyRefusal refusal) {
    return new PolicyRefusedException(location, refusal);
  }
}
