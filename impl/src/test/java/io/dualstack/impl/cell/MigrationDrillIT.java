package io.dualstack.impl.cell;

import static io.dualstack.testkit.lab.Outcome.ANSWERED;
import static io.dualstack.testkit.lab.Outcome.REFUSED;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Dualstack;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.Ipv6Firewall;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Traffic;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.firewall.ParityReport;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.routing.EndpointRegistry;
import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import io.dualstack.routing.TcpRoute;
import io.dualstack.testkit.lab.Attempt;
import io.dualstack.testkit.lab.Flow;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import io.dualstack.testkit.lab.Listener;
import io.dualstack.testkit.lab.ReachabilityMatrix;
import io.dualstack.workload.EnvironmentOptions;
import io.dualstack.workload.NetInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A foundation of IPv4 alone gets IPv6 step by step while it is used, and loses it again: no
 * connection is lost, and at the end all is as it was.
 */
@ExtendWith(LabExtension.class)
class MigrationDrillIT {
  private static final int PORT = GuardedCells.DECLARED_PORT;
  private static final int PORT_OF_B = 61000;
  private static final int PORT_OF_C = 61001;
  private static final int PORT_OF_WEB = 61002;
  private static final int ROUTE_OF_B = 1025;
  private static final int ROUTE_OF_WEB = 1024;
  private static final int ATTEMPTS_EACH = 50;
  private static final String NAME = "web.example.com";

  private static final Service WEB = Service.port(Protocol.TCP, PORT);
  private static final Service OTHER = Service.port(Protocol.TCP, PORT + 1);

  /** To port 8080 of whatever address, in words of both families. */
  private static final SecurityGroup GROUP =
      new SecurityGroup("web", List.of(toAll(IpFamily.IPV4), toAll(IpFamily.IPV6)), Set.of());

  private static SecurityGroupRule toAll(IpFamily family) {
    return new SecurityGroupRule(
        new Traffic.Ports(Protocol.TCP, List.of(PortRange.single(PORT))),
        IpSet.of(IpRange.of(family.all())),
        false,
        "");
  }

  @TempDir private Path folder;
  private LabHost router;
  private LabHost outside;
  private List<LabHost> machines;
  private Dualstack dualstack;
  private DrilledDeployment deployment;
  private final List<MigratingCell> cells = new ArrayList<>();
  private final List<HeldConnection> held = new ArrayList<>();
  private final List<Flow> flows = new ArrayList<>();
  private Lab lab;
  private Member a;
  private Member b;
  private Member c;
  private List<IpPrefix> prefixes = List.of();
  private RouterProxy proxy;
  private EndpointRegistry registry;

  @BeforeEach
  void a_foundation_of_ipv4_alone(Lab made) {
    lab = made;
    router = lab.host("router");
    outside = lab.host("outside");
    machines = List.of(router, lab.host("cell1"), lab.host("cell2"));
    machines.forEach(machine -> ipv6("del", machine));
    GuardedCells.forgetConnectionsSoon(machines.get(1));
    GuardedCells.forgetConnectionsSoon(machines.get(2));
    proxy = new RouterProxy(router, folder);
  }

  private static void ipv6(String verb, LabHost machine) {
    machine.ip(
        "address %s %s/64 dev eth0%s"
            .formatted(verb, machine.address(IpFamily.IPV6), verb.equals("add") ? " nodad" : ""));
  }

  @ParameterizedTest
  @EnumSource
  void ipv6_is_switched_on_and_off_again_and_no_ipv4_connection_is_lost(BackendKind backend)
      throws Exception {
    try (Dualstack opened =
        Dualstack.builder().store("sqlite:" + folder.resolve("foundation.db")).build()) {
      dualstack = opened;
      deployment = new DrilledDeployment(dualstack.director());
      registry = dualstack.endpointRegistry(EndpointRegistryConfig.DEFAULT);
      deployment.apply(false);
      startCells(backend);
      startTraffic();
      Map<String, String> before = outputs();
      List<HostState> kernels = kernels();
      Member plain = startWeb();
      Map<String, String> ofWeb = outputsOfWeb(plain);
      webIsReachedBy(IpFamily.IPV4, plain);

      directorOn();
      firewallOn();
      Member both = cellsOn(plain);
      routesOn(both);
      assertThat(ParityReport.of(List.of(GROUP))).isEmpty();

      routesOff(both);
      Member again = cellsOff(both);
      firewallOff(backend);
      directorOff();

      assertThat(outputsOfWeb(again)).isEqualTo(ofWeb);
      webIsReachedBy(IpFamily.IPV4, again);
      cells.get(0).detach(again);
      carriesOn();
      assertThat(outputs()).isEqualTo(before);
      List<HostState> after = kernels();
      for (int each = 0; each < after.size(); each++) {
        after.get(each).assertSameAs(kernels.get(each));
      }
      end();
    } finally {
      cells.forEach(MigratingCell::close);
    }
  }

