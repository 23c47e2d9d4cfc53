package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.testkit.lab.Capture;
import io.dualstack.testkit.lab.ForgedPackets;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two cells with six containers each, however they are made: leases from one registry, the overlay
 * between the cells for IPv4, and for IPv6 a prefix for each that the underlay routes to it.
 *
 * <p>All cases have the same two cells, as to make them takes most of the time. Each leaves both
 * daemons running and the first six containers of each cell where they are; what it adds is the
 * cell's too, so that the last case finds all that was ever made gone.
 */
@ExtendWith(LabExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class TwoCellsSuite {
  private static final int CONTAINERS_PER_CELL = 6;

  /** 4789, the second field of a UDP header. */
  private static final String VXLAN_PORT = "\u0012\u00b5";

  private Path directory;
  private final List<TestedCell> cells = new ArrayList<>();
  private TestedCell one;
  private TestedCell two;
  private List<HostState> before;

  /** A cell, whose daemon can end and begin again. */
  abstract static class TestedCell {
    final LabHost host;
    final IpPrefix ipv6;

    /** Where its addresses and its file of containers are. */
    final Path dataDir;

    final List<Member> members = new ArrayList<>();

    TestedCell(LabHost host, Path dataDir, IpPrefix ipv6) {
      this.host = host;
      this.dataDir = dataDir;
      this.ipv6 = ipv6;
    }

    final Path datastore() {
      return dataDir.resolve("store.json");
    }

    /** Starts the daemon; it may not know of other cells yet. */
    abstract void start() throws Exception;

    /** Returns when the daemon leads to the other cell. */
    abstract void findOther();

    /** The cell's block of the overlay network. */
    abstract String subnet();

    abstract Member attach(LabHost container) throws Exception;

    abstract void detach(LabHost container) throws Exception;

    /** Ends the daemon, if it runs. */
    abstract void end() throws Exception;

    /** Ends the daemon and gives up lease and device. */
    abstract void leave() throws Exception;

    final Member add(LabHost container) throws Exception {
      return added(attach(container));
    }

    final Member added(Member member) {
      members.add(member);
      return member;
    }

    final void remove(Member member) throws Exception {
      detach(member.container());
      members.remove(member);
    }
  }

  /** Makes the registry, on the lab's first host if it needs one. */
  abstract void startRegistry(LabHost first) throws Exception;

  abstract TestedCell cell(LabHost host, Path dataDir, IpPrefix ipv6) throws Exception;

  /** How many leases there are. */
  abstract int leases() throws Exception;

  final Path directory() {
    return directory;
  }

  @BeforeAll
  void two_cells_on_an_underlay_that_routes_their_prefixes(Lab lab, @TempDir Path temporary)
      throws Exception {
    directory = temporary;
    startRegistry(lab.host("registry"));
    for (int number = 1; number <= 2; number++) {
      LabHost host = lab.host("cell" + number);
      cells.add(
          cell(
              host,
              directory.resolve(host.name()),
              IpPrefix.parse("2001:db8:%d::/80".formatted(30 + number))));
    }
    one = cells.get(0);
    two = cells.get(1);
    for (TestedCell cell : cells) {
      lab.route(cell.ipv6, cell.host);
    }
    before = cells.stream().map(cell -> HostState.of(cell.host)).toList();
    startBoth();
    for (int number = 1; number <= CONTAINERS_PER_CELL; number++) {
      Member ofOne = one.add(lab.container("a" + number));
      Member ofTwo = two.add(lab.container("b" + number));
      assertThat(ofOne.addresses()).hasSize(2).doesNotContainAnyElementsOf(ofTwo.addresses());
    }
  }

  @AfterAll
  void end() throws Exception {
    for (TestedCell cell : cells) {
      cell.end();
    }
  }

  private interface Deed {
    void on(TestedCell cell) throws Exception;
  }

  /** Does something with both cells at once, as most of it is the start of a virtual machine. */
  private void both(Deed deed) throws Exception {
    List<Callable<TestedCell>> deeds = new ArrayList<>();
    for (TestedCell cell : cells) {
      deeds.add(
          () -> {
            deed.on(cell);
            return cell;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(deeds.size());
    try {
      for (Future<TestedCell> done : threads.invokeAll(deeds)) {
        assertThat(done.get()).isIn(cells);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void startBoth() throws Exception {
    both(TestedCell::start);
    one.findOther();
    two.findOther();
  }

  final TestedCell one() {
    return one;
  }

  final TestedCell two() {
    return two;
  }

  @Test
  void every_container_reaches_every_other_in_both_families_seen_by_its_own_address()
      throws InterruptedException {
    List<Member> all =
        Stream.of(one, two)
            .flatMap(cell -> cell.members.subList(0, CONTAINERS_PER_CELL).stream())
            .toList();
    assertThat(all).hasSize(2 * CONTAINERS_PER_CELL);

    Member.assertAllReachEachOther(all);
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
    List<String> subnets = List.of(one.subnet(), two.subnet());
    List<HostState> running = cells.stream().map(cell -> HostState.of(cell.host)).toList();
    for (HeldConnection each : held) {
      each.assertCarries();
    }

    both(TestedCell::end);

    for (HeldConnection each : held) {
      each.assertCarries();
    }
    Member.assertAllReachEachOther(List.of(one.members.get(1), two.members.get(1)));
    startBoth();
    assertThat(List.of(one.subnet(), two.subnet())).isEqualTo(subnets);
    HostState.of(one.host).assertSameAs(running.get(0));
    HostState.of(two.host).assertSameAs(running.get(1));
    Member fresh = one.add(lab.container("fresh"));
    Member.assertAllReachEachOther(List.of(fresh, one.members.get(0), two.members.get(0)));
    for (HeldConnection each : held) {
      each.assertCarries();
      each.close();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void removing_all_leaves_the_hosts_as_they_were_and_no_lease() throws Exception {
    assertThat(leases()).isEqualTo(2);

    both(
        cell -> {
          for (Member member : cell.members) {
            cell.detach(member.container());
            assertThat(member.container().run("ip", "-br", "link")).doesNotContain("eth0");
          }
          cell.leave();
        });

    for (int each = 0; each < cells.size(); each++) {
      TestedCell cell = cells.get(each);
      HostState.of(cell.host).assertSameAs(before.get(each));
      assertThat(files(cell.dataDir))
          .containsExactlyInAnyOrder(
              "store.json",
              "ipam/silk/lock",
              "ipam/silk/last_reserved_ip.0",
              "ipam/silk/last_reserved_ip.1");
      assertThat(Files.readString(cell.datastore())).isEqualTo("{}\n");
    }
    assertThat(leases()).isZero();
  }

  @Test
  void a_container_that_moves_to_the_other_cell_is_reached_there(Lab lab) throws Exception {
    Member moving = one.add(lab.container("moving"));
    one.remove(moving);

    Member moved = two.add(moving.container());

    Member.assertAllReachEachOther(List.of(moved, one.members.get(0), two.members.get(0)));
  }

  @Test
  void rules_that_somebody_flushed_are_back_with_the_next_round() {
    String rules = one.host.run("nft", "list", "ruleset");
    assertThat(rules).contains("dualstack_guard");

    one.host.run("nft", "flush", "ruleset");
    one.findOther();

    Await.until("the rules", () -> one.host.run("nft", "list", "ruleset").equals(rules));
    LabHost container = one.members.get(0).container();
    MacAddress hostEnd =
        MacAddress.parse(
            container
                .run("ip", "-6", "neighbor", "show", "fe80::1")
                .replaceAll("(?s).*lladdr (\\S+).*", "$1"));
    IpAddress target = two.host.address(IpFamily.IPV6);
    try (Capture capture = two.host.capture("eth0")) {
      for (Member source : List.of(one.members.get(1), one.members.get(0))) {
        container.send(
            "eth0",
            hostEnd,
            ForgedPackets.udp(
                source.address(IpFamily.IPV6), target, 4242, "of " + source.container()));
      }

      capture.await(packet -> packet.payload().endsWith("of " + container));
      assertThat(capture.packets())
          .noneMatch(packet -> packet.payload().endsWith("of " + one.members.get(1).container()));
    }
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> !Files.isDirectory(file))
          .map(file -> folder.relativize(file).toString())
          .toList();
    }
  }
}
