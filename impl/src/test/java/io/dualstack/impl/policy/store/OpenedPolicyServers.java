package io.dualstack.impl.policy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.StandardDualstackFactory;
import io.dualstack.impl.allocation.store.Blocks;
import io.dualstack.impl.policy.PolicyStores;
import io.dualstack.impl.store.SharedServer;
import io.dualstack.net.IpRange;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How policies share a database of a server with allocations, and how wide its columns are. */
public abstract class OpenedPolicyServers {

  private final SharedServer server;
  private final String newerVersion;

  /**
   * Tests with a server.
   *
   * @param newerVersion writes into a database that a step unknown here was taken
   */
  protected OpenedPolicyServers(SharedServer server, String newerVersion) {
    this.server = server;
    this.newerVersion = newerVersion;
  }

  private static List<NetworkPolicy> policies(PolicyStore store) {
    return store.policies(PolicyFilter.ALL).stream().map(TaggedPolicy::policy).toList();
  }

  @Test
  void policies_alone_make_a_database_in_which_allocations_find_their_place() {
    String location = server.empty();
    try (PolicyStore policies = PolicyStores.open(location, 2)) {
      policies.create(List.of(Policies.policy("a", "b")), 1);

      try (AllocationStore allocations = StandardDualstackFactory.openStore(location)) {
        assertThat(Blocks.commit(allocations, new Change.Add(Blocks.held("10.0.0.0/8", "cf/r/0"))))
            .isEqualTo(1);
        assertThat(allocations.examine()).isEmpty();
        assertThat(policies.location()).isEqualTo(allocations.location()).doesNotContain("user=");
      }
    }
  }

  @Test
  void allocations_make_a_database_in_which_policies_find_their_place() {
    String location = server.empty();
    try (AllocationStore allocations = StandardDualstackFactory.openStore(location)) {
      Blocks.commit(allocations, new Change.Add(Blocks.held("10.0.0.0/8", "cf/router/0")));

      try (PolicyStore policies = PolicyStores.open(location, 2)) {
        policies.create(List.of(Policies.policy("a", "b")), 1);
      }
      try (PolicyStore again = PolicyStores.open(location, 2)) {
        assertThat(policies(again)).containsExactly(Policies.policy("a", "b"));
      }
      assertThat(allocations.snapshot(AddressSpace.DEFAULT).blocks()).hasSize(1);
    }
  }

  @Test
  void a_database_of_a_newer_version_is_refused() throws SQLException {
    String location = server.empty();
    PolicyStores.open(location, 2).close();
    try (Connection connection = DriverManager.getConnection(location);
        Statement statement = connection.createStatement()) {
      statement.execute(newerVersion);
    }

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> PolicyStores.open(location, 2))
        .withMessageContaining("was written by a newer Dualstack");
  }

  @Test
  void columns_hold_the_longest_rules_and_many_ranges_of_the_longest_addresses() {
    List<IpRange> ranges =
        IntStream.range(0, 5_000)
            .mapToObj(
                i ->
                    IpRange.parse(
                        "2001:db8:ffff:ffff:ffff:ffff:%1$x:1000-2001:db8:ffff:ffff:ffff:ffff:%1$x:ffff"
                            .formatted(0x1000 + i)))
            .toList();
    Traffic dns = new Traffic.Ports(Protocol.UDP, List.of(PortRange.single(53)));
    NetworkPolicy egress = new NetworkPolicy("a", new PolicyDestination.Addresses(ranges, dns));
    NetworkPolicy fewer =
        new NetworkPolicy(
            "a", new PolicyDestination.Addresses(ranges.subList(0, ranges.size() - 1), dns));
    String text = "é".repeat((BoundSecurityGroup.MOST_RULE_BYTES - 1_000) / 2);
    BoundSecurityGroup group =
        new BoundSecurityGroup(
            "g",
            "n".repeat(255),
            List.of(new GroupRule("all", "::/0", "", null, null, text, false)),
            true,
            false,
            Set.of(),
            Set.of());
    try (PolicyStore store = PolicyStores.open(server.empty(), 2)) {
      store.create(List.of(egress, fewer), 2);
      store.replaceSecurityGroups(List.of(group));

      assertThat(policies(store)).containsExactly(egress, fewer);
      assertThat(store.securityGroups(Set.of(), 0, 0).groups()).containsExactly(group);
      store.delete(List.of(egress));
      assertThat(policies(store)).containsExactly(fewer);
    }
  }

  @Test
  void half_a_character_is_refused_and_is_never_there() {
    try (PolicyStore store = PolicyStores.open(server.empty(), 2)) {
      String half = "app\uD83D";
      store.create(List.of(Policies.policy("a", "b")), 1);

      assertThatIllegalArgumentException().isThrownBy(() -> store.tag(half, "app"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.create(List.of(Policies.policy("a", half)), 9));
      store.delete(List.of(Policies.policy(half, "b")));
      assertThat(store.policies(PolicyFilter.touching(Set.of(half)))).isEmpty();
      assertThat(policies(store)).containsExactly(Policies.policy("a", "b"));
    }
  }
}