  // What there is from the beginning

  private void startCells(BackendKind backend) {
    for (LabHost host : machines.subList(1, machines.size())) {
      cells.add(new MigratingCell(dualstack, host, folder, backend));
    }
    cells.forEach(MigratingCell::findOthers);
    a = cells.get(0).attach(lab.container("a"), List.of(), GROUP);
    b = cells.get(0).attach(lab.container("b"), List.of(new PortMapping(PORT_OF_B, PORT)));
    c = cells.get(1).attach(lab.container("c"), List.of(new PortMapping(PORT_OF_C, PORT)));
    cells
        .get(0)
        .policies(GuardedCells.policies(List.of(a), List.of(GuardedCells.allowed(a, b, PORT))));
    cells
        .get(1)
        .policies(GuardedCells.policies(List.of(), List.of(GuardedCells.allowed(a, c, PORT))));
  }

  private IpAddress cell(int index) {
    return cells.get(index).host.address(IpFamily.IPV4);
  }

  private void startTraffic() throws IOException {
    proxy.serve(routes(HaproxyOptions.DEFAULT));
    IpAddress internet = outside.address(IpFamily.IPV4);
    held.add(hold(a.container(), b.address(IpFamily.IPV4), PORT, b.container()));
    held.add(hold(a.container(), c.address(IpFamily.IPV4), PORT, c.container()));
    held.add(hold(a.container(), internet, PORT, outside));
    held.add(hold(router, cell(0), PORT_OF_B, b.container()));
    held.add(hold(router, cell(1), PORT_OF_C, c.container()));
    held.add(hold(outside, router.address(IpFamily.IPV4), ROUTE_OF_B, b.container()));
    for (Member server : List.of(b, c)) {
      listen(server.container(), server.address(IpFamily.IPV4));
    }
    listen(outside, internet);
    flows.add(a.container().flow(c.address(IpFamily.IPV4), WEB));
    flows.add(a.container().flow(internet, WEB));
    flows.add(router.flow(cell(0), Service.port(Protocol.TCP, PORT_OF_B)));
  }

  private static void listen(LabHost host, IpAddress address) {
    assertThat(host.listen(address, WEB).port()).isEqualTo(PORT);
  }

  private static HeldConnection hold(LabHost from, IpAddress target, int port, LabHost server)
      throws IOException {
    return HeldConnection.open(from, target, port, server, PORT);
  }

  /** All that was held from the beginning carries, and no attempt since then failed. */
  private void carriesOn() throws Exception {
    for (HeldConnection each : held) {
      each.assertCarries();
    }
    for (Flow flow : flows) {
      flow.await(ATTEMPTS_EACH);
      flow.assertAll(ANSWERED);
    }
  }

  private void end() throws Exception {
    for (Flow flow : flows) {
      flow.close();
      flow.assertAll(ANSWERED);
    }
    for (HeldConnection each : held) {
      each.assertCarries();
      each.close();
    }
  }

  // Step 1: the director

  private void directorOn() throws Exception {
    List<IpPrefix> addresses = DrilledDeployment.blocks(deployment.plan(false), "default");
    DeploymentPlan planned = deployment.plan(true);

    assertThat(DrilledDeployment.networks(planned, "default"))
        .hasSameSizeAs(machines)
        .allMatch(network -> network.action() == PlannedAction.KEPT);
    DeploymentPlan applied = deployment.apply(true);

    assertThat(DrilledDeployment.blocks(applied, "default")).isEqualTo(addresses);
    assertThat(DrilledDeployment.blocks(applied, "default_v6"))
        .isEqualTo(
            machines.stream().map(machine -> machine.address(IpFamily.IPV6).toPrefix()).toList());
    prefixes = DrilledDeployment.blocks(applied, "cells_v6");
    assertThat(prefixes)
        .extracting(Object::toString)
        .containsExactly("2001:db8:4e04:d139:1::/80", "2001:db8:4e04:d139:2::/80");
    machines.forEach(machine -> ipv6("add", machine));
    for (int each = 0; each < prefixes.size(); each++) {
      lab.route(prefixes.get(each), cells.get(each).host);
    }
    carriesOn();
  }

