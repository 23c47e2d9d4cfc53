package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Dualstack;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.cell.FirewallConfig;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.impl.cni.link.LinkNames;
import io.dualstack.impl.metrics.RecordingMeters;
import io.dualstack.lease.LeasedNetworks;
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
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Containers put on the network through the public API, and real packets between them. */
@ExtendWith(LabExtension.class)
class LocalCellIT {
  private static final IpPrefix IPV4_1 = IpPrefix.parse("10.255.30.0/24");
  private static final IpPrefix IPV4_2 = IpPrefix.parse("10.255.31.0/24");
  private static final IpPrefix IPV6_1 = IpPrefix.parse("2001:db8:30::/80");
  private static final IpPrefix IPV6_2 = IpPrefix.parse("2001:db8:31::/80");

  private final RecordingMeters meters = new RecordingMeters();
  private final Dualstack dualstack = Dualstack.builder().meters(meters).build();
  private final List<Cell> cells = new ArrayList<>();
  @TempDir Path directory;
  private LabHost host;

  @BeforeEach
  void one_host(Lab lab) {
    host = lab.host("cell1");
  }

  @AfterEach
  void close() {
    cells.forEach(Cell::close);
    dualstack.close();
  }

  private Cell cell(LabHost on, IpPrefix ipv4, @Nullable IpPrefix ipv6, int mtu) {
    Cell cell =
        dualstack.cell(
            CellConfig.of(new LeasedNetworks(ipv4, mtu, ipv6), directory.resolve(on.name()))
                .inNamespace(on.namespace()));
    cells.add(cell);
    return cell;
  }

  private static CniResult attach(Cell cell, LabHost container) {
    return cell.network().attach(container(container));
  }

  private static Container container(LabHost host) {
    return Container.of(host.name(), host.namespace());
  }

