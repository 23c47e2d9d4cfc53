package io.dualstack.impl.lab;

import io.dualstack.Dualstack;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.impl.cni.link.LinkNames;
import io.dualstack.impl.firewall.KernelInput;
import io.dualstack.impl.firewall.setup.CellSetup;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.LeaseKind;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import io.dualstack.workload.InstanceRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A lab up to the kernel, for who isn't root: everything is allocated and compiled in memory, and
 * what the kernel would be told is shown.
 *
 * @param view what it would be made of, and the addresses that instances would have
 * @param inputs what programs would be given, in which namespaces
 */
public record LabRehearsal(LabView view, List<Input> inputs) {
  /** Host-local's first address for containers; the one before it is the gateway. */
  private static final int FIRST_ADDRESS = 2;

  /** Copies the list. */
  public LabRehearsal {
    inputs = List.copyOf(inputs);
  }

  /**
   * What a program would be given.
   *
   * @param namespace where it would run
   * @param input the program and what it reads
   */
  public record Input(Path namespace, KernelInput input) {}

  /**
   * Does all that needs no kernel.
   *
   * @throws io.dualstack.InvalidConfigurationException naming what is wrong in the files
   */
  public static LabRehearsal of(
      LabPlace place, Path cloudConfig, Path manifest, Path apps, BackendKind backend) {
    try (Dualstack dualstack = Dualstack.builder().store("memory:").build()) {
      LabPlan plan =
          LabPlan.of(
              dualstack
                  .director()
                  .apply(
                      dualstack.director().read(DeploymentFiles.read(cloudConfig, manifest)),
                      Lab.PROVIDER),
              LabApps.read(apps));
      List<Input> inputs = new ArrayList<>();
      new LabNetwork(place, plan)
          .commands()
          .forEach((host, commands) -> inputs.add(links(place.namespace(host), commands)));
      List<TaggedPolicy> policies = policies(dualstack, plan);
      List<InstanceRecord> records = new ArrayList<>();
      for (LabPlan.Machine cell : plan.cells()) {
        Map<LabPlan.Instance, ContainerEndpoint> endpoints = endpoints(dualstack, plan, cell);
        endpoints.forEach(
            (instance, endpoint) ->
                records.add(
                    LabView.record(
                        instance,
                        instance.name(),
                        LabView.info(instance, endpoint.ipv4(), endpoint.ipv6()),
                        Instant.EPOCH)));
        for (KernelInput input :
            setup(plan, cell, endpoints, policies, apps, backend).compile(Namespace.own())) {
          inputs.add(new Input(place.namespace(cell.host()), input));
        }
      }
      return new LabRehearsal(new LabView(place, plan, records), inputs);
    }
  }

  private static Input links(Path namespace, List<String> commands) {
    return new Input(
        namespace,
        new KernelInput(List.of("ip", "-batch", "-"), String.join("\n", commands) + "\n"));
  }

  private static List<TaggedPolicy> policies(Dualstack dualstack, LabPlan plan) {
    try (PolicyStore store = dualstack.policies("memory:")) {
      store.create(plan.apps().policies(), plan.apps().policies().size());
      return store.policies(PolicyFilter.ALL);
    }
  }

  /** The addresses that host-local would give first. */
  private static Map<LabPlan.Instance, ContainerEndpoint> endpoints(
      Dualstack dualstack, LabPlan plan, LabPlan.Machine cell) {
    IpPrefix overlay =
        dualstack.leases(Foundation.POOL).acquire(cell.ipv4(), LeaseKind.BLOCK).overlaySubnet();
    Map<LabPlan.Instance, ContainerEndpoint> endpoints = new LinkedHashMap<>();
    for (LabPlan.Instance instance : plan.instances()) {
      if (instance.cell().equals(cell)) {
        int number = FIRST_ADDRESS + endpoints.size();
        IpAddress ipv4 = overlay.first().plus(number);
        @Nullable IpAddress ipv6 =
            cell.delegated().map(prefix -> prefix.first().plus(number)).orElse(null);
        endpoints.put(
            instance,
            new ContainerEndpoint(instance.handle(), LinkNames.of(ipv4).hostDevice(), ipv4, ipv6));
      }
    }
    return endpoints;
  }

  private static CellSetup setup(
      LabPlan plan,
      LabPlan.Machine cell,
      Map<LabPlan.Instance, ContainerEndpoint> endpoints,
      List<TaggedPolicy> policies,
      Path apps,
      BackendKind backend) {
    List<ContainerFirewall> containers = new ArrayList<>();
    List<LabRules.Member> members = new ArrayList<>();
    endpoints.forEach(
        (instance, endpoint) -> {
          containers.add(LabRules.container(instance, endpoint));
          members.add(new LabRules.Member(instance.app(), endpoint.ipv4()));
        });
    return new CellSetup(
        backend,
        Path.of("lock"),
        LabRules.cell(plan, cell, Foundation.POOL.network()),
        containers,
        LabRules.policies(policies, members),
        apps);
  }
}
