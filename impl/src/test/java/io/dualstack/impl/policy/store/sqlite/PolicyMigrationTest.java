package io.dualstack.impl.policy.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.allocation.store.sqlite.SqliteAllocationStore;
import io.dualstack.impl.store.sqlite.SqliteFile;
import io.dualstack.net.IpAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.TaggedPolicy;
import io.dualstack.testkit.TestClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of the IPv4 era loses nothing, and then holds the longest IPv6 rules. */
class PolicyMigrationTest {

  @TempDir private Path folder;

  private Path path() {
    return folder.resolve("policies.db");
  }

  private void makeNarrow() throws SQLException {
    SqliteFile old = new SqliteFile(path(), PolicySchema.IPV4_ERA);
    old.prepare();
    try (Connection connection = old.openWriter();
        Statement statement = connection.createStatement()) {
      // As the policy server fills the table of tags.
      statement.execute(
          "WITH RECURSIVE tag(id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM tag WHERE id < 255)"
              + " INSERT INTO \"groups\" (id, guid) SELECT id, NULL FROM tag");
      statement.execute("UPDATE \"groups\" SET guid = 'app-a' WHERE id = 1");
      statement.execute("UPDATE \"groups\" SET guid = 'app-b' WHERE id = 3");
      statement.execute(
          "UPDATE \"groups\" SET guid = 'INGRESS_ROUTER', type = 'router' WHERE id = 2");
      statement.execute(
          "INSERT INTO destinations (id, group_id, port, protocol, start_port, end_port)"
              + " VALUES (7, 3, 8080, 'tcp', 8080, 8090), (8, 1, 53, 'udp', 53, 53)");
      statement.execute(
          "INSERT INTO policies (id, group_id, destination_id) VALUES (9, 3, 8), (12, 1, 7)");
      statement.execute("UPDATE policies_info SET last_updated = 1700000000123456");
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO security_groups (id, guid, name, rules, staging_default,"
                  + " running_default, staging_spaces, running_spaces)"
                  + " VALUES (?, ?, ?, ?, 0, ?, '[\"s1\"]', '[\"s1\",\"s2\"]')")) {
        for (int i = 0; i < 3; i++) {
          insert.setInt(1, 10 + i);
          insert.setString(2, "group-" + i);
          insert.setString(3, "name " + i);
          insert.setString(
              4,
              "[{\"protocol\":\"tcp\",\"destination\":\"10.0.0.0/8\",\"ports\":\"1-9\",\"type\":0,"
                  + "\"code\":0,\"description\":\"d\",\"log\":true}]");
          insert.setBoolean(5, i == 1);
          insert.executeUpdate();
        }
      }
    }
  }

  private PolicyStore open(int tagLength) {
    return SqlitePolicyStore.open(path(), tagLength, TestClock.atNoon());
  }

  private static BoundSecurityGroup narrow(int i) {
    return new BoundSecurityGroup(
        "group-" + i,
        "name " + i,
        List.of(new GroupRule("tcp", "10.0.0.0/8", "1-9", 0, 0, "d", true)),
        false,
        i == 1,
        Set.of("s1"),
        Set.of("s1", "s2"));
  }

  @Test
  void nothing_is_lost() throws SQLException {
    makeNarrow();

    try (PolicyStore store = open(1)) {
      assertThat(store.policies(PolicyFilter.ALL))
          .containsExactly(
              new TaggedPolicy(
                  new NetworkPolicy(
                      "app-b",
                      new PolicyDestination.App("app-a", Protocol.UDP, PortRange.single(53))),
                  new PolicyTag(3, 1),
                  new PolicyTag(1, 1)),
              new TaggedPolicy(
                  new NetworkPolicy(
                      "app-a",
                      new PolicyDestination.App("app-b", Protocol.TCP, PortRange.of(8080, 8090))),
                  new PolicyTag(1, 1),
                  new PolicyTag(3, 1)));
      assertThat(store.groups())
          .containsExactly(
              new PolicyGroup("app-a", "app", new PolicyTag(1, 1)),
              new PolicyGroup("INGRESS_ROUTER", "router", new PolicyTag(2, 1)),
              new PolicyGroup("app-b", "app", new PolicyTag(3, 1)));
      assertThat(store.lastUpdated()).isEqualTo(Instant.parse("2023-11-14T22:13:20.123456Z"));
      assertThat(store.securityGroups(Set.of("s2"), 0, 0).groups())
          .containsExactly(narrow(0), narrow(1), narrow(2));
      assertThat(store.securityGroups(Set.of("s2"), 0, 1).next()).isEqualTo(11);
      assertThat(store.tag("app-c", "app").tag()).isEqualTo(new PolicyTag(4, 1));
    }
  }

  @Test
  void what_was_too_long_before_is_stored() throws SQLException {
    makeNarrow();
    IpAddress first = IpAddress.parse("ffff:ffff:ffff:ffff:ffff:ffff:1111:1111");
    String destination =
        IntStream.range(0, 6_000)
            .mapToObj(i -> first.plus(16L * i) + "-" + first.plus(16L * i + 1))
            .collect(Collectors.joining(","));
    BoundSecurityGroup wide =
        new BoundSecurityGroup(
            "wide",
            "wide",
            List.of(new GroupRule("tcp", destination, "443", null, null, "", false)),
            false,
            true,
            Set.of(),
            Set.of());
    try (Connection connection = new SqliteFile(path(), PolicySchema.IPV4_ERA).openWriter();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO security_groups (guid, name, rules) VALUES ('w', 'w', ?)")) {
      insert.setString(1, destination);
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(insert::executeUpdate)
          .withMessageContaining("CHECK");
    }

    try (PolicyStore store = open(1)) {
      List<BoundSecurityGroup> groups = new ArrayList<>(List.of(narrow(0), narrow(1), narrow(2)));
      groups.add(wide);
      store.replaceSecurityGroups(groups);

      assertThat(store.securityGroups(Set.of("s1"), 0, 0).groups())
          .containsExactlyElementsOf(groups);
    }
  }

  @Test
  void migrating_again_changes_nothing() throws SQLException {
    makeNarrow();
    open(1).close();

    try (PolicyStore store = open(1)) {
      assertThat(store.policies(PolicyFilter.ALL)).hasSize(2);
    }
  }

  @Test
  void a_file_of_allocations_is_left_alone() {
    SqliteAllocationStore.open(path()).close();

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> open(2))
        .withMessageContaining("another program");
    SqliteAllocationStore.open(path()).close();
  }

  @Test
  void tags_that_are_longer_than_configured_are_told() throws SQLException {
    try (PolicyStore store = open(2)) {
      store.create(
          IntStream.range(0, 300)
              .mapToObj(
                  i ->
                      new NetworkPolicy(
                          "app" + i,
                          new PolicyDestination.App("b", Protocol.TCP, PortRange.single(80))))
              .toList(),
          1);
    }

    try (PolicyStore store = open(1)) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(store::groups)
          .withMessageContaining("256: is no tag of 1 bytes");
    }
  }
}
