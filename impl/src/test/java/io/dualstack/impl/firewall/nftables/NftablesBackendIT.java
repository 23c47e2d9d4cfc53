package io.dualstack.impl.firewall.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.firewall.Workload;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import io.dualstack.net.IpAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is in the table of a real kernel, whatever was there before. */
@ExtendWith(LabExtension.class)
class NftablesBackendIT {
  private static final CellModel MODEL = new CellModel(CellWorld.CELL);

  private static final PolicyRules POLICIES =
      new PolicyRules(
          List.of(),
          List.of(new PolicyRules.Source("app", CellWorld.A.ipv4(), 1)),
          List.of(),
          false);
  private static final Predicate<String> ALL = handle -> true;

  private LabHost cell;
  private Namespace host;
  private NftablesBackend backend;

  @BeforeEach
  void make_a_host(Lab lab) {
    cell = lab.container("cell");
    host = Namespace.open(cell.namespace());
    backend = new NftablesBackend(MODEL, host);
  }

  @AfterEach
  void close_the_host() {
    host.close();
  }

  private static ContainerFirewall container(ContainerEndpoint endpoint, String... destinations) {
    List<SecurityGroupRule> rules =
        List.of(destinations).stream()
            .map(
                to ->
                    new SecurityGroupRule(
                        new Traffic.Ports(Protocol.TCP, List.of(PortRange.of(80, 90))),
                        CellWorld.set(to),
                        false,
                        ""))
            .toList();
    return new ContainerFirewall(
        endpoint,
        new Workload("app", "space", Lifecycle.RUNNING),
        List.of(8080),
        List.of(),
        List.of(new SecurityGroup("group", rules, Set.of())));
  }

  private static final ContainerFirewall A =
      container(CellWorld.A, "192.0.2.0/24", "2001:db8:5::/48");
  private static final ContainerFirewall B =
      container(CellWorld.B, "192.0.2.0/24", "2001:db8:5::/48");

  private TableState table() {
    return TableReader.read(host).orElseThrow();
  }

  private long sets() {
    return cell.run("nft", "-t", "list", "table", "inet", CellTable.NAME)
        .lines()
        .filter(line -> line.strip().startsWith("set to4_") || line.strip().startsWith("set to6_"))
        .count();
  }

  @Test
  void containers_share_what_is_the_same_and_the_last_takes_it_away() {
    backend.install(List.of(), PolicyRules.NONE);
    long before = sets();
    backend.put(A);
    long withOne = sets();
    backend.put(B);

    assertThat(sets()).isEqualTo(withOne).isGreaterThan(before);
    backend.remove(CellWorld.A);
    assertThat(sets()).isEqualTo(withOne);
    backend.egress(B.reaching(List.of()));
    assertThat(sets()).isLessThan(withOne);
    backend.remove(CellWorld.B);
    assertThat(sets()).isEqualTo(before);
  }

  @Test
  void what_was_put_step_by_step_is_what_is_installed_at_once() {
    backend.install(List.of(A.reaching(List.of())), PolicyRules.NONE);
    backend.put(B);
    backend.egress(A);
    List<String> stepwise = names();

    backend.install(List.of(A, B), PolicyRules.NONE);

    assertThat(names()).isEqualTo(stepwise);
  }

  /** The names of all there is, which tell its content. */
  private List<String> names() {
    return cell.run("nft", "-t", "list", "table", "inet", CellTable.NAME)
        .lines()
        .map(String::strip)
        .filter(line -> line.endsWith("{"))
        .sorted()
        .toList();
  }

  @Test
  void one_socket_does_all_changes_and_is_closed_with_the_namespace() {
    backend.put(A);
    List<String> sockets = sockets();
    backend.put(B);
    backend.remove(CellWorld.A);
    backend.remove(CellWorld.B);

    assertThat(sockets).hasSize(1).isEqualTo(sockets());
    host.close();
    assertThat(sockets()).isEmpty();
    assertThatThrownBy(() -> backend.put(A)).isInstanceOf(IllegalStateException.class);
  }

