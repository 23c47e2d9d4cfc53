package io.dualstack.impl.lab;

import io.dualstack.Dualstack;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.cni.link.LinkNames;
import io.dualstack.impl.cni.link.LinkPlan;
import io.dualstack.impl.firewall.cell.CellFilter;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellTranslation;
import io.dualstack.impl.firewall.setup.CellSetup;
import io.dualstack.impl.kernel.rtnetlink.Change;
import io.dualstack.impl.lease.agent.OverlayWords;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.CellLease;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import io.dualstack.workload.NetInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lab by its configuration alone: what the kernel of each of its namespaces is told, and what
 * each cell's firewall does. Nothing here asks a kernel.
 */
public final class LabModel {
  /** The name of an instance's device, as Garden calls it. */
  private static final String IN_CONTAINER = "eth0";

  /** Of devices; no path depends on it. */
  private static final int MTU = LinkPlan.SMALLEST_IPV6_MTU;

  private final LabView view;
  private final Map<LabPlan.Machine, CellLease> leases;
  private final List<TaggedPolicy> policies;

  private LabModel(
      LabView view, Map<LabPlan.Machine, CellLease> leases, List<TaggedPolicy> policies) {
    this.view = view;
    this.leases = leases;
    this.policies = policies;
  }

  /**
   * A namespace of the lab.
   *
   * @param name its part of the namespace's name
   * @param label what people call it
   * @param words what its kernel is told of its network, in the words of {@code ip}
   * @param ports the ports of TCP that something listens on; null where that is not laid down
   * @param cell what is a cell's alone; null for all others
   */
  public record Host(
      String name,
      String label,
      List<String> words,
      @Nullable Set<Integer> ports,
      @Nullable CellHost cell) {}

  /**
   * What is a cell's alone.
   *
   * @param filter what passes it
   * @param translation what becomes of addresses
   * @param guarded whether it keeps containers from using sources that are not their own by rules
   */
  public record CellHost(CellFilter filter, CellTranslation translation, boolean guarded) {}

  /**
   * Makes the model.
   *
   * @param store where leases are; each cell has one
   * @param policies where policies are
   */
  static LabModel of(LabView view, Dualstack store, PolicyStore policies) {
    Map<LabPlan.Machine, CellLease> leases = new LinkedHashMap<>();
    List<CellLease> all = store.leases(Foundation.POOL).leases();
    for (LabPlan.Machine cell : view.plan().cells()) {
      leases.put(
          cell,
          all.stream()
              .filter(lease -> lease.underlayIp().equals(cell.ipv4()))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException(cell.name() + ": has no lease")));
    }
    return new LabModel(view, leases, policies.policies(PolicyFilter.ALL));
  }

  /** The machines and instances. */
  public LabView view() {
    return view;
  }

  /** All namespaces. */
  public List<Host> hosts() {
    LabPlan plan = view.plan();
    Map<String, List<String>> words = new LinkedHashMap<>(words());
    List<Host> hosts = new ArrayList<>();
    for (LabPlan.Instance each : plan.instances()) {
      hosts.add(
          new Host(
              each.handle(),
              each.name(),
              words.getOrDefault(each.handle(), List.of()),
              Set.of(each.app().port()),
              null));
    }
    for (LabPlan.Machine machine : plan.machines()) {
      CellHost cell = leases.containsKey(machine) ? cell(machine) : null;
      hosts.add(
          new Host(
              machine.host(),
              machine.name(),
              words.getOrDefault(machine.host(), List.of()),
              null,
              cell));
    }
    hosts.add(
        new Host(
            LabPlace.UNDERLAY,
            "fabric",
            words.getOrDefault(LabPlace.UNDERLAY, List.of()),
            null,
            null));
    hosts.add(
        new Host(
            LabPlace.OUTSIDE,
            LabPlace.OUTSIDE,
            words.getOrDefault(LabPlace.OUTSIDE, List.of()),
            Set.copyOf(Foundation.OUTSIDE_PORTS),
            null));
    return hosts;
  }

  // The network

  private Map<String, List<String>> words() {
    LabNetwork network = new LabNetwork(view.place(), view.plan());
    Map<String, List<String>> words = new LinkedHashMap<>();
    network.commands().forEach((host, commands) -> words.put(host, new ArrayList<>(commands)));
    for (LabPlan.Machine cell : view.plan().cells()) {
      List<String> told = words.computeIfAbsent(cell.host(), host -> new ArrayList<>());
      told.addAll(
          OverlayWords.of(
              AgentConfig.of(cell.ipv4(), Foundation.POOL, Path.of("store.json")),
              lease(cell),
              List.copyOf(leases.values())));
      endpoints(cell).forEach((instance, endpoint) -> link(network, instance, endpoint, words));
    }
    return words;
  }

  private void link(
      LabNetwork network,
      LabPlan.Instance instance,
      ContainerEndpoint endpoint,
      Map<String, List<String>> words) {
    List<String> host = words.computeIfAbsent(instance.cell().host(), each -> new ArrayList<>());
    LinkPlan plan = new LinkPlan(endpoint.ipv4(), endpoint.ipv6(), MTU, IN_CONTAINER);
    host.add(network.pair(endpoint.device(), instance.handle()));
    plan.host().forEach(change -> host.add(change.words()));
    if (endpoint.ipv6() != null && view.plan().isOnLink(instance.cell())) {
      host.add(Change.replaceProxy(endpoint.ipv6(), LabRules.UPLINK).words());
    }
    words.put(instance.handle(), plan.container().stream().map(Change::words).toList());
  }

  private CellLease lease(LabPlan.Machine cell) {
    return Optional.ofNullable(leases.get(cell)).orElseThrow();
  }

  // The firewall

  private Map<LabPlan.Instance, ContainerEndpoint> endpoints(LabPlan.Machine cell) {
    Map<LabPlan.Instance, ContainerEndpoint> endpoints = new LinkedHashMap<>();
    for (LabPlan.Instance instance : view.plan().instances()) {
      if (instance.cell().equals(cell)) {
        NetInfo info = view.info(instance);
        endpoints.put(
            instance,
            new ContainerEndpoint(
                instance.handle(),
                LinkNames.of(Foundation.own(info)).hostDevice(),
                Foundation.own(info),
                info.ipv6().orElse(null)));
      }
    }
    return endpoints;
  }

  private CellHost cell(LabPlan.Machine machine) {
    CellSetup setup = setup(machine, BackendKind.NFTABLES, view.place().apps());
    return new CellHost(
        new CellFilter(new CellModel(setup.cell()), setup.containers(), setup.policies()),
        new CellTranslation(setup.cell(), setup.containers()),
        setup.containers().stream().anyMatch(each -> each.endpoint().ipv6() != null));
  }

  /**
   * Returns the firewall of a cell.
   *
   * @param source the file that it comes from, for refusals
   */
  CellSetup setup(LabPlan.Machine cell, BackendKind backend, Path source) {
    List<ContainerFirewall> containers = new ArrayList<>();
    List<LabRules.Member> members = new ArrayList<>();
    endpoints(cell)
        .forEach(
            (instance, endpoint) -> {
              containers.add(LabRules.container(instance, endpoint));
              members.add(new LabRules.Member(instance.app(), endpoint.ipv4()));
            });
    CellFirewall rules = LabRules.cell(view.plan(), cell, Foundation.POOL.network());
    PolicyRules allowed = LabRules.policies(policies, members);
    return new CellSetup(backend, Path.of("lock"), rules, containers, allowed, source);
  }
}