  private static IpAddress address(CniResult result, IpFamily family) {
    return result.ips().stream()
        .map(ip -> ip.address().address())
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void containers_of_one_cell_and_its_host_reach_each_other_in_both_families(Lab lab) {
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    CniResult ofA = attach(cell, a);
    CniResult ofB = attach(cell, b);

    for (IpFamily family : IpFamily.values()) {
      a.contact(b, address(ofB, family)).assertReachedFrom(address(ofA, family));
      b.contact(a, address(ofA, family)).assertReachedFrom(address(ofB, family));
      a.contact(host, host.address(family)).assertReachedFrom(address(ofA, family));
    }
    assertThat(address(ofA, IpFamily.IPV4)).hasToString("10.255.30.2");
    assertThat(address(ofA, IpFamily.IPV6)).hasToString("2001:db8:30::2");
    cell.network().check(container(a), ofA);
  }

  @Test
  void meters_are_told_of_containers_and_their_firewall(Lab lab) {
    CellFirewall rules = CellFirewall.of(host.address(IpFamily.IPV4), "eth0", "silk-vtep");
    Cell cell =
        dualstack.cell(
            CellConfig.of(new LeasedNetworks(IPV4_1, 1450, null), directory)
                .inNamespace(host.namespace())
                .guardedBy(
                    new FirewallConfig(
                        rules, BackendKind.NFTABLES, directory.resolve("iptables.lock"))));
    cells.add(cell);
    LabHost a = lab.container("a");
    CniResult attached = attach(cell, a);
    assertThat(attached.ips()).hasSize(1);
    assertThatThrownBy(() -> attach(cell, a)).isInstanceOf(CniException.class);

    Map<String, String> nftables = Map.of("backend", "nftables");
    assertThat(meters.outcomes("attach")).containsExactly("ok", "failed");
    assertThat(meters.gauges("firewallContainers")).isEqualTo(Map.of(nftables, 1.0));

    cell.network().detach(container(a));

    assertThat(meters.outcomes("detach")).containsExactly("ok");
    assertThat(meters.gauges("firewallContainers")).isEqualTo(Map.of(nftables, 0.0));
    assertThat(meters.timed("firewallApply"))
        .extracting(labels -> labels.get("change") + " " + labels.get("outcome"))
        .containsExactly("put ok", "remove ok");
  }

  @Test
  void containers_of_two_cells_reach_each_other_by_routed_prefixes(Lab lab) {
    LabHost second = lab.host("cell2");
    lab.route(IPV4_1, host);
    lab.route(IPV6_1, host);
    lab.route(IPV4_2, second);
    lab.route(IPV6_2, second);
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    CniResult ofA = attach(cell(host, IPV4_1, IPV6_1, 1450), a);
    CniResult ofB = attach(cell(second, IPV4_2, IPV6_2, 1450), b);

    for (IpFamily family : IpFamily.values()) {
      a.contact(b, address(ofB, family)).assertReachedFrom(address(ofA, family));
      b.contact(a, address(ofA, family)).assertReachedFrom(address(ofB, family));
    }
  }

  @Test
  void no_neighbor_is_ever_asked_for_and_no_address_is_generated(Lab lab) {
    LabHost a = lab.container("a");
    CniResult of = attach(cell(host, IPV4_1, IPV6_1, 1450), a);

    try (Capture capture = a.capture("eth0")) {
      a.contact(host, host.address(IpFamily.IPV6)).assertReachedFrom(address(of, IpFamily.IPV6));

      assertThat(capture.packets())
          .isNotEmpty()
          .noneMatch(
              packet ->
                  packet.protocol() == 58
                      && packet.payload().charAt(0) >= 133
                      && packet.payload().charAt(0) <= 137);
    }
    assertThat(a.run("ip", "-6", "address", "show", "dev", "eth0"))
        .contains("2001:db8:30::2/128")
        .doesNotContain("fe80");
    assertThat(host.run("ip", "-6", "address", "show", "dev", "s-010255030002"))
        .contains("fe80::1/128")
        .doesNotContain("fe80::a8aa");
  }

  @Test
  void a_source_that_is_not_the_containers_own_goes_nowhere(Lab lab) {
    LabHost other = lab.host("other");
    lab.route(IPV4_1, host);
    lab.route(IPV6_1, host);
    // Where this is 2, rp_filter of the devices is loose.
    host.write("net/ipv4/conf/all/rp_filter", "2");
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    CniResult ofA = attach(cell, a);
    CniResult ofB = attach(cell, b);
    MacAddress hostEnd = MacAddress.parse(ofA.interfaces().get(0).mac());

    for (IpFamily family : IpFamily.values()) {
      List<IpAddress> forged =
          Stream.of(
                  address(ofB, family),
                  host.address(family),
                  IpAddress.parse(family == IpFamily.IPV4 ? "198.51.100.7" : "2001:db8:30::77"),
                  IpAddress.parse(family == IpFamily.IPV4 ? "169.254.0.9" : "fe80::9"))
              .toList();
      try (Capture capture = other.capture("eth0")) {
        for (IpAddress source : forged) {
          a.send("eth0", hostEnd, ForgedPackets.udp(source, other.address(family), 4242, "forged"));
        }
        a.send(
            "eth0",
            hostEnd,
            ForgedPackets.udp(address(ofA, family), other.address(family), 4242, "honest"));

        capture.await(packet -> packet.payload().endsWith("honest"));
        assertThat(capture.packets()).noneMatch(packet -> packet.payload().endsWith("forged"));
      }
    }
  }

  @Test
  void a_container_is_no_router_to_its_host(Lab lab) {
    LabHost a = lab.container("a");
    CniResult of = attach(cell(host, IPV4_1, IPV6_1, 1450), a);
    MacAddress hostEnd = MacAddress.parse(of.interfaces().get(0).mac());
    String before = host.run("ip", "-6", "route");

    try (Capture capture = host.capture("s-010255030002")) {
      for (IpAddress source : List.of(IpAddress.parse("fe80::9"), address(of, IpFamily.IPV6))) {
        a.send(
            "eth0", hostEnd, ForgedPackets.routerAdvertisement(source, IpAddress.parse("ff02::1")));
      }
      a.contact(host, host.address(IpFamily.IPV6)).assertReachedFrom(address(of, IpFamily.IPV6));
      assertThat(capture.packets()).anyMatch(packet -> packet.payload().charAt(0) == 134);
    }

    assertThat(host.run("ip", "-6", "route")).isEqualTo(before);
    assertThat(host.read("net/ipv6/conf/s-010255030002/accept_ra")).isEqualTo("0");
  }

  @Test
  void what_only_routers_say_reaches_neither_host_nor_neighbor(Lab lab) {
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    CniResult of = attach(cell, a);
    MacAddress hostEnd = MacAddress.parse(of.interfaces().get(0).mac());
    IpAddress own = address(of, IpFamily.IPV6);
    IpAddress neighbor = address(attach(cell, b), IpFamily.IPV6);
    host.run("nft", "add table ip6 seen");
    host.run("nft", "add chain ip6 seen input { type filter hook input priority 0; }");
    host.run(
        "nft", "add rule ip6 seen input icmpv6 type { nd-router-advert, nd-redirect } counter");
    host.run("nft", "add rule ip6 seen input udp dport 4242 counter");

    try (Capture capture = b.capture("eth0")) {
      for (IpAddress to :
          List.of(
              neighbor,
              host.address(IpFamily.IPV6),
              LinkNames.HOST_IPV6,
              IpAddress.parse("ff02::1"))) {
        // Of the container's own address, so that it is not held back as a forged source.
        a.send("eth0", hostEnd, ForgedPackets.routerAdvertisement(own, to));
        a.send("eth0", hostEnd, ForgedPackets.redirect(own, to, own, to));
        a.send("eth0", hostEnd, ForgedPackets.udp(own, to, 4242, "honest"));
      }
      capture.await(packet -> packet.payload().endsWith("honest"));
      assertThat(capture.packets())
          .noneMatch(
              packet ->
                  packet.protocol() == 58
                      && (packet.payload().charAt(0) == 134 || packet.payload().charAt(0) == 137));
    }

    assertThat(host.run("nft", "list", "chain", "ip6", "seen", "input").lines())
        .anyMatch(line -> line.contains("nd-redirect") && line.contains("packets 0 "))
        .anyMatch(line -> line.contains("4242") && line.contains("packets 3 "));
  }

  @Test
  void detaching_leaves_no_device_route_rule_or_file_and_twice_is_once(Lab lab) throws IOException {
    Traces before = traces();
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    attach(cell, a);
    attach(cell, b);
    assertThat(host.run("nft", "list", "ruleset")).contains("fib saddr");
    assertThat(cell.network().attached())
        .extracting(AttachedContainer::ipv4)
        .extracting(IpAddress::toString)
        .containsExactly("10.255.30.2", "10.255.30.3");

    cell.network().detach(container(a));
    assertThat(host.run("nft", "list", "ruleset")).contains("fib saddr");
    cell.network().detach(container(b));
    cell.network().detach(container(b));

    assertThat(traces()).isEqualTo(before);
    assertThat(cell.network().attached()).isEmpty();
    assertThat(Files.readString(directory.resolve("cell1/store.json"))).isEqualTo("{}\n");
    assertThat(a.run("ip", "-br", "link")).doesNotContain("eth0");
  }

  @Test
  void a_container_whose_namespace_is_gone_is_detached_whole(Lab lab) throws IOException {
    Traces before = traces();
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    LabHost a = lab.container("a");
    attach(cell, a);

    // As if the runtime had unmounted the name while a process keeps the namespace.
    cell.network().detach(new Container("a", Path.of("/run/netns/gone-" + a.name()), "eth0"));

    assertThat(traces()).isEqualTo(before);
    assertThat(cell.network().attached()).isEmpty();
  }

  @Test
  void a_step_that_fails_leaves_nothing(Lab lab) throws IOException {
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    LabHost a = lab.container("a");
    a.ip("link add name eth0 type veth peer name other");
    Traces before = traces();

    assertThatThrownBy(() -> attach(cell, a))
        .isInstanceOfSatisfying(
            CniException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(CniErrorCode.STEP_FAILED);
              assertThat(failure.message()).isEqualTo("create the link");
              assertThat(failure.details()).contains("File exists");
            });

    assertThat(traces()).isEqualTo(before);
    assertThat(cell.network().attached()).isEmpty();
    assertThat(a.run("ip", "-br", "link")).contains("eth0");
  }

