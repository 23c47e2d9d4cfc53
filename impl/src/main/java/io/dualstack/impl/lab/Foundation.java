package io.dualstack.impl.lab;

import io.dualstack.Dualstack;
import io.dualstack.KernelException;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.cell.Container;
import io.dualstack.cell.FirewallConfig;
import io.dualstack.cell.FirewallControl;
import io.dualstack.cni.CniIp;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.workload.identity.OwnAuthority;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeasePool;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import io.dualstack.workload.EnvironmentOptions;
import io.dualstack.workload.IdentityAuthority;
import io.dualstack.workload.InstanceIdentity;
import io.dualstack.workload.InstanceRecord;
import io.dualstack.workload.NetInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * All roles of a lab's foundation in one process, which runs in the namespace of the control
 * plane's machine. Closing it takes containers and cells off the network again.
 */
final class Foundation implements AutoCloseable {
  static final LeasePool POOL = LeasePool.of(IpPrefix.parse("10.255.0.0/16"), 24);

  /** What servers of the Internet listen on: the web, and mail. */
  static final List<Integer> OUTSIDE_PORTS = List.of(80, 25);

  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(30);

  private final LabPlace place;
  private final LabPlan plan;
  private final Dualstack dualstack;
  private final Consumer<String> steps;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<String, CellRole> cells = new LinkedHashMap<>();
  private final List<Placed> placed = new ArrayList<>();

  private record CellRole(LeaseAgent agent, Cell cell) {}

  /** An instance that is on the network. */
  record Placed(LabPlan.Instance instance, String guid, Container container, NetInfo info) {}

  private Foundation(LabPlace place, LabPlan plan, Dualstack dualstack, Consumer<String> steps) {
    this.place = place;
    this.plan = plan;
    this.dualstack = dualstack;
    this.steps = steps;
  }

