package io.dualstack.impl.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ConnectionLimit;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.DenyNetworks;
import io.dualstack.firewall.FirewallLogging;
import io.dualstack.firewall.HostService;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Traffic;
import io.dualstack.firewall.Workload;
import io.dualstack.impl.firewall.cell.CellFilter;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.firewall.cell.Passage;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.lab.Contact;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What every back end does to real packets: what the model says. */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FirewallBackendContract {
  /** Its own settings of the lab's cell, whose addresses are the lab's. */
  static final CellFirewall CELL =
      CellFirewall.of(IpAddress.parse("172.31.0.1"), "eth0", CellWorld.OVERLAY)
          .serving(
              List.of(IpAddress.parse("169.254.0.2"), IpAddress.parse("fe80::1")),
              List.of(
                  new HostService(Protocol.TCP, IpEndpoint.parse("169.254.0.3:8080")),
                  new HostService(Protocol.TCP, IpEndpoint.parse("[2001:db8:ff::1]:8080"))))
          .limiting(CellWorld.CELL.deny(), null)
          .withIpv6(CellWorld.IPV6);

  private static final SecurityGroup ALL =
      new SecurityGroup(
          "all",
          List.of(new SecurityGroupRule(new Traffic.All(), IpSet.all(), true, "")),
          Set.of());

  private static final SecurityGroup ALL_ICMP =
      new SecurityGroup(
          "icmp",
          List.of(
              new SecurityGroupRule(
                  new Traffic.Icmp(IpFamily.IPV4, 8, -1),
                  CellWorld.set("198.51.100.0/24"),
                  false,
                  ""),
              new SecurityGroupRule(
                  new Traffic.Icmp(IpFamily.IPV6, -1, -1),
                  CellWorld.set("2001:db8:8::/64"),
                  false,
                  "")),
          Set.of());

  @TempDir Path directory;
  CellLab lab;
  Namespace host;

  /** Makes a back end of a host, with a file to lock in a directory that is there. */
  protected abstract FirewallBackend backend(CellModel model, Namespace host, Path directory);

  @BeforeAll
  void make_the_lab(Lab hosts, @TempDir Path state) {
    lab = new CellLab(hosts, state);
    host = Namespace.open(lab.cell.namespace());
  }

  @AfterAll
  void close_the_lab() {
    host.close();
    lab.close();
  }

  FirewallBackend backend(CellFirewall cell) {
    return backend(new CellModel(cell), host, directory);
  }

  static ContainerFirewall container(ContainerEndpoint endpoint, List<SecurityGroup> groups) {
    return new ContainerFirewall(
        endpoint,
        new Workload("app", "space", Lifecycle.RUNNING),
        List.of(8080),
        List.of(),
        groups);
  }

  private static CellFilter filter(List<ContainerFirewall> containers, PolicyRules policies) {
    return new CellFilter(new CellModel(CELL), containers, policies);
  }

  // Verdicts

  @Test
  void decides_about_many_destinations_as_the_model_does() {
    RandomTraffic random = new RandomTraffic(5, lab);
    List<SecurityGroupRule> rules = new ArrayList<>();
    List<Passage> passages = new ArrayList<>(random.passages());
    for (int i = 0; i < 600; i++) {
      IpAddress ipv4 = IpAddress.parse("198.18.0.0").plus(i);
      IpAddress ipv6 = IpAddress.parse("2001:db8:9:ff::").plus(2L * i);
      rules.add(
          new SecurityGroupRule(
              new Traffic.Ports(
                  i % 2 == 0 ? Protocol.TCP : Protocol.UDP,
                  List.of(PortRange.of(100 + i % 7, 110))),
              IpSet.of(IpRange.single(ipv4), IpRange.single(ipv6)),
              i % 5 == 0,
              ""));
      if (i % 40 < 2) {
        for (int port : new int[] {103, 111}) {
          passages.add(lab.from(lab.a, ipv4, Service.port(Protocol.TCP, port)));
          passages.add(lab.from(lab.a, ipv6, Service.port(Protocol.UDP, port)));
        }
      }
    }
    ContainerFirewall many =
        container(
            lab.a, List.of(random.group(), new SecurityGroup("many", rules, Set.of()), ALL_ICMP));

    backend(CELL).install(List.of(many), PolicyRules.NONE);

    lab.assertAsModel(filter(List.of(many), PolicyRules.NONE), passages);
  }

  @Test
  void every_verb_changes_what_it_says_and_nothing_else() {
    RandomTraffic random = new RandomTraffic(7, lab);
    ContainerFirewall a = container(lab.a, List.of(random.group(), random.group()));
    ContainerFirewall b = container(lab.b, List.of(random.group(), random.group()));
    ContainerFirewall other = a.reaching(List.of(random.group(), random.group()));
    PolicyRules policies = new RandomTraffic(3, lab).policies();
    FirewallBackend backend = backend(CELL);

    backend.install(List.of(a), PolicyRules.NONE);
    backend.put(b);
    lab.assertAsModel(filter(List.of(a, b), PolicyRules.NONE), random.passages());
    backend.policies(policies);
    lab.assertAsModel(filter(List.of(a, b), policies), random.passages());
    backend.egress(other);
    lab.assertAsModel(filter(List.of(other, b), policies), random.passages());
    backend.put(a.reaching(List.of()));
    lab.assertAsModel(filter(List.of(a.reaching(List.of()), b), policies), random.passages());
    backend.install(List.of(a, b), PolicyRules.NONE);
    lab.assertAsModel(filter(List.of(a, b), PolicyRules.NONE), random.passages());
  }

  @Test
  void what_was_done_can_be_done_again_also_by_another_process() {
    RandomTraffic random = new RandomTraffic(11, lab);
    ContainerFirewall a = container(lab.a, List.of(random.group()));
    ContainerFirewall b = container(lab.b, List.of(random.group()));
    PolicyRules policies = new RandomTraffic(3, lab).policies();

    for (int i = 0; i < 2; i++) {
      FirewallBackend backend = backend(CELL);
      if (i == 0) {
        backend.install(List.of(), policies);
      }
      for (int j = 0; j < 2; j++) {
        backend.put(a);
        backend.put(b);
        backend.egress(a);
        backend.policies(policies);
      }
    }
    lab.assertAsModel(filter(List.of(a, b), policies), random.passages());
  }

  @Test
  void a_container_that_is_removed_is_shut_by_ipv6_and_leaves_the_other_alone() {
    RandomTraffic random = new RandomTraffic(13, lab);
    ContainerFirewall a = container(lab.a, List.of(random.group()));
    ContainerFirewall b = container(lab.b, List.of(random.group()));
    FirewallBackend backend = backend(CELL);
    backend.install(List.of(a, b), PolicyRules.NONE);

    backend.remove(lab.b);
    backend.remove(lab.b);

    lab.assertAsModel(filter(List.of(a), PolicyRules.NONE), random.passages());
    assertThatThrownBy(() -> backend.egress(b)).isInstanceOf(KernelException.class);
  }

  @Test
  void answers_come_back_and_nobody_else_comes_in() {
    ContainerFirewall open = container(lab.a, List.of(ALL));
    CellFirewall cell =
        CELL.withIpv6(new Ipv6Firewall(CellWorld.OWN, IpSet.empty(), IpSet.empty()));

    backend(cell).install(List.of(open), PolicyRules.NONE);

    for (IpFamily family : IpFamily.values()) {
      IpAddress own = lab.a.address(family).orElseThrow();
      Contact out = lab.containerA.contact(lab.world, lab.world.address(family));
      out.assertReachedFrom(family == IpFamily.IPV4 ? lab.cell.address(family) : own);
      lab.world.contact(lab.containerA, own).assertUnreached();
    }
  }

  @Test
  void packet_too_big_reaches_a_container_about_a_connection_and_about_none() {
    backend(CELL)
        .install(
            List.of(container(lab.a, List.of(ALL)), container(lab.b, List.of())), PolicyRules.NONE);

    lab.assertToldTooBig(lab.a, true);
    // On purpose: a cell need not have seen the packet, as after it was restarted, and who is not
    // told loses all large packets (RFC 4890 section 4.3.1). Its own kernel tells what it sent.
    lab.assertToldTooBig(lab.a, false);
    lab.assertToldTooBig(lab.b, false);
  }

  // What a container asks of its cell

  @Test
  void a_container_reaches_dns_and_host_services_of_its_cell_and_nothing_else() {
    backend(CELL)
        .install(
            List.of(container(lab.a, List.of()), container(lab.b, List.of())), PolicyRules.NONE);

    assertThat(Reachable.tcp(lab.containerA, lab.cell, "169.254.0.2", 53)).isTrue();
    assertThat(Reachable.tcp(lab.containerA, lab.cell, "169.254.0.3", 8080)).isTrue();
    assertThat(Reachable.tcp(lab.containerA, lab.cell, "169.254.0.3", 8081)).isFalse();
    assertThat(Reachable.tcp(lab.containerA, lab.cell, "172.31.0.1", 8080)).isFalse();
    assertThat(Reachable.tcp(lab.containerA, lab.cell, "fe80::1%eth0", 53)).isTrue();
    assertThat(Reachable.tcp(lab.containerA, lab.cell, "fe80::1%eth0", 54)).isFalse();
    assertThat(Reachable.tcp(lab.containerA, lab.cell, "2001:db8:ff::1", 8080)).isTrue();
    assertThat(Reachable.tcp(lab.containerB, lab.cell, "2001:db8:ff::1", 22)).isFalse();
    assertThat(Reachable.udp(lab.containerA, lab.cell, "169.254.0.2", 53)).isTrue();
    assertThat(Reachable.udp(lab.containerA, lab.cell, "2001:db8:ff::1", 53)).isFalse();
  }

  @Test
  void an_address_without_rules_asks_nothing_of_the_cell_by_ipv6() {
    backend(CELL).install(List.of(container(lab.b, List.of())), PolicyRules.NONE);

    assertThat(Reachable.tcp(lab.containerA, lab.cell, "2001:db8:ff::1", 8080)).isFalse();
    assertThat(Reachable.tcp(lab.containerB, lab.cell, "2001:db8:ff::1", 8080)).isTrue();
  }

  @Test
  void a_mapped_port_leads_to_its_container() {
    ContainerFirewall mapped =
        new ContainerFirewall(
            lab.a, Workload.UNKNOWN, List.of(), List.of(new PortMapping(61001, 8080)), List.of());
    backend(CELL).install(List.of(mapped), PolicyRules.NONE);

    assertThat(Reachable.tcp(lab.world, lab.containerA, "172.31.0.1", 61001, 8080)).isTrue();
    assertThat(Reachable.tcp(lab.world, lab.containerA, "172.31.0.1", 61002, 8080)).isFalse();
  }

  @Test
  void connections_above_the_limit_are_rejected_in_each_family_for_itself() {
    CellFirewall limited =
        CELL.limiting(
            DenyNetworks.NONE,
            new ConnectionLimit(1, 2, ConnectionLimit.Effect.LOGGED_AND_REJECTED));
    backend(limited.logging(new FirewallLogging(true, true, 1, 1)))
        .install(List.of(container(lab.a, List.of(ALL))), PolicyRules.NONE);

    for (IpFamily family : IpFamily.values()) {
      Passage connection =
          lab.from(lab.a, lab.world.address(family), Service.port(Protocol.TCP, 7000));

      assertThat(lab.arriving(Collections.nCopies(20, connection))).isBetween(2L, 19L);
    }
  }

  @Test
  void a_dry_run_of_a_limit_rejects_nothing() {
    backend(
            CELL.limiting(
                DenyNetworks.NONE, new ConnectionLimit(1, 2, ConnectionLimit.Effect.LOGGED)))
        .install(List.of(container(lab.a, List.of(ALL))), PolicyRules.NONE);

    Passage connection =
        lab.from(lab.a, IpAddress.parse("2001:db8:77::1"), Service.port(Protocol.TCP, 7000));
    assertThat(lab.arriving(Collections.nCopies(20, connection))).isEqualTo(20);
  }

  // Swaps

  @Test
  void while_rules_are_swapped_nothing_denied_passes_and_nothing_allowed_is_lost() {
    SecurityGroup some =
        new SecurityGroup(
            "some",
            List.of(
                new SecurityGroupRule(
                    new Traffic.All(),
                    CellWorld.set("198.51.100.2/32").union(CellWorld.set("2001:db8:77::1/128")),
                    false,
                    "")),
            Set.of());
    ContainerFirewall a = container(lab.a, List.of(some));
    FirewallBackend backend = backend(CELL);
    backend.install(List.of(a), PolicyRules.NONE);
    CellFilter filter = filter(List.of(a), PolicyRules.NONE);

    List<Passage> passages = new ArrayList<>();
    Service service = Service.port(Protocol.UDP, 7000);
    for (int i = 0; i < 25; i++) {
      for (IpAddress to : RandomTraffic.WORLD) {
        passages.add(lab.from(lab.a, to, service));
      }
      passages.add(lab.fromWorld(IpAddress.parse("2001:db8:77::1"), lab.a, service));
    }
    Thread swaps =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                backend.egress(a.reaching(List.of(some, some)));
                backend.put(a);
                backend.policies(PolicyRules.NONE);
              }
            },
            "swaps");
    swaps.start();
    try {
      lab.assertAsModel(filter, passages);
    } finally {
      swaps.interrupt();
      join(swaps);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // What can't be

  @Test
  void refuses_two_containers_with_one_address_or_handle() {
    ContainerEndpoint twin =
        new ContainerEndpoint("twin", lab.b.device(), lab.a.ipv4(), lab.b.ipv6());
    FirewallBackend backend = backend(CELL);
    backend.install(List.of(container(lab.a, List.of())), PolicyRules.NONE);

    assertThatThrownBy(() -> backend.put(container(twin, List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(lab.a.ipv4().toString());
    assertThatThrownBy(
            () ->
                backend.install(
                    List.of(container(lab.a, List.of()), container(twin, List.of())),
                    PolicyRules.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
