package io.dualstack.impl.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Dualstack;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.lease.LeasedNetworks;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.testkit.lab.ForgedPackets;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What containers ask of the device that leads out of their host. */
@ExtendWith(LabExtension.class)
class UplinkIT {
  private static final IpPrefix IPV4 = IpPrefix.parse("10.255.30.0/24");
  private static final String ACCEPT_RA = "net/ipv6/conf/eth0/accept_ra";

  private final Dualstack dualstack = Dualstack.builder().build();
  @TempDir Path directory;
  private LabHost host;
  private LabHost router;

  @BeforeEach
  void a_host_and_a_router(Lab lab) {
    host = lab.host("cell1");
    router = lab.host("router");
    // Where its advertisements come from.
    router.ip("address add fe80::99/64 dev eth0 nodad");
  }

  @AfterEach
  void close() {
    dualstack.close();
  }

  private CellConfig config(String ipv6) {
    return CellConfig.of(new LeasedNetworks(IPV4, 1450, IpPrefix.parse(ipv6)), directory)
        .inNamespace(host.namespace());
  }

  private static Container named(LabHost container) {
    return Container.of(container.name(), container.namespace());
  }

  // A prefix that is on-link

  @Test
  void neighbors_reach_a_container_whose_prefix_is_on_their_link(Lab lab) {
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    try (Cell cell = dualstack.cell(config("2001:db8:ff:0:30::/80").proxyingOn("eth0"))) {
      Member member = Member.of(a, cell.network().attach(named(a)));
      Member other = Member.of(b, cell.network().attach(named(b)));
      IpAddress address = member.address(IpFamily.IPV6);

      router.contact(a, address).assertReachedFrom(router.address(IpFamily.IPV6));
      a.contact(router, router.address(IpFamily.IPV6)).assertReachedFrom(address);
      assertThat(host.run("ip", "-6", "neighbor", "show", "proxy"))
          .contains(address + " dev eth0")
          .contains(other.address(IpFamily.IPV6) + " dev eth0");

      cell.network().detach(named(a));

      assertThat(host.run("ip", "-6", "neighbor", "show", "proxy"))
          .doesNotContain(address + " ")
          .contains(other.address(IpFamily.IPV6) + " dev eth0");
      router.contact(a, address).assertUnreached();
      router
          .contact(b, other.address(IpFamily.IPV6))
          .assertReachedFrom(router.address(IpFamily.IPV6));
    }
  }

  @Test
  void what_a_failed_detaching_leaves_behind_the_next_one_removes(Lab lab) {
    LabHost a = lab.container("a");
    CellConfig config = config("2001:db8:ff:0:30::/80");
    try (Cell cell = dualstack.cell(config.proxyingOn("eth0"));
        Cell failing = dualstack.cell(config.proxyingOn("eth0 wrong"))) {
      Member member = Member.of(a, cell.network().attach(named(a)));

      assertThatThrownBy(() -> failing.network().detach(named(a)))
          .isInstanceOfSatisfying(
              CniException.class,
              failure -> assertThat(failure.message()).isEqualTo("remove the proxy neighbor"));
      assertThatThrownBy(() -> failing.network().collect(Set.of()))
          .isInstanceOf(CniException.class);
      assertThat(host.run("ip", "-6", "neighbor", "show", "proxy"))
          .contains(member.address(IpFamily.IPV6) + " dev eth0");
      cell.network().detach(named(a));

      assertThat(host.run("ip", "-6", "neighbor", "show", "proxy")).isEmpty();
      assertThat(Member.of(a, cell.network().attach(named(a))).addresses()).hasSize(2);
    }
  }

  @Test
  void an_uplink_that_is_gone_holds_up_no_detaching(Lab lab) {
    LabHost a = lab.container("a");
    host.ip("link add name gone type veth peer name far");
    try (Cell cell = dualstack.cell(config("2001:db8:30::/80").proxyingOn("gone"))) {
      assertThat(cell.network().attach(named(a)).ips()).hasSize(2);
      host.ip("link delete dev gone");

      cell.network().detach(named(a));

      assertThat(cell.network().attached()).isEmpty();
    }
  }

  @Test
  void nobody_answers_for_a_container_unless_an_uplink_is_named(Lab lab) {
    LabHost a = lab.container("a");
    try (Cell cell = dualstack.cell(config("2001:db8:ff:0:30::/80"))) {
      Member member = Member.of(a, cell.network().attach(named(a)));

      router.contact(a, member.address(IpFamily.IPV6)).assertUnreached();
      assertThat(host.run("ip", "-6", "neighbor", "show", "proxy")).isEmpty();
    }
  }