  private void directorOff() throws Exception {
    DeploymentPlan applied = deployment.apply(false);

    assertThat(DrilledDeployment.networks(applied, "default"))
        .hasSameSizeAs(machines)
        .allMatch(network -> network.action() == PlannedAction.KEPT);
    for (int each = 0; each < prefixes.size(); each++) {
      for (LabHost host : List.of(router, outside, machines.get(1), machines.get(2))) {
        if (host != cells.get(each).host) {
          host.ip("route del " + prefixes.get(each));
        }
      }
    }
    machines.forEach(machine -> ipv6("del", machine));
    carriesOn();
  }

  // Step 2: the firewall, which is to be there before containers have addresses

  private Ipv6Firewall ipv6(int cell) {
    return new Ipv6Firewall(
        prefixes.get(cell),
        IpSet.ofPrefixes(prefixes),
        IpSet.of(IpRange.single(router.address(IpFamily.IPV6))));
  }

  private void firewallOn() throws Exception {
    assertThatThrownBy(() -> cells.get(0).restart(prefixes.get(0), null))
        .as("the cells before it")
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("open to all");
    for (int each = 0; each < cells.size(); each++) {
      cells.get(each).restart(null, ipv6(each));
    }
    carriesOn();
  }

  private void firewallOff(BackendKind backend) throws Exception {
    for (MigratingCell cell : cells) {
      cell.restart(null, null);
      if (backend == BackendKind.IPTABLES) {
        emptyIp6tables(cell.host);
      }
    }
    carriesOn();
  }

  /**
   * By iptables a cell without IPv6 neither reads nor writes a rule of ip6tables, so the operator
   * removes what kept addresses without a container shut. With it go the empty tables.
   */
  private static void emptyIp6tables(LabHost host) {
    String tables = host.run("nft", "list", "tables", "ip6");
    if (tables.contains("table ip6 filter")) {
      assertThat(host.run("ip6tables-save")).doesNotContain("netout", "2001:db8:4e04:d139::2");
      assertThat(host.run("nft", "delete", "table", "ip6", "filter")).isEmpty();
    }
  }

  // Step 3: the cells

  private Member cellsOn(Member web) throws Exception {
    for (int each = 0; each < cells.size(); each++) {
      cells.get(each).restart(prefixes.get(each), ipv6(each));
    }
    for (Member there : List.of(a, b, c, web)) {
      assertThat(there.container().run("ip", "-6", "address", "show", "dev", "eth0"))
          .doesNotContain("global");
    }
    carriesOn();
    Member both = recreated(web);
    assertThat(both.addresses()).hasSize(2);
    assertThat(prefixes.get(0).contains(both.address(IpFamily.IPV6))).isTrue();
    carriesOn();
    reachability(both).assertHolds();
    return both;
  }

  private Member cellsOff(Member web) throws Exception {
    for (int each = 0; each < cells.size(); each++) {
      cells.get(each).restart(null, ipv6(each));
    }
    carriesOn();
    reachability(web).assertHolds();
    Member plain = recreated(web);
    assertThat(plain.addresses()).hasSize(1);
    carriesOn();
    return plain;
  }

  private ReachabilityMatrix reachability(Member both) {
    LabHost from = both.container();
    IpAddress own = both.address(IpFamily.IPV6);
    ReachabilityMatrix matrix =
        ReachabilityMatrix.empty()
            .expecting(router, from, own, WEB, ANSWERED)
            .expecting(router, from, own, OTHER, REFUSED)
            .expecting(cells.get(1).host, from, own, WEB, REFUSED);
    for (Service service : List.of(WEB, OTHER, Service.ping(IpFamily.IPV6))) {
      matrix = matrix.expecting(outside, from, own, service, REFUSED);
    }
    IpAddress internet = outside.address(IpFamily.IPV6);
    return matrix
        .expecting(from, outside, internet, WEB, ANSWERED)
        .expecting(from, outside, internet, OTHER, REFUSED)
        .expecting(from, outside, internet, Service.ping(IpFamily.IPV6), REFUSED);
  }

  private Member startWeb() {
    return cells
        .get(0)
        .attach(lab.container("web"), List.of(new PortMapping(PORT_OF_WEB, PORT)), GROUP);
  }

