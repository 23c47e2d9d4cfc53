package io.dualstack.impl.cell;

import static io.dualstack.testkit.lab.Outcome.ANSWERED;
import static io.dualstack.testkit.lab.Outcome.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.cell.GuardedCells.GuardedHost;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.lab.Flow;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import io.dualstack.testkit.lab.Listener;
import io.dualstack.testkit.lab.ReachabilityMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reaches whom in a foundation with firewalls, packet by packet. */
@ExtendWith(LabExtension.class)
class GuardedCellsIT {
  /** A swap by iptables is two processes that read all there is; by nftables it is none. */
  private static int swaps(BackendKind backend) {
    return Integer.getInteger("dualstack.swaps", backend == BackendKind.IPTABLES ? 100 : 1_000);
  }

  private static final Service WEB = Service.port(Protocol.TCP, 8080);
  private static final Service WEB_UDP = Service.port(Protocol.UDP, 8080);
  private static final Service OTHER = Service.port(Protocol.TCP, 8081);
  private static final Service OTHER_UDP = Service.port(Protocol.UDP, 8081);

  /** TCP to 8080, UDP to 8081 and pings, to whole networks that the denied one is part of. */
  private static final SecurityGroup GROUP =
      new SecurityGroup(
          "world",
          List.of(
              rule(new Traffic.Ports(Protocol.TCP, List.of(PortRange.single(8080))), IpFamily.IPV4),
              rule(new Traffic.Ports(Protocol.TCP, List.of(PortRange.single(8080))), IpFamily.IPV6),
              rule(new Traffic.Ports(Protocol.UDP, List.of(PortRange.single(8081))), IpFamily.IPV4),
              rule(new Traffic.Ports(Protocol.UDP, List.of(PortRange.single(8081))), IpFamily.IPV6),
              rule(new Traffic.Icmp(IpFamily.IPV4, 8, 0), IpFamily.IPV4),
              rule(new Traffic.Icmp(IpFamily.IPV6, 128, 0), IpFamily.IPV6)),
          Set.of());

  private static final SecurityGroup MORE =
      new SecurityGroup(
          "more",
          List.of(
              rule(
                  new Traffic.Ports(Protocol.TCP, List.of(PortRange.single(9999))), IpFamily.IPV6)),
          Set.of());

  private static SecurityGroupRule rule(Traffic traffic, IpFamily family) {
    String network = family == IpFamily.IPV4 ? "172.31.0.0/24" : "2001:db8:ff::/64";
    return new SecurityGroupRule(traffic, IpSet.of(IpRange.of(IpPrefix.parse(network))), false, "");
  }