  @Test
  void a_step_that_fails_late_takes_the_devices_back(Lab lab) throws IOException {
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    LabHost a = lab.container("a");
    a.ip("link set dev lo up", "route add default dev lo");
    Traces before = traces();

    assertThatThrownBy(() -> attach(cell, a))
        .isInstanceOfSatisfying(
            CniException.class,
            failure -> assertThat(failure.details()).contains("route add default"));

    assertThat(traces()).isEqualTo(before);
    assertThat(a.run("ip", "-br", "link")).doesNotContain("eth0");
  }

  @Test
  void an_mtu_too_small_for_ipv6_is_refused_before_anything_is_changed(Lab lab) throws IOException {
    Cell cell = cell(host, IPV4_1, IPV6_1, 1279);
    LabHost a = lab.container("a");
    Traces before = traces();

    assertThatThrownBy(() -> attach(cell, a))
        .isInstanceOfSatisfying(
            CniException.class,
            failure -> assertThat(failure.details()).contains("1279").contains("1280"));

    assertThat(traces()).isEqualTo(before);
    assertThat(directory.resolve("cell1")).doesNotExist();
    assertThat(attach(cell(lab.host("ipv4only"), IPV4_1, null, 1279), a).ips()).hasSize(1);
  }

  @Test
  void a_second_attachment_is_refused_and_the_first_goes_on_working(Lab lab) {
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    LabHost a = lab.container("a");
    CniResult first = attach(cell, a);

    assertThatThrownBy(() -> attach(cell, a))
        .isInstanceOfSatisfying(
            CniException.class,
            failure -> assertThat(failure.message()).isEqualTo("run ipam plugin"));

    cell.network().check(container(a), first);
    a.contact(host, host.address(IpFamily.IPV6)).assertReachedFrom(address(first, IpFamily.IPV6));
  }

