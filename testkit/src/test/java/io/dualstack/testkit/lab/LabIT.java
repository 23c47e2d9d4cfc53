package io.dualstack.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class LabIT {
  @Test
  void hosts_reach_each_other_in_both_families_and_see_who_it_is(Lab lab) {
    LabHost left = lab.host("left");
    LabHost right = lab.host("right");

    for (IpFamily family : IpFamily.values()) {
      left.contact(right, right.address(family)).assertReachedFrom(left.address(family));
    }
  }

  @Test
  void a_host_that_drops_is_unreached_and_both_assertions_can_fail(Lab lab) {
    LabHost left = lab.host("left");
    LabHost right = lab.host("right");
    IpAddress target = right.address(IpFamily.IPV6);

    Contact open = left.contact(right, target);
    right.ip("route add blackhole " + left.address(IpFamily.IPV6));
    Contact dropped = left.contact(right, target);

    dropped.assertUnreached();
    assertThatThrownBy(open::assertUnreached)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("left to right, " + target + ": ping answered, TCP seen from");
    assertThatThrownBy(() -> dropped.assertReachedFrom(left.address(IpFamily.IPV6)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ping lost, TCP lost, UDP lost");
    assertThatThrownBy(() -> open.assertReachedFrom(target))
        .as("a source that is not the sender's")
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void a_container_behind_a_host_is_reached_by_a_routed_prefix(Lab lab) {
    LabHost cell = lab.host("cell");
    LabHost other = lab.host("other");
    LabHost container = lab.container("container");
    IpAddress address = IpAddress.parse("2001:db8:1::2");
    cell.ip(
        "link add name inside type veth peer name eth0 netns " + container.namespace(),
        "link set dev inside up",
        "address add 2001:db8:1::1/64 dev inside nodad");
    container.ip(
        "link set dev eth0 up",
        "address add 2001:db8:1::2/64 dev eth0 nodad",
        "route add default via 2001:db8:1::1");

    other.contact(container, address).assertUnreached();
    lab.route(IpPrefix.parse("2001:db8:1::/64"), cell);

    other.contact(container, address).assertReachedFrom(other.address(IpFamily.IPV6));
    container.contact(other, other.address(IpFamily.IPV6)).assertReachedFrom(address);
  }

  @Test
  void forged_packets_arrive_as_they_were_made(Lab lab) {
    LabHost left = lab.host("left");
    LabHost right = lab.host("right");
    MacAddress to = mac(right);

    for (IpFamily family : IpFamily.values()) {
      IpAddress source = IpAddress.parse(family == IpFamily.IPV4 ? "203.0.113.9" : "2001:db8::bad");
      try (Capture capture = right.capture("eth0")) {
        left.send("eth0", to, ForgedPackets.udp(source, right.address(family), 4242, "forged"));

        CapturedPacket packet = capture.await(seen -> seen.source().equals(source));
        assertThat(packet.destination()).isEqualTo(right.address(family));
        assertThat(packet.protocol()).isEqualTo(17);
        assertThat(packet.payload()).endsWith("forged");
      }
    }
  }

  @Test
  void a_forged_router_advertisement_is_believed_where_nothing_refuses_it(Lab lab) {
    LabHost router = lab.host("router");
    LabHost victim = lab.host("victim");
    victim.write("net/ipv6/conf/all/forwarding", "0");
    victim.write("net/ipv6/conf/eth0/accept_ra", "1");
    IpAddress source = IpAddress.parse("fe80::bad");

    try (Capture capture = victim.capture("eth0")) {
      router.send(
          "eth0",
          MacAddress.parse("33:33:00:00:00:01"),
          ForgedPackets.routerAdvertisement(source, IpAddress.parse("ff02::1")));
      router.send(
          "eth0",
          mac(victim),
          ForgedPackets.udp(
              router.address(IpFamily.IPV6), victim.address(IpFamily.IPV6), 4242, "after"));
      CapturedPacket after = capture.await(seen -> seen.payload().endsWith("after"));
      assertThat(after.source()).isEqualTo(router.address(IpFamily.IPV6));
    }

    assertThat(victim.run("ip", "-6", "route", "show", "default")).contains("fe80::bad");
  }

  @Test
  void a_forged_redirect_is_believed_where_nothing_refuses_it(Lab lab) {
    LabHost attacker = lab.host("attacker");
    LabHost victim = lab.host("victim");
    victim.write("net/ipv6/conf/all/forwarding", "0");
    victim.write("net/ipv6/conf/eth0/accept_redirects", "1");
    victim.ip("route add default via fe80::99 dev eth0");
    IpAddress destination = IpAddress.parse("2001:db8:99::1");

    try (Capture capture = victim.capture("eth0")) {
      attacker.send(
          "eth0",
          mac(victim),
          ForgedPackets.redirect(
              IpAddress.parse("fe80::99"),
              victim.address(IpFamily.IPV6),
              IpAddress.parse("fe80::bad"),
              destination));
      attacker.send(
          "eth0",
          mac(victim),
          ForgedPackets.udp(
              attacker.address(IpFamily.IPV6), victim.address(IpFamily.IPV6), 4242, "after"));
      assertThat(capture.await(seen -> seen.payload().endsWith("after")).protocol()).isEqualTo(17);
    }

    assertThat(victim.run("ip", "route", "get", destination.toString())).contains("via fe80::bad");
  }

  @Test
  void a_setting_is_read_whole(Lab lab) {
    LabHost host = lab.container("host");
    host.write("net/ipv4/ip_local_port_range", "20000 30000");
    host.write("net/ipv6/conf/lo/accept_source_route", "-1");

    assertThat(host.read("net/ipv4/ip_local_port_range")).isEqualTo("20000\t30000");
    assertThat(host.read("net/ipv6/conf/lo/accept_source_route")).isEqualTo("-1");
  }

  @Test
  void closing_removes_every_namespace_and_ends_what_runs_in_them() throws Exception {
    Lab lab = Lab.open();
    LabHost host = lab.host("host");
    Process sleeper = host.call(() -> new ProcessBuilder("sleep", "3600").start());

    lab.close();
    lab.close();

    assertThat(sleeper.waitFor()).isNotZero();
    assertThat(Files.exists(host.namespace())).isFalse();
  }

  @Test
  void what_a_killed_run_left_is_removed_and_what_a_living_one_has_is_kept(Lab lab) {
    LabHost living = lab.host("living");
    // The first process has been there since the machine was started, which is not 1 ms after 1970.
    String leftover = "ds-1.1.1-leftover";
    assertThat(LabCommand.run(null, List.of("ip", "netns", "add", leftover), "").exitCode())
        .isZero();

    Lab.open().close();

    assertThat(Files.exists(Path.of("/run/netns", leftover))).isFalse();
    assertThat(Files.exists(living.namespace())).isTrue();
  }

  @Test
  void a_name_is_given_once(Lab lab) {
    LabHost first = lab.container("same");

    assertThatThrownBy(() -> lab.container("same"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same");
    assertThatThrownBy(() -> lab.container("With Blank"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(first.addresses()).isEmpty();
  }

  @Test
  void a_command_that_fails_says_why(Lab lab) {
    LabHost host = lab.container("host");

    assertThatThrownBy(() -> host.run("ip", "link", "show", "dev", "nosuch"))
        .hasMessageContaining("nosuch");
    assertThatThrownBy(() -> host.capture("nosuch")).hasMessageContaining("nosuch");
  }

  private static MacAddress mac(LabHost host) {
    String line = host.run("ip", "-br", "link", "show", "dev", "eth0");
    return MacAddress.parse(line.strip().split("\\s+")[2]);
  }
}