  @ParameterizedTest
  @EnumSource
  void everyone_reaches_what_he_may_and_nothing_else(
      BackendKind backend, Lab lab, @TempDir Path directory) throws InterruptedException {
    try (GuardedCells cells = new GuardedCells(lab, directory, backend)) {
      GuardedHost one = cells.one();
      Member a = one.attach(lab.container("a"));
      Member b = one.attach(lab.container("b"));
      Member c = cells.two().attach(lab.container("c"));
      nothingButHostServices(cells, a).assertHolds();

      one.firewall().put(one.app(a, GROUP));
      one.firewall().put(one.app(b));
      cells.two().firewall().put(cells.two().app(c));
      policies(cells, a, b, c);

      ReachabilityMatrix matrix = outside(cells, a);
      matrix = inside(matrix, a, b, c);
      matrix = hostServices(matrix, one.host, a);
      matrix.assertHolds();

      String before = one.host.run("nft", "list", "ruleset");
      one.firewall().put(one.app(a, GROUP));
      assertThat(one.host.run("nft", "list", "ruleset").lines().count())
          .as("to say it again changes nothing")
          .isEqualTo(before.lines().count());
      one.detach(a);
      one.detach(b);
      cells.two().detach(c);
      assertThat(one.host.run("nft", "list", "ruleset")).doesNotContain("--a", "--b", "eth0-a");
      assertThat(one.host.run("ip", "-br", "link")).doesNotContain("s-010");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_a_container_has_is_its_own_when_another_comes_and_goes(
      BackendKind backend, Lab lab, @TempDir Path directory) {
    try (GuardedCells cells = new GuardedCells(lab, directory, backend)) {
      GuardedHost one = cells.one();
      Member a = one.attach(lab.container("a"));
      one.firewall().put(one.app(a, GROUP));
      HostState alone = HostState.of(one.host);

      Member b = one.attach(lab.container("b"));
      one.firewall().put(one.app(b, GROUP));
      one.detach(b);

      HostState.of(one.host).assertSameAs(alone);
    }
  }

  private static void policies(GuardedCells cells, Member a, Member b, Member c) {
    cells.one().firewall().policies(ofOne(a, b));
    cells
        .two()
        .firewall()
        .policies(GuardedCells.policies(List.of(), List.of(GuardedCells.allowed(a, c, 8080))));
  }

  private static PolicyRules ofOne(Member a, Member b) {
    return GuardedCells.policies(List.of(a), List.of(GuardedCells.allowed(a, b, 8080)));
  }

  private static ReachabilityMatrix nothingButHostServices(GuardedCells cells, Member a) {
    ReachabilityMatrix matrix = hostServices(ReachabilityMatrix.empty(), cells.one().host, a);
    for (IpFamily family : IpFamily.values()) {
      matrix =
          matrix
              .expecting(
                  a.container(), cells.internet, cells.internet.address(family), WEB, REFUSED)
              .expecting(cells.internet, a.container(), a.address(family), WEB, REFUSED);
    }
    return matrix;
  }

  private static ReachabilityMatrix hostServices(
      ReachabilityMatrix matrix, LabHost host, Member a) {
    LabHost from = a.container();
    Service served = Service.port(Protocol.TCP, GuardedCells.SERVICE_PORT);
    Service dns = Service.port(Protocol.UDP, 53);
    return matrix
        .expecting(from, host, GuardedCells.DNS, dns, ANSWERED)
        .expecting(from, host, GuardedCells.DNS, Service.port(Protocol.TCP, 53), ANSWERED)
        .expecting(from, host, GuardedCells.DNS, served, ANSWERED)
        .expecting(from, host, GuardedCells.DNS, OTHER, REFUSED)
        .expecting(from, host, GuardedCells.SERVICE_IPV6, served, ANSWERED)
        .expecting(from, host, GuardedCells.SERVICE_IPV6, OTHER, REFUSED)
        .expecting(from, host, host.address(IpFamily.IPV4), served, REFUSED)
        .expecting(from, host, host.address(IpFamily.IPV6), served, REFUSED)
        .expecting(host, from, a.address(IpFamily.IPV4), OTHER, ANSWERED)
        .expecting(host, from, a.address(IpFamily.IPV6), OTHER, ANSWERED);
  }

  private static ReachabilityMatrix outside(GuardedCells cells, Member a) {
    ReachabilityMatrix matrix = ReachabilityMatrix.empty();
    LabHost from = a.container();
    for (IpFamily family : IpFamily.values()) {
      IpAddress internet = cells.internet.address(family);
      matrix =
          matrix
              .expecting(from, cells.internet, internet, WEB, ANSWERED)
              .expecting(from, cells.internet, internet, OTHER, REFUSED)
              .expecting(from, cells.internet, internet, WEB_UDP, REFUSED)
              .expecting(from, cells.internet, internet, OTHER_UDP, ANSWERED)
              .expecting(from, cells.internet, internet, Service.ping(family), ANSWERED)
              .expecting(from, cells.denied, cells.denied.address(family), WEB, REFUSED)
              .expecting(
                  from, cells.denied, cells.denied.address(family), Service.ping(family), REFUSED);
      for (Service service : List.of(WEB, OTHER, WEB_UDP, Service.ping(family))) {
        matrix = matrix.expecting(cells.internet, from, a.address(family), service, REFUSED);
      }
    }
    IpAddress ipv6 = a.address(IpFamily.IPV6);
    return matrix
        .expecting(cells.router, from, ipv6, WEB, ANSWERED)
        .expecting(cells.router, from, ipv6, OTHER, REFUSED)
        .expecting(cells.router, from, ipv6, WEB_UDP, REFUSED)
        .expecting(cells.router, from, ipv6, Service.ping(IpFamily.IPV6), REFUSED)
        .expecting(cells.two().host, from, ipv6, WEB, ANSWERED)
        .expecting(cells.two().host, from, ipv6, OTHER, REFUSED);
  }

  private static ReachabilityMatrix inside(
      ReachabilityMatrix matrix, Member a, Member b, Member c) {
    ReachabilityMatrix more = matrix;
    for (Member to : List.of(b, c)) {
      more =
          more.expecting(a.container(), to.container(), to.address(IpFamily.IPV4), WEB, ANSWERED)
              .expecting(a.container(), to.container(), to.address(IpFamily.IPV4), OTHER, REFUSED)
              .expecting(a.container(), to.container(), to.address(IpFamily.IPV6), WEB, REFUSED)
              .expecting(to.container(), a.container(), a.address(IpFamily.IPV4), WEB, REFUSED)
              .expecting(to.container(), a.container(), a.address(IpFamily.IPV6), WEB, REFUSED);
    }
    return more.expecting(b.container(), c.container(), c.address(IpFamily.IPV4), WEB, REFUSED)
        .expecting(c.container(), b.container(), b.address(IpFamily.IPV4), WEB, REFUSED);
  }

  @ParameterizedTest
  @EnumSource
  void while_rules_are_swapped_nothing_denied_passes_and_nothing_allowed_is_lost(
      BackendKind backend, Lab lab, @TempDir Path directory) throws InterruptedException {
    try (GuardedCells cells = new GuardedCells(lab, directory, backend)) {
      GuardedHost one = cells.one();
      GuardedCells.forgetConnectionsSoon(one.host);
      Member a = one.attach(lab.container("a"));
      Member b = one.attach(lab.container("b"));
      one.firewall().put(one.app(a, GROUP));
      one.firewall().put(one.app(b));
      one.firewall().policies(ofOne(a, b));
      List<Flow> allowed = new ArrayList<>();
      List<Flow> denied = new ArrayList<>();
      List<Listener> unreached = new ArrayList<>();
      allowed.add(flow(a.container(), cells.internet, IpFamily.IPV6, WEB));
      allowed.add(flow(a, b, WEB));
      denied.add(a.container().flow(cells.internet.address(IpFamily.IPV4), OTHER));
      denied.add(cells.internet.flow(a.address(IpFamily.IPV6), OTHER));
      unreached.add(cells.internet.listen(cells.internet.address(IpFamily.IPV4), OTHER));
      unreached.add(a.container().listen(a.address(IpFamily.IPV6), OTHER));

      for (int swap = 0; swap < swaps(backend); swap++) {
        boolean odd = swap / 2 % 2 == 1;
        if (swap % 2 == 0) {
          one.firewall().put(odd ? one.app(a, GROUP) : one.app(a, MORE, GROUP));
        } else {
          one.firewall()
              .policies(
                  odd
                      ? ofOne(a, b)
                      : GuardedCells.policies(
                          List.of(a),
                          List.of(
                              GuardedCells.allowed(a, b, 7777), GuardedCells.allowed(a, b, 8080))));
        }
      }

      for (Flow flow : allowed) {
        flow.close();
        flow.assertAll(ANSWERED);
      }
      for (Flow flow : denied) {
        flow.close();
        flow.assertAll(REFUSED);
      }
      assertThat(unreached).allMatch(listener -> listener.arrived() == 0);
    }
  }

  private static Flow flow(LabHost from, LabHost to, IpFamily family, Service service) {
    Listener listener = to.listen(to.address(family), service);
    assertThat(listener.port()).isEqualTo(service.detail());
    return from.flow(to.address(family), service);
  }

  private static Flow flow(Member from, Member to, Service service) {
    IpAddress target = to.address(IpFamily.IPV4);
    assertThat(to.container().listen(target, service).port()).isEqualTo(service.detail());
    return from.container().flow(target, service);
  }
}
