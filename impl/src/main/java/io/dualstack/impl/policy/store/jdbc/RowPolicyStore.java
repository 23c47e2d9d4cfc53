package io.dualstack.impl.policy.store.jdbc;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.SecurityGroupPage;
import io.dualstack.policy.TaggedPolicy;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A store of policies in a database of rows. Text with half a surrogate pair is refused with {@link
 * IllegalArgumentException}. Thread-safe.
 */
public abstract class RowPolicyStore implements PolicyStore {

  static final String LAST_UPDATED = "SELECT last_updated FROM policies_info";

  private static final String GROUPS =
      "SELECT guid, type, id FROM \"groups\" WHERE guid IS NOT NULL ORDER BY id";

  private final PolicyDialect dialect;
  private final int tagLength;
  private final PolicyRows rows;
  private final Clock clock;

  private volatile boolean closed;

  /**
   * A store in an engine of that dialect.
   *
   * @throws IllegalArgumentException if tags can't be so long
   */
  protected RowPolicyStore(PolicyDialect dialect, int tagLength, Clock clock) {
    PolicyTag.capacity(tagLength);
    this.dialect = dialect;
    this.tagLength = tagLength;
    this.rows = new PolicyRows(tagLength);
    this.clock = clock;
  }

  /**
   * A change.
   *
   * @param <T> what comes of it
   */
  protected interface Change<T> {

    /** Makes it, in a transaction that is rolled back after an exception. */
    T make(PolicyStatements statements) throws SQLException;
  }

  /**
   * Makes something of a row.
   *
   * @param <T> what
   */
  protected interface Reading<T> {

    /** Reads the row. */
    T read(ResultSet row) throws SQLException;
  }

  /** Makes a change beside which nobody else makes one, whole or not at all. */
  protected abstract <T> T change(Change<T> change);

  /** Returns what was made of each row of an answer, as an unmodifiable list. */
  protected abstract <T> List<T> all(String sql, List<Object> values, Reading<T> reading);

  @Override
  public final int tagLength() {
    return tagLength;
  }

  // Writing

  @Override
  public final void create(Collection<NetworkPolicy> policies, int mostPerSource) {
    for (NetworkPolicy policy : policies) {
      dialect.requireStorable(policy.source());
      if (policy.destination() instanceof PolicyDestination.App app) {
        dialect.requireStorable(app.guid());
      }
    }
    change(
        statements -> {
          statements.create(policies, mostPerSource);
          statements.stamp(now());
          return true;
        });
  }

  @Override
  public final void delete(Collection<NetworkPolicy> policies) {
    List<NetworkPolicy> there =
        policies.stream()
            .filter(policy -> policy.apps().stream().allMatch(dialect::canBeThere))
            .toList();
    change(
        statements -> {
          statements.delete(there);
          statements.stamp(now());
          return true;
        });
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  @Override
  public final PolicyGroup tag(String id, String type) {
    PolicyGroup.requireTaggable(id, type);
    dialect.requireStorable(id);
    dialect.requireStorable(type);
    return change(
        statements ->
            new PolicyGroup(id, type, new PolicyTag((int) statements.group(id, type), tagLength)));
  }

  @Override
  public final void replaceSecurityGroups(List<BoundSecurityGroup> groups) {
    requireOpen();
    Map<String, BoundSecurityGroup> checked = PolicyJson.checked(location(), groups);
    for (BoundSecurityGroup group : groups) {
      dialect.requireStorable(group.guid());
      dialect.requireStorable(group.name());
      group.stagingSpaces().forEach(dialect::requireStorable);
      group.runningSpaces().forEach(dialect::requireStorable);
    }
    change(
        statements -> {
          statements.replace(checked);
          return true;
        });
  }

  // Reading

  @Override
  public final List<TaggedPolicy> policies(PolicyFilter filter) {
    PolicyQuery query = PolicyQuery.of(filter, dialect);
    return all(query.sql(), query.values(), rows::policy);
  }

  @Override
  public final Instant lastUpdated() {
    return all(LAST_UPDATED, List.of(), row -> row.getLong(1)).stream()
        .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS))
        .findFirst()
        .orElseThrow(
            () ->
                new StoreUnavailableException(
                    location() + ": has lost when it was changed; restore it from a copy",
                    false,
                    null));
  }

  @Override
  public final List<PolicyGroup> groups() {
    return all(GROUPS, List.of(), rows::group);
  }

  @Override
  public final SecurityGroupPage securityGroups(Set<String> spaces, long from, int limit) {
    List<String> asked = PolicyQuery.there(spaces, dialect);
    List<Object> values = new ArrayList<>(List.of(from));
    String sql =
        PolicyRows.SECURITY_GROUP
            + " WHERE id >= ? AND (staging_default OR running_default OR "
            + dialect.hasOneOf("staging_spaces", asked, values)
            + " OR "
            + dialect.hasOneOf("running_spaces", asked, values)
            + ") ORDER BY id LIMIT ?";
    // One more than asked for tells where the next page begins.
    values.add(limit > 0 ? limit + 1L : Long.MAX_VALUE);
    List<Map.Entry<Long, BoundSecurityGroup>> found =
        all(sql, values, row -> Map.entry(row.getLong(1), rows.securityGroup(row)));
    boolean more = limit > 0 && found.size() > limit;
    return new SecurityGroupPage(
        found.stream().limit(more ? limit : found.size()).map(Map.Entry::getValue).toList(),
        more ? found.get(limit).getKey() : 0);
  }

  /** Refuses whoever comes after the end. */
  protected final void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException(
          location() + ": the store is closed; open it again", false, null);
    }
  }

  /** Refuses all who come from here on. */
  protected final void closeForNewcomers() {
    closed = true;
  }

  /** Reads the rows of an answer. */
  protected static <T> List<T> read(
      PreparedStatement query, List<Object> values, Reading<T> reading) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      query.setObject(i + 1, values.get(i));
    }
    List<T> found = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        found.add(reading.read(row));
      }
    }
    return Collections.unmodifiableList(found);
  }
}