  @Test
  void without_a_prefix_there_is_no_ipv6_and_no_rule(Lab lab) throws IOException {
    Cell cell = cell(host, IPV4_1, null, 1450);
    LabHost a = lab.container("a");
    CniResult of = attach(cell, a);

    assertThat(of.ips()).hasSize(1);
    assertThat(of.routes()).hasSize(1);
    assertThat(host.run("nft", "list", "ruleset")).isEmpty();
    assertThat(a.read("net/ipv6/conf/eth0/disable_ipv6")).isEqualTo("1");
    assertThat(host.read("net/ipv6/conf/s-010255030002/disable_ipv6")).isEqualTo("1");
    assertThat(Files.readString(directory.resolve("cell1/store.json")))
        .isEqualTo(
            "{\"%1$s\":{\"handle\":\"%1$s\",\"ip\":\"10.255.30.2\",\"metadata\":null}}\n"
                .formatted(a.namespace().getFileName()));
    a.contact(host, host.address(IpFamily.IPV4)).assertReachedFrom(address(of, IpFamily.IPV4));
  }

  @Test
  void what_is_not_valid_is_collected(Lab lab) throws IOException {
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    CniResult ofA = attach(cell, a);
    attach(cell, b);

    cell.network().collect(Set.of(container(a).attachment()));

    assertThat(cell.network().attached()).hasSize(1);
    assertThat(host.run("ip", "-br", "link"))
        .contains("s-010255030002")
        .doesNotContain("s-010255030003");
    cell.network().check(container(a), ofA);
    assertThatThrownBy(() -> cell.network().check(container(b), ofA))
        .isInstanceOf(CniException.class);
  }

  @Test
  void a_check_finds_what_somebody_removed(Lab lab) {
    Cell cell = cell(host, IPV4_1, IPV6_1, 1450);
    LabHost a = lab.container("a");
    CniResult of = attach(cell, a);

    a.ip("-6 route del default".substring(3));

    assertThatThrownBy(() -> cell.network().check(container(a), of))
        .isInstanceOf(CniException.class);
  }

  /** What there is on the host, for comparison. */
  private record Traces(String links, String routes, String rules, List<String> reservations) {}

  private Traces traces() throws IOException {
    List<String> files = new ArrayList<>();
    Path reservations = directory.resolve("cell1/ipam/silk");
    if (Files.exists(reservations)) {
      try (Stream<Path> found = Files.list(reservations)) {
        found
            .map(path -> path.getFileName().toString())
            .filter(name -> IpAddress.tryParse(name).isPresent())
            .forEach(files::add);
      }
    }
    return new Traces(
        host.run("ip", "-br", "link"),
        host.run("ip", "route") + host.run("ip", "-6", "route"),
        host.run("nft", "list", "ruleset"),
        files);
  }
}
