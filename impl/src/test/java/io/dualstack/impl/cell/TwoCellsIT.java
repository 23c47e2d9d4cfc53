package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.lab.Capture;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two cells as an embedding service builds them, by the public API alone: leases in a store that
 * both share, the overlay between them for IPv4, and a prefix for each that the underlay routes.
 */
@ExtendWith(LabExtension.class)
class TwoCellsIT {
  private static final int CONTAINERS_PER_CELL = 6;
  private static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);

  /** 4789, the second field of a UDP header. */
  private static final String VXLAN_PORT = "\u0012\u00b5";

  @TempDir Path directory;
  private final List<Daemon> daemons = new ArrayList<>();
  private Daemon one;
  private Daemon two;
  private List<HostState> before;

  /** What runs on a cell, and can end and begin again. */
  private final class Daemon {
    private final LabHost host;
    private final IpPrefix ipv6;
    private final List<Member> members = new ArrayList<>();
    private Dualstack dualstack;
    private LeaseAgent agent;
    private Cell cell;

    Daemon(LabHost host, IpPrefix ipv6) {
      this.host = host;
      this.ipv6 = ipv6;
    }

    void start() {
      dualstack = Dualstack.builder().store("sqlite:" + directory.resolve("leases.db")).build();
      agent =
          dualstack.leaseAgent(
              AgentConfig.of(host.address(IpFamily.IPV4), POOL, dataDir().resolve("store.json"))
                  .withIpv6(ipv6, Ipv6.REQUIRED)
                  .inNamespace(host.namespace()),
              dualstack.leases(POOL));
      cell =
          dualstack.cell(CellConfig.of(agent.networks(), dataDir()).inNamespace(host.namespace()));
    }

    Path dataDir() {
      return directory.resolve(host.name());
    }

    Member attach(LabHost container) {
      Member member =
          Member.of(
              container,
              cell.network().attach(Container.of(container.name(), container.namespace())));
      members.add(member);
      return member;
    }

    void end() {
      cell.close();
      agent.close();
      dualstack.close();
    }
  }

  @BeforeEach
  void two_cells_on_an_underlay_that_routes_their_prefixes(Lab lab) {
    for (int number = 1; number <= 2; number++) {
      daemons.add(
          new Daemon(
              lab.host("cell" + number),
              IpPrefix.parse("2001:db8:%d::/80".formatted(30 + number))));
    }
    daemons.forEach(daemon -> lab.route(daemon.ipv6, daemon.host));
    before = daemons.stream().map(daemon -> HostState.of(daemon.host)).toList();
    daemons.forEach(Daemon::start);
    one = daemons.get(0);
    two = daemons.get(1);
    daemons.forEach(daemon -> daemon.agent.poll());
    for (int number = 1; number <= CONTAINERS_PER_CELL; number++) {
      Member ofOne = one.attach(lab.container("a" + number));
      Member ofTwo = two.attach(lab.container("b" + number));
      assertThat(ofOne.addresses()).hasSize(2).doesNotContainAnyElementsOf(ofTwo.addresses());
    }
  }

  @AfterEach
  void end() {
    daemons.forEach(Daemon::end);
  }

  private List<Member> members() {
    return Stream.of(one, two).flatMap(daemon -> daemon.members.stream()).toList();
  }

  @Test
  void every_container_reaches_every_other_in_both_families_seen_by_its_own_address()
      throws InterruptedException {
    assertThat(members()).hasSize(2 * CONTAINERS_PER_CELL);

    Member.assertAllReachEachOther(members());
  }

  @Test
  void ipv4_goes_through_the_tunnel_and_ipv6_as_it_is() {
    Member from = one.members.get(0);
    Member to = two.members.get(0);

    try (Capture underlay = two.host.capture("eth0")) {
      for (IpFamily family : IpFamily.values()) {
        from.container()
            .contact(to.container(), to.address(family))
            .assertReachedFrom(from.address(family));
      }
      underlay.await(
          packet ->
              packet.source().equals(one.host.address(IpFamily.IPV4))
                  && packet.protocol() == 17
                  && packet.payload().startsWith(VXLAN_PORT, 2));
      underlay.await(
          packet ->
              packet.source().equals(from.address(IpFamily.IPV6))
                  && packet.destination().equals(to.address(IpFamily.IPV6)));
      assertThat(underlay.packets())
          .noneMatch(packet -> packet.source().equals(from.address(IpFamily.IPV4)))
          .noneMatch(packet -> packet.destination().equals(from.address(IpFamily.IPV4)));
    }
  }

  @Test
  void a_restart_of_the_daemons_breaks_nothing(Lab lab) throws Exception {
    List<HeldConnection> held = HeldConnection.open(one.members.get(0), two.members.get(0));
    List<CellLease> leases = List.of(one.agent.lease(), two.agent.lease());
    List<HostState> running = daemons.stream().map(daemon -> HostState.of(daemon.host)).toList();
    for (HeldConnection each : held) {
      each.assertCarries();
    }

    daemons.forEach(Daemon::end);

    for (HeldConnection each : held) {
      each.assertCarries();
    }
    Member.assertAllReachEachOther(List.of(one.members.get(1), two.members.get(1)));
    daemons.forEach(Daemon::start);
    daemons.forEach(daemon -> daemon.agent.poll());
    assertThat(List.of(one.agent.lease(), two.agent.lease())).isEqualTo(leases);
    HostState.of(one.host).assertSameAs(running.get(0));
    HostState.of(two.host).assertSameAs(running.get(1));
    Member fresh = one.attach(lab.container("fresh"));
    assertThat(one.cell.network().attached()).hasSize(CONTAINERS_PER_CELL + 1);
    Member.assertAllReachEachOther(List.of(fresh, one.members.get(0), two.members.get(0)));
    for (HeldConnection each : held) {
      each.assertCarries();
      each.close();
    }
  }

  @Test
  void removing_all_leaves_the_hosts_as_they_were_and_no_lease() throws IOException {
    for (Daemon daemon : daemons) {
      for (Member member : daemon.members) {
        daemon
            .cell
            .network()
            .detach(Container.of(member.container().name(), member.container().namespace()));
      }
      assertThat(daemon.cell.network().attached()).isEmpty();
      daemon.agent.leave();
    }

    for (int each = 0; each < daemons.size(); each++) {
      Daemon daemon = daemons.get(each);
      HostState.of(daemon.host).assertSameAs(before.get(each));
      assertThat(files(daemon.dataDir()))
          .containsExactlyInAnyOrder(
              "store.json",
              "ipam/silk/lock",
              "ipam/silk/last_reserved_ip.0",
              "ipam/silk/last_reserved_ip.1");
      assertThat(Files.readString(daemon.dataDir().resolve("store.json"))).isEqualTo("{}\n");
      for (Member member : daemon.members) {
        assertThat(member.container().run("ip", "-br", "link")).doesNotContain("eth0");
      }
    }
    assertThat(one.dualstack.leases(POOL).leases()).isEmpty();
  }

  @Test
  void a_container_that_moves_to_the_other_cell_is_reached_there() throws Exception {
    LabHost moving = one.members.get(0).container();
    one.cell.network().detach(Container.of(moving.name(), moving.namespace()));

    Member moved = two.attach(moving);

    Member.assertAllReachEachOther(List.of(moved, one.members.get(1), two.members.get(0)));
    assertThat(two.cell.network().attached())
        .extracting(AttachedContainer::ipv4)
        .contains(moved.address(IpFamily.IPV4));
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .toList();
    }
  }
}