  /**
   * Starts all of it.
   *
   * @param steps is told of each step that is done
   * @throws io.dualstack.DualstackException if something can't be had; then all is taken back
   */
  static Foundation start(
      LabPlace place,
      LabPlan plan,
      Dualstack dualstack,
      BackendKind backend,
      Consumer<String> steps)
      throws Exception {
    Foundation foundation = new Foundation(place, plan, dualstack, steps);
    try {
      foundation.startCells(backend);
      foundation.startContainers();
      foundation.enforcePolicies();
      foundation.issueCertificates();
      foundation.startServers();
      foundation.startRouting();
      foundation.record();
      return foundation;
    } catch (Exception | Error e) {
      foundation.close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T closing(T resource) {
    opened.push(resource);
    return resource;
  }

  private Path folder(String host) throws IOException {
    return Files.createDirectories(place.directory().resolve(host));
  }

  // Cells

  private void startCells(BackendKind backend) throws IOException {
    for (LabPlan.Machine machine : plan.cells()) {
      Path folder = folder(machine.host());
      LeaseAgent agent =
          closing(dualstack.leaseAgent(leases(machine, folder), dualstack.leases(POOL)));
      opened.push(agent::leave);
      CellFirewall rules = LabRules.cell(plan, machine, POOL.network());
      CellConfig config =
          CellConfig.of(agent.networks(), folder)
              .inNamespace(place.namespace(machine.host()))
              .guardedBy(new FirewallConfig(rules, backend, folder.resolve("lock")));
      Cell cell =
          closing(
              dualstack.cell(plan.isOnLink(machine) ? config.proxyingOn(LabRules.UPLINK) : config));
      cells.put(machine.name(), new CellRole(agent, cell));
    }
    cells.values().forEach(role -> role.agent().poll());
    steps.accept(
        "%d cells in the overlay network %s, firewall by %s"
            .formatted(cells.size(), POOL.network(), backend.label()));
  }

  private AgentConfig leases(LabPlan.Machine machine, Path folder) {
    AgentConfig config =
        AgentConfig.of(machine.ipv4(), POOL, folder.resolve("store.json"))
            .inNamespace(place.namespace(machine.host()));
    return machine.delegated().map(prefix -> config.withIpv6(prefix, Ipv6.REQUIRED)).orElse(config);
  }

  private CellRole cellOf(LabPlan.Instance instance) {
    CellRole role = cells.get(instance.cell().name());
    if (role == null) {
      throw new IllegalStateException(instance.cell().name());
    }
    return role;
  }

  private FirewallControl firewallOf(LabPlan.Instance instance) {
    return cellOf(instance).cell().firewall().orElseThrow();
  }

  // Containers

  private void startContainers() {
    for (LabPlan.Instance instance : plan.instances()) {
      Container container = Container.of(instance.handle(), place.namespace(instance.handle()));
      Cell cell = cellOf(instance).cell();
      List<CniIp> addresses = cell.network().attach(container).ips();
      opened.push(() -> cell.network().detach(container));
      FirewallControl firewall = firewallOf(instance);
      firewall.put(LabRules.container(instance, firewall.endpoint(container)));
      NetInfo info =
          LabView.info(
              instance,
              address(addresses, IpFamily.IPV4).orElseThrow(),
              address(addresses, IpFamily.IPV6).orElse(null));
      placed.add(new Placed(instance, UUID.randomUUID().toString(), container, info));
    }
    steps.accept("%d containers attached, each in its own namespace".formatted(placed.size()));
  }

  private static Optional<IpAddress> address(List<CniIp> addresses, IpFamily family) {
    return addresses.stream()
        .map(each -> each.address().address())
        .filter(address -> address.family() == family)
        .findFirst();
  }

  // Policies

  /** The policy server's part keeps them, the agent's part puts them in force on each cell. */
  private void enforcePolicies() {
    PolicyStore store = closing(dualstack.policies(place.policies()));
    store.create(plan.apps().policies(), plan.apps().policies().size());
    List<TaggedPolicy> policies = store.policies(PolicyFilter.ALL);
    for (LabPlan.Machine machine : plan.cells()) {
      List<Placed> there =
          placed.stream().filter(each -> each.instance().cell().equals(machine)).toList();
      if (!there.isEmpty()) {
        firewallOf(there.get(0).instance())
            .policies(
                LabRules.policies(
                    policies,
                    there.stream()
                        .map(each -> new LabRules.Member(each.instance().app(), own(each.info())))
                        .toList()));
      }
    }
    steps.accept("%d policies between applications in force".formatted(policies.size()));
  }

  static IpAddress own(NetInfo info) {
    IpAddress own = info.instanceAddress();
    if (own == null) {
      throw new IllegalStateException("an instance without an address: " + info);
    }
    return own;
  }

  // Instances

  private void issueCertificates() throws IOException {
    IdentityAuthority authority =
        dualstack.identityAuthority(
            OwnAuthority.make(place.directory(), "lab " + place.name(), AUTHORITY_VALIDITY));
    for (Placed each : placed) {
      Path credentials = folder(each.instance().handle()).resolve("credentials");
      InstanceIdentity identity =
          InstanceIdentity.of(
              each.guid(), List.of("app:" + each.instance().app().name()), each.info());
      closing(authority.keep(identity, credentials));
    }
    steps.accept("%d certificates with the addresses of both families".formatted(placed.size()));
  }

  private void startServers() throws IOException {
    for (Placed each : placed) {
      Map<String, String> environment =
          dualstack.workloadFormats().environment(each.info(), new EnvironmentOptions(true));
      Namespace namespace = closing(Namespace.open(each.container().namespace()));
      closing(
          EchoServer.start(
              namespace, each.instance().app().port(), each.instance().name(), environment));
    }
    Namespace outside = closing(Namespace.open(place.namespace(LabPlace.OUTSIDE)));
    for (int port : OUTSIDE_PORTS) {
      closing(EchoServer.start(outside, port, LabPlace.OUTSIDE, Map.of()));
    }
    steps.accept("%d applications answer by HTTP".formatted(placed.size()));
  }

  private void startRouting() throws Exception {
    closing(Routing.start(place, plan, placed, dualstack, steps));
  }

  private void record() throws IOException {
    Instant since = Instant.now();
    List<InstanceRecord> records =
        placed.stream()
            .map(each -> LabView.record(each.instance(), each.guid(), each.info(), since))
            .toList();
    Files.writeString(place.instances(), dualstack.workloadFormats().instanceRecords(records));
  }

  @Override
  public void close() {
    RuntimeException failed = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        KernelException told =
            new KernelException("end the lab", String.valueOf(e.getMessage()), e);
        if (failed == null) {
          failed = told;
        } else {
          failed.addSuppressed(told);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }
}