  @Test
  void no_container_gets_an_address_of_the_host_itself(Lab lab) {
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    host.ip("address add 2001:db8:30::2/64 dev eth0 nodad");
    host.ip("address add 2001:db8:30::3/128 dev lo nodad");
    host.ip("address add 2001:db8:30::5/64 dev eth0 nodad");
    lab.route(IpPrefix.parse("2001:db8:30::/64"), host);
    try (Cell cell = dualstack.cell(config("2001:db8:30::/64").proxyingOn("eth0"))) {
      Member member = Member.of(a, cell.network().attach(named(a)));
      Member other = Member.of(b, cell.network().attach(named(b)));

      assertThat(member.address(IpFamily.IPV6)).hasToString("2001:db8:30::4");
      assertThat(other.address(IpFamily.IPV6)).hasToString("2001:db8:30::6");
      assertThat(directory.resolve("ipam/silk"))
          .isDirectoryNotContaining("glob:**/2001:db8:30::[235]");
      router
          .contact(a, member.address(IpFamily.IPV6))
          .assertReachedFrom(router.address(IpFamily.IPV6));
      router
          .contact(host, IpAddress.parse("2001:db8:30::2"))
          .assertReachedFrom(router.address(IpFamily.IPV6));
    }
  }

  @Test
  void a_prefix_of_which_only_the_hosts_own_address_is_left_is_full(Lab lab) {
    LabHost a = lab.container("a");
    LabHost b = lab.container("b");
    host.ip("address add 2001:db8:30::2/126 dev eth0 nodad");
    try (Cell cell = dualstack.cell(config("2001:db8:30::/126"))) {
      cell.network().checkAvailable();
      Member member = Member.of(a, cell.network().attach(named(a)));
      assertThat(member.address(IpFamily.IPV6)).hasToString("2001:db8:30::3");

      assertThatThrownBy(() -> cell.network().attach(named(b)))
          .hasStackTraceContaining("no IP addresses available in range set: 2001:db8:30::1-");
      assertThatThrownBy(() -> cell.network().checkAvailable())
          .isInstanceOfSatisfying(
              CniException.class,
              failure -> assertThat(failure.code()).isEqualTo(CniErrorCode.NOT_AVAILABLE));
      assertThat(cell.network().attached()).hasSize(1);
      cell.network().detach(named(a));

      assertThat(Member.of(b, cell.network().attach(named(b))).address(IpFamily.IPV6))
          .hasToString("2001:db8:30::3");
      host.ip("address add 2001:db8:30::3/128 dev lo nodad");
      host.ip("address add 2001:db8:30::1/128 dev lo nodad");
      assertThatThrownBy(() -> cell.network().checkAvailable())
          .hasStackTraceContaining("all of it are addresses of the host itself");
    }
  }

  // A default route that comes from router advertisements

  @Test
  void a_host_that_lives_on_router_advertisements_goes_on_doing_so(Lab lab) {
    IpPrefix prefix = IpPrefix.parse("2001:db8:30::/80");
    lab.route(prefix, host);
    router.ip("address add 2001:db8:99::1/128 dev lo nodad");
    host.write("net/ipv6/conf/all/forwarding", "0");
    assertThat(host.read(ACCEPT_RA)).isEqualTo("1");
    awaitAdvertisedRoute();
    LabHost a = lab.container("a");

    try (Cell cell = dualstack.cell(config(prefix.toString()))) {
      Member member = Member.of(a, cell.network().attach(named(a)));

      assertThat(host.read("net/ipv6/conf/all/forwarding")).isEqualTo("1");
      assertThat(host.read(ACCEPT_RA)).isEqualTo("2");
      assertThat(advertisedRoutes()).contains("via fe80::99");
      a.contact(router, IpAddress.parse("2001:db8:99::1"))
          .assertReachedFrom(member.address(IpFamily.IPV6));
      host.ip("route delete default via fe80::99 dev eth0");
      awaitAdvertisedRoute();
    }
  }

  @Test
  void an_uplink_whose_advertisements_a_program_reads_is_left_to_it(Lab lab) {
    host.write("net/ipv6/conf/all/forwarding", "0");
    host.write(ACCEPT_RA, "0");
    host.ip("route add default via fe80::99 dev eth0 proto ra");
    LabHost a = lab.container("a");

    try (Cell cell = dualstack.cell(config("2001:db8:30::/80"))) {
      assertThat(cell.network().attach(named(a)).ips()).hasSize(2);
    }

    assertThat(host.read("net/ipv6/conf/all/forwarding")).isEqualTo("1");
    assertThat(host.read(ACCEPT_RA)).isEqualTo("0");
    assertThat(advertisedRoutes()).contains("via fe80::99");
  }

  private String advertisedRoutes() {
    return host.run("ip", "-6", "route", "show", "default", "proto", "ra");
  }

  private void awaitAdvertisedRoute() {
    Await.until(
        "a route that the router advertised",
        () -> {
          router.send(
              "eth0",
              MacAddress.parse("33:33:00:00:00:01"),
              ForgedPackets.routerAdvertisement(
                  IpAddress.parse("fe80::99"), IpAddress.parse("ff02::1")));
          return advertisedRoutes().contains("via fe80::99");
        });
  }
}