  private Member recreated(Member web) {
    cells.get(0).detach(web);
    return cells.get(0).attach(web.container(), List.of(new PortMapping(PORT_OF_WEB, PORT)), GROUP);
  }

  // Step 4: the routes

  private NetInfo info(Member web) {
    return NetInfo.of(
        cell(0),
        web.address(IpFamily.IPV4),
        web.addresses().size() == 2 ? web.address(IpFamily.IPV6) : null,
        List.of(io.dualstack.workload.PortMapping.of(PORT, PORT_OF_WEB)));
  }

  private List<RouteMessage> messages(Member web) {
    NetInfo info = info(web);
    return RouteRegistration.ofInstance(
            info,
            info.ports().get(0),
            RouteMessage.to(RouteHost.of(cell(0)), List.of(NAME)).instance("web", "0").build(),
            false)
        .messages(true);
  }

  private void routesOn(Member web) throws Exception {
    messages(web).forEach(registry::register);
    assertThat(registry.lookup(NAME)).hasSize(2);

    webIsReachedBy(IpFamily.IPV6, web);
    carriesOn();
  }

  private void routesOff(Member web) throws Exception {
    RouteMessage direct = messages(web).get(1);
    assertThat(registry.unregister(direct)).isTrue();
    assertThat(registry.lookup(NAME)).hasSize(1);

    webIsReachedBy(IpFamily.IPV4, web);
    carriesOn();
  }

  /** Whoever comes to the router from outside is sent on by a family, and no other. */
  private void webIsReachedBy(IpFamily family, Member web) throws IOException {
    messages(web).stream().limit(1).forEach(registry::register);
    HaproxyOptions options = new HaproxyOptions(family == IpFamily.IPV6, "", "");
    proxy.serve(routes(options, endpoint(family)));
    try (Listener application = web.container().listen(web.address(family), WEB)) {
      Attempt attempt =
          outside.attempt(
              router.address(options.dualStackFrontends() ? IpFamily.IPV6 : IpFamily.IPV4),
              Service.port(Protocol.TCP, ROUTE_OF_WEB));
      assertThat(attempt).isEqualTo(new Attempt(ANSWERED, Optional.of(router.address(family))));
      assertThat(application.arrived()).isEqualTo(1);
    }
  }

  private RouteEndpoint endpoint(IpFamily family) {
    return registry.lookup(NAME).stream()
        .filter(each -> each.address().startsWith("[") == (family == IpFamily.IPV6))
        .findFirst()
        .orElseThrow();
  }

  private String routes(HaproxyOptions options, RouteEndpoint... web) {
    List<TcpRoute> routes = new ArrayList<>();
    routes.add(TcpRoute.plain("group", ROUTE_OF_B, RouteHost.of(cell(0)), PORT_OF_B));
    for (RouteEndpoint each : web) {
      routes.add(TcpRoute.plain("group", ROUTE_OF_WEB, each.host(), each.port()));
    }
    return dualstack.routeFormats().haproxy(routes, options).text();
  }

  // What is compared

  private Map<String, String> outputs() throws IOException {
    Map<String, String> outputs = new TreeMap<>();
    for (MigratingCell cell : cells) {
      cell.files().forEach((name, content) -> outputs.put(cell.host.name() + "/" + name, content));
    }
    deployment
        .plan(false)
        .instances()
        .forEach(
            instance ->
                outputs.put(
                    instance.id().toString(),
                    instance.networks()
                        + "\n"
                        + instance.settings().stream()
                            .map(VmNetwork::toString)
                            .collect(joining("\n"))));
    for (Member member : List.of(a, b, c)) {
      outputs.put(
          member.container().name(),
          member.container().run("ip", "-oneline", "address", "show", "dev", "eth0"));
    }
    return outputs;
  }

  /** With a name in place of the address, which is another whenever it is created. */
  private Map<String, String> outputsOfWeb(Member web) {
    Map<String, String> outputs = new LinkedHashMap<>();
    outputs.put(
        "environment",
        dualstack
            .workloadFormats()
            .environment(info(web), EnvironmentOptions.DEFAULT)
            .toString()
            .replace(web.address(IpFamily.IPV4).toString(), "WEB"));
    outputs.put("messages", messages(web).toString());
    messages(web).stream().limit(1).forEach(registry::register);
    outputs.put("routes", routes(HaproxyOptions.DEFAULT, endpoint(IpFamily.IPV4)));
    return Map.copyOf(outputs);
  }

  private List<HostState> kernels() {
    return machines.stream().map(HostState::of).toList();
  }
}
