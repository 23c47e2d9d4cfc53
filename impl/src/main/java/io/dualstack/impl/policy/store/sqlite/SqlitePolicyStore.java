package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.PolicyRefusedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.impl.policy.store.sqlite.PolicyRows.DamagedRowException;
import io.dualstack.impl.store.sqlite.Readers;
import io.dualstack.impl.store.sqlite.SqliteFailures;
import io.dualstack.impl.store.sqlite.SqliteFile;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.SecurityGroupPage;
import io.dualstack.policy.TaggedPolicy;
import java.nio.file.Path;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps policies in one SQLite file. What is acknowledged is on the disk. Several processes may
 * have the file open, on a local disk; one that finds it locked tries for ten seconds.
 *
 * <p>Thread-safe. Reads run beside writes and see the last committed change.
 */
public final class SqlitePolicyStore implements PolicyStore {

  private static final Logger LOG = LoggerFactory.getLogger(SqlitePolicyStore.class);

  private final SqliteFile file;
  private final Readers readers;
  private final int tagLength;
  private final PolicyRows rows;
  private final Clock clock;

  private final Object writing = new Object();

  /** Null until somebody writes, and after a failure. */
  private @Nullable PolicyWriter writer;

  private volatile boolean closed;

  private SqlitePolicyStore(SqliteFile file, int tagLength, Clock clock) {
    this.file = file;
    this.readers = new Readers(file);
    this.tagLength = tagLength;
    this.rows = new PolicyRows(tagLength);
    this.clock = clock;
  }

  /**
   * Opens a file, and makes it and its folder if they aren't there, readable by their owner alone.
   *
   * @param tagLength the bytes of a tag, 1 to 3
   * @throws StoreUnavailableException if it can't be opened, is damaged, another program's or of a
   *     newer version; such a file is left as it is
   */
  public static SqlitePolicyStore open(Path path, int tagLength, Clock clock) {
    PolicyTag.capacity(tagLength);
    SqliteFile file = new SqliteFile(path, PolicySchema.VERSIONS);
    file.prepare();
    return new SqlitePolicyStore(file, tagLength, clock);
  }

  @Override
  public String location() {
    return file.location();
  }

  @Override
  public int tagLength() {
    return tagLength;
  }

  // Writing

  private interface Change<T> {
    T make(PolicyWriter writer) throws SQLException;
  }

  private <T> T change(Change<T> change) {
    synchronized (writing) {
      requireOpen();
      boolean usable = false;
      try {
        if (writer == null) {
          writer = new PolicyWriter(file.openWriter(), file.patience(), location(), tagLength);
        }
        PolicyWriter used = writer;
        T result = used.inTransaction(() -> change.make(used));
        usable = true;
        return result;
      } catch (PolicyRefusedException e) {
        usable = true;
        throw e;
      } catch (SQLException e) {
        throw SqliteFailures.unavailable(location(), e);
      } finally {
        if (!usable) {
          closeWriter();
        }
      }
    }
  }

  private void closeWriter() {
    PolicyWriter last = writer;
    writer = null;
    if (last != null) {
      try {
        last.close();
      } catch (SQLException e) {
        LOG.atWarn().addKeyValue("store", location()).setCause(e).log("connection not closed");
      }
    }
  }

  @Override
  public void create(Collection<NetworkPolicy> policies, int mostPerSource) {
    change(
        writer -> {
          writer.create(policies, mostPerSource);
          writer.stamp(now());
          return true;
        });
  }

  @Override
  public void delete(Collection<NetworkPolicy> policies) {
    change(
        writer -> {
          writer.delete(policies);
          writer.stamp(now());
          return true;
        });
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  @Override
  public PolicyGroup tag(String id, String type) {
    PolicyGroup.requireTaggable(id, type);
    return change(
        writer ->
            new PolicyGroup(id, type, new PolicyTag((int) writer.group(id, type), tagLength)));
  }

  @Override
  public void replaceSecurityGroups(List<BoundSecurityGroup> groups) {
    requireOpen();
    Map<String, BoundSecurityGroup> checked = PolicyJson.checked(location(), groups);
    change(
        writer -> {
          writer.replace(checked);
          return true;
        });
  }

  // Reading

  private interface Reading<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> all(String sql, Reading<T> reading, Object... values) {
    requireOpen();
    try {
      return readers.ask(
          reader -> {
            PreparedStatement query = reader.statement(sql);
            for (int i = 0; i < values.length; i++) {
              query.setObject(i + 1, values[i]);
            }
            List<T> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                found.add(reading.read(row));
              }
            }
            return Collections.unmodifiableList(found);
          });
    } catch (SQLException e) {
      requireOpen();
      throw SqliteFailures.unavailable(location(), e);
    } catch (DamagedRowException e) {
      throw SqliteFailures.damaged(location(), e);
    }
  }

  private static final String POLICIES =
      PolicyRows.POLICY
          + " WHERE (?1 = '[]' OR s.guid IN (SELECT value FROM json_each(?1))"
          + " OR g.guid IN (SELECT value FROM json_each(?1)))"
          + " AND (?2 = '[]' OR s.guid IN (SELECT value FROM json_each(?2)))"
          + " AND (?3 = '[]' OR g.guid IN (SELECT value FROM json_each(?3))) ORDER BY p.id";

  @Override
  public List<TaggedPolicy> policies(PolicyFilter filter) {
    return all(
        POLICIES,
        rows::policy,
        PolicyJson.texts(filter.ends()),
        PolicyJson.texts(filter.sources()),
        PolicyJson.texts(filter.destinations()));
  }

  @Override
  public Instant lastUpdated() {
    return all("SELECT last_updated FROM policies_info", row -> row.getLong(1)).stream()
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
  public List<PolicyGroup> groups() {
    return all(
        "SELECT guid, type, id FROM \"groups\" WHERE guid IS NOT NULL ORDER BY id", rows::group);
  }

  private static final String PAGE =
      PolicyRows.SECURITY_GROUP
          + " WHERE id >= ?1 AND (staging_default OR running_default OR EXISTS"
          + " (SELECT 1 FROM json_each(staging_spaces) WHERE value IN"
          + " (SELECT value FROM json_each(?2))) OR EXISTS"
          + " (SELECT 1 FROM json_each(running_spaces) WHERE value IN"
          + " (SELECT value FROM json_each(?2)))) ORDER BY id LIMIT ?3";

  @Override
  public SecurityGroupPage securityGroups(Set<String> spaces, long from, int limit) {
    // One more than asked for tells where the next page begins.
    List<Map.Entry<Long, BoundSecurityGroup>> found =
        all(
            PAGE,
            row -> Map.entry(row.getLong(1), rows.securityGroup(row)),
            from,
            PolicyJson.texts(spaces),
            limit > 0 ? limit + 1L : -1L);
    boolean more = limit > 0 && found.size() > limit;
    return new SecurityGroupPage(
        found.stream().limit(more ? limit : found.size()).map(Map.Entry::getValue).toList(),
        more ? found.get(limit).getKey() : 0);
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnavailableException(
          location() + ": the store is closed; open it again", false, null);
    }
  }

  /** Waits for those who read or write, and closes. */
  @Override
  public void close() {
    closed = true;
    synchronized (writing) {
      closeWriter();
    }
    try {
      readers.close();
    } catch (SQLException e) {
      LOG.atWarn().addKeyValue("store", location()).setCause(e).log("connection not closed");
    }
  }
}
