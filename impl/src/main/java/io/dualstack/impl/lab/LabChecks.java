package io.dualstack.impl.lab;

import io.dualstack.firewall.Packet;
import io.dualstack.firewall.Service;
import io.dualstack.firewall.Verdict;
import io.dualstack.impl.firewall.EgressFilter;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.workload.NetInfo;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who should reach whom in a lab: inside by policy, the Internet by security group, from outside
 * through the router alone. What should come of each attempt follows from the lab's files, not from
 * what the kernel was told.
 */
public final class LabChecks {
  private final LabView view;
  private final LabPlan plan;
  private final List<Check> checks = new ArrayList<>();

  private LabChecks(LabView view) {
    this.view = view;
    this.plan = view.plan();
  }

  /**
   * Returns all attempts.
   *
   * @param routed whether something leads in from outside
   */
  public static List<Check> of(LabView view, boolean routed) {
    LabChecks all = new LabChecks(view);
    all.inside();
    all.outward();
    all.inward();
    if (routed) {
      view.plan().apps().apps().stream().filter(app -> app.route() != 0).forEach(all::routed);
    }
    all.platform();
    return List.copyOf(all.checks);
  }

  /** Makes all attempts, one after the other, by real connections between the namespaces. */
  public static List<Check.Result> run(LabView view) {
    Map<String, Namespace> namespaces = new HashMap<>();
    try {
      List<Check.Result> results = new ArrayList<>();
      for (Check check : of(view, Files.exists(view.place().haproxy()))) {
        Namespace from =
            namespaces.computeIfAbsent(
                check.host(), host -> Namespace.open(view.place().namespace(host)));
        results.add(new Check.Result(check, Probe.of(from, check.address(), check.port())));
      }
      return results;
    } finally {
      namespaces.values().forEach(Namespace::close);
    }
  }

  /** What should come of an attempt: nothing, or an answer of one of these servers. */
  private record Expected(Set<String> servers, Set<IpAddress> clients) {
    static final Expected NOTHING = new Expected(Set.of(), Set.of());

    static Expected answer(String server, IpAddress client) {
      return new Expected(Set.of(server), Set.of(client));
    }
  }

  private void check(
      String rule,
      String host,
      String from,
      String to,
      @Nullable IpAddress address,
      int port,
      Expected expected) {
    if (address != null) {
      checks.add(
          new Check(rule, host, from, to, address, port, expected.servers(), expected.clients()));
    }
  }

  private Stream<LabPlan.Instance> firsts() {
    return plan.instances().stream().filter(instance -> instance.index() == 0);
  }

  private @Nullable IpAddress own(LabPlan.Instance instance, IpFamily family) {
    NetInfo info = view.info(instance);
    return family == IpFamily.IPV4 ? Foundation.own(info) : info.ipv6().orElse(null);
  }

  // Inside

  private void inside() {
    firsts()
        .forEach(
            from ->
                plan.instances().stream()
                    .filter(to -> !to.app().equals(from.app()))
                    .forEach(to -> between(from, to)));
  }

  /** Policies let through what goes over the overlay network, which is IPv4's. */
  private void between(LabPlan.Instance from, LabPlan.Instance to) {
    for (IpFamily family : IpFamily.values()) {
      IpAddress source = own(from, family);
      boolean open = family == IpFamily.IPV4 && isAllowed(from.app(), to.app());
      check(
          "policy",
          from.handle(),
          from.name(),
          to.name(),
          source == null ? null : own(to, family),
          to.app().port(),
          open && source != null ? Expected.answer(to.name(), source) : Expected.NOTHING);
    }
  }

  private boolean isAllowed(LabApps.App from, LabApps.App to) {
    return plan.apps().policies().stream()
        .filter(policy -> policy.source().equals(from.name()))
        .map(policy -> policy.destination())
        .anyMatch(
            destination ->
                destination instanceof PolicyDestination.App app
                    && app.guid().equals(to.name())
                    && app.protocol().equals(Protocol.TCP)
                    && app.ports().contains(to.port()));
  }

  // Outward

  private void outward() {
    firsts()
        .forEach(
            from -> {
              for (int port : Foundation.OUTSIDE_PORTS) {
                for (IpFamily family : IpFamily.values()) {
                  outward(from, family, port);
                }
              }
            });
  }

  private void outward(LabPlan.Instance from, IpFamily family, int port) {
    IpAddress source = own(from, family);
    if (source == null) {
      return;
    }
    IpAddress outside = outside(family);
    boolean open =
        EgressFilter.ofGroups(from.app().groups())
                .verdict(Packet.opening(source, outside, Service.port(Protocol.TCP, port)))
            == Verdict.ACCEPT;
    // By IPv4 the Internet sees the cell, by IPv6 the instance itself.
    IpAddress client = family == IpFamily.IPV4 ? from.cell().ipv4() : source;
    check(
        "security group",
        from.handle(),
        from.name(),
        LabPlace.OUTSIDE + ":" + port,
        outside,
        port,
        open ? Expected.answer(LabPlace.OUTSIDE, client) : Expected.NOTHING);
  }

  private static IpAddress outside(IpFamily family) {
    return family == IpFamily.IPV4 ? LabNetwork.OUTSIDE_IPV4 : LabNetwork.OUTSIDE_IPV6;
  }

  // Inward

  private void inward() {
    firsts()
        .forEach(
            to -> {
              for (IpFamily family : IpFamily.values()) {
                check(
                    "no ingress",
                    LabPlace.OUTSIDE,
                    LabPlace.OUTSIDE,
                    to.name(),
                    own(to, family),
                    to.app().port(),
                    Expected.NOTHING);
              }
            });
  }

  /** A router asks instances by whichever family they have, whatever its client came by. */
  private void routed(LabApps.App app) {
    Set<String> servers =
        plan.instances().stream()
            .filter(instance -> instance.app().equals(app))
            .map(LabPlan.Instance::name)
            .collect(Collectors.toSet());
    LabPlan.Machine router = plan.router();
    Set<IpAddress> clients =
        Stream.of(IpFamily.values())
            .flatMap(family -> router.address(family).stream())
            .collect(Collectors.toSet());
    for (IpFamily family : IpFamily.values()) {
      check(
          "route",
          LabPlace.OUTSIDE,
          LabPlace.OUTSIDE,
          "%s:%d (%s)".formatted(router.name(), app.route(), app.name()),
          router.address(family).orElse(null),
          app.route(),
          new Expected(servers, clients));
    }
  }

  // Platform

  private void platform() {
    LabPlan.Machine router = plan.router();
    LabPlan.Machine control = plan.control();
    firsts()
        .forEach(
            to -> {
              check(
                  "router",
                  router.host(),
                  router.name(),
                  to.name(),
                  to.cell().ipv4(),
                  to.cellPort(),
                  Expected.answer(to.name(), router.ipv4()));
              Optional<IpAddress> ipv6 = router.address(IpFamily.IPV6);
              ipv6.ifPresent(
                  own ->
                      check(
                          "router",
                          router.host(),
                          router.name(),
                          to.name(),
                          own(to, IpFamily.IPV6),
                          to.app().port(),
                          Expected.answer(to.name(), own)));
              check(
                  "no ingress",
                  control.host(),
                  control.name(),
                  to.name(),
                  control.ipv6() == null ? null : own(to, IpFamily.IPV6),
                  to.app().port(),
                  Expected.NOTHING);
            });
  }
}
