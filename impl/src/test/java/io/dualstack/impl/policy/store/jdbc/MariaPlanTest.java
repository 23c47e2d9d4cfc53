package io.dualstack.impl.policy.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.Traffic;
import io.dualstack.impl.policy.store.Policies;
import io.dualstack.impl.policy.store.mariadb.MariaPolicyDialect;
import io.dualstack.impl.policy.store.mariadb.MariaPolicyStoreFactory;
import io.dualstack.impl.store.mariadb.MariaDatabase;
import io.dualstack.impl.store.mariadb.MariaServer;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpRange;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How MariaDB finds policies and tags: by index, so that their number doesn't matter. */
class MariaPlanTest {

  private static final int THERE = 400;
  private static final String ADDRESS = "2001:db8::7";

  @TempDir private Path folder;

  static Stream<PolicyQuery> queries() {
    Set<String> ends = Set.of("from-7", "to-9");
    String ips = DestinationKey.of(address(ADDRESS)).ips();
    return Stream.of(
        PolicyQuery.of(PolicyFilter.touching(ends), MariaPolicyDialect.INSTANCE),
        PolicyQuery.of(new PolicyFilter(Set.of(), ends, Set.of()), MariaPolicyDialect.INSTANCE),
        PolicyQuery.of(new PolicyFilter(Set.of(), Set.of(), ends), MariaPolicyDialect.INSTANCE),
        new PolicyQuery(PolicyStatements.OWNER, List.of("to-9")),
        new PolicyQuery(PolicyStatements.POLICY, List.of(1, 1)),
        new PolicyQuery(PolicyStatements.QUOTA, List.of(2)),
        new PolicyQuery(PolicyStatements.FREE_TAG, List.of()),
        new PolicyQuery(PolicyStatements.HIGHEST_TAG, List.of()),
        new PolicyQuery(PolicyStatements.APP, List.of(2, "tcp", 8080, 8080)),
        new PolicyQuery(PolicyStatements.ADDRESSES_BY_PORTS, List.of("udp", 53, 53, ips)));
  }

  private static PolicyDestination address(String address) {
    return new PolicyDestination.Addresses(
        List.of(IpRange.single(IpAddress.parse(address))),
        new Traffic.Ports(Protocol.UDP, List.of(PortRange.single(53))));
  }

  /** Counts the rows that the engine looked at. */
  @ParameterizedTest
  @MethodSource("queries")
  void looks_at_few_rows(PolicyQuery asked) throws SQLException {
    String location = MariaServer.shared().locationOf(folder);
    try (PolicyStore store = new MariaPolicyStoreFactory().open(location, 2)) {
      store.create(
          IntStream.range(0, THERE)
              .mapToObj(
                  i ->
                      i % 2 == 0
                          ? new NetworkPolicy("hub", address("2001:db8::" + i))
                          : Policies.policy("from-" + i, "to-" + i))
              .toList(),
          THERE);
      store.delete(
          IntStream.range(100, THERE)
              .filter(i -> i % 2 == 1)
              .mapToObj(i -> Policies.policy("from-" + i, "to-" + i))
              .toList());
    }
    try (Connection connection = DriverManager.getConnection(location);
        Statement session = connection.createStatement()) {
      session.execute(MariaDatabase.SESSION);
      try (PreparedStatement query = connection.prepareStatement(asked.sql())) {
        for (int i = 0; i < asked.values().size(); i++) {
          query.setObject(i + 1, asked.values().get(i));
        }
        session.execute("FLUSH STATUS");
        query.executeQuery().close();
      }
      try (ResultSet row =
          session.executeQuery(
              "SELECT sum(variable_value) FROM information_schema.session_status WHERE"
                  + " variable_name IN ('HANDLER_READ_NEXT', 'HANDLER_READ_PREV',"
                  + " 'HANDLER_READ_FIRST', 'HANDLER_READ_LAST', 'HANDLER_READ_RND_NEXT')")) {
        row.next();
        assertThat(row.getInt(1)).isLessThan(THERE / 10);
      }
    }
  }
}