  /** The sockets of the namespace by which packet filters are changed. */
  private List<String> sockets() {
    return cell.call(() -> Files.readAllLines(Path.of("/proc/thread-self/net/netlink"))).stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields[1].equals(String.valueOf(Netlink.NETFILTER)))
        // The kernel's own has no port.
        .filter(fields -> !fields[2].equals("0"))
        .map(fields -> fields[fields.length - 1])
        .toList();
  }

  @Test
  void another_process_finds_what_this_one_left_and_each_notices_the_other() {
    backend.install(List.of(A), PolicyRules.NONE);
    NftablesBackend other = new NftablesBackend(MODEL, host);

    other.put(B);
    other.egress(A.reaching(List.of()));
    backend.put(A);
    other.remove(CellWorld.B);
    backend.put(A);

    List<String> stepwise = names();
    new NftablesBackend(MODEL, host).install(List.of(A), PolicyRules.NONE);
    assertThat(names()).isEqualTo(stepwise);
  }

  @Test
  void restores_what_somebody_flushed_or_took_away_and_nothing_else() {
    backend.install(List.of(A), PolicyRules.NONE);
    backend.put(B);
    List<String> whole = names();

    assertThat(backend.restore(ALL)).isFalse();
    cell.run("nft", "flush", "ruleset");
    assertThat(backend.restore(ALL)).isTrue();
    assertThat(names()).isEqualTo(whole);
    cell.run("nft", "delete element inet dualstack_cell egress4 { 10.255.1.2 }");
    assertThat(backend.restore(ALL)).isTrue();
    assertThat(backend.restore(ALL)).isFalse();
    cell.run("nft", "insert rule inet dualstack_cell forward accept");
    assertThat(backend.restore(ALL)).isTrue();
    assertThat(backend.restore(ALL)).isFalse();
    cell.run("nft", "flush", "table", "inet", "dualstack_cell");
    assertThat(backend.restore(ALL)).isTrue();
    assertThat(backend.restore(ALL)).isFalse();
    cell.run("nft", "flush", "map", "inet", "dualstack_cell", "to_container6");
    assertThat(backend.restore(ALL)).isTrue();
    assertThat(names()).isEqualTo(whole);
  }

  @Test
  void what_another_process_put_stays_where_this_restores_its_own() {
    backend.put(A);
    NftablesBackend agent = new NftablesBackend(MODEL, host);
    agent.policies(POLICIES);
    agent.egress(A.reaching(List.of()));
    List<String> whole = names();

    assertThat(agent.restore(ALL)).isFalse();
    cell.run("nft", "flush", "map", "inet", "dualstack_cell", "policies");
    cell.run("nft", "flush", "map", "inet", "dualstack_cell", "egress6");
    assertThat(agent.restore(ALL)).isTrue();

    assertThat(names()).isEqualTo(whole);
    backend.remove(CellWorld.A);
    assertThat(agent.restore(ALL)).as("its rules are not the agent's").isFalse();
  }

  @Test
  void after_a_flush_an_agent_puts_all_in_force_that_it_knows_for_those_who_are_there() {
    backend.put(A);
    backend.put(B);
    NftablesBackend agent = new NftablesBackend(MODEL, host);
    agent.egress(A);
    agent.egress(B);
    cell.run("nft", "flush", "ruleset");

    assertThat(agent.restore(CellWorld.A.handle()::equals)).isTrue();

    assertThat(table().has(CellWorld.A.handle())).isTrue();
    assertThat(table().has(CellWorld.B.handle())).isFalse();
  }

  @Test
  void a_change_after_a_flush_brings_all_others_back() {
    backend.install(List.of(A), PolicyRules.NONE);
    cell.run("nft", "flush", "ruleset");

    backend.put(B);

    assertThat(table().has(CellWorld.A.handle())).isTrue();
    assertThat(table().has(CellWorld.B.handle())).isTrue();
  }

  @Test
  void a_container_with_another_address_leaves_the_old_one_to_others() {
    backend.install(List.of(A), PolicyRules.NONE);
    ContainerEndpoint moved =
        new ContainerEndpoint(
            CellWorld.A.handle(), "s-moved", IpAddress.parse("10.255.1.77"), null);

    backend.put(container(moved));
    ContainerEndpoint heir =
        new ContainerEndpoint("heir", CellWorld.A.device(), CellWorld.A.ipv4(), CellWorld.A.ipv6());
    backend.put(container(heir));

    assertThat(table().has("heir")).isTrue();
  }

  @Test
  void a_cell_that_gets_ipv6_keeps_its_rules_and_one_that_loses_it_has_them_as_before() {
    NftablesBackend plain = plain();
    plain.put(IPV4);
    Set<String> before = listing();
    List<String> namesBefore = names();

    NftablesBackend dual = new NftablesBackend(MODEL, host);
    dual.put(B);

    assertThat(table().has("ipv4")).isTrue();
    assertThat(names()).containsAll(namesBefore).contains("map egress6 {");
    List<String> whole = names();
    assertThat(dual.restore(ALL)).isFalse();
    dual.remove(CellWorld.B);
    plain().put(IPV4);
    assertThat(listing()).isEqualTo(before);
    new NftablesBackend(MODEL, host).put(B);
    assertThat(names()).isEqualTo(whole);
  }

  @Test
  void a_cell_without_ipv6_takes_its_rules_away_with_the_last_container_that_has_it() {
    NftablesBackend plain = plain();
    plain.put(IPV4);
    Set<String> before = listing();
    backend.put(A);
    backend.put(B);
    List<String> whole = names();

    NftablesBackend without = plain();
    without.put(A);
    without.put(IPV4);
    assertThat(names()).as("while there are two").isEqualTo(whole);
    without.remove(CellWorld.A);
    without.remove(CellWorld.B);
    without.put(IPV4);

    assertThat(listing()).isEqualTo(before);
  }

  @Test
  void an_agent_without_ipv6_leaves_the_rules_of_a_cell_with_it_alone() {
    backend.prepare();
    Set<String> closed = listing();
    NftablesBackend agent = plain();

    agent.policies(PolicyRules.NONE);
    assertThat(agent.restore(ALL)).isFalse();
    assertThat(listing()).isEqualTo(closed);
    backend.put(A);
    Set<String> before = listing();
    agent.policies(POLICIES);
    agent.policies(PolicyRules.NONE);
    assertThat(agent.restore(ALL)).isFalse();

    assertThat(listing()).isEqualTo(before);
  }

  private static final ContainerFirewall IPV4 =
      container(
          new ContainerEndpoint("ipv4", "s-010255001009", IpAddress.parse("10.255.1.9"), null),
          "192.0.2.0/24");

  private NftablesBackend plain() {
    return new NftablesBackend(new CellModel(CellWorld.CELL.withIpv6(null)), host);
  }

  /** All there is but the stamp. */
  private Set<String> listing() {
    return Set.copyOf(
        cell.run("nft", "list", "table", "inet", CellTable.NAME)
            .replaceFirst("(set stamp [^=]*=) [^}]*", "$1")
            .lines()
            .map(String::strip)
            .toList());
  }
}
