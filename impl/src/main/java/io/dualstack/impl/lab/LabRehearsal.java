package io.dualstack.impl.lab;

import io.dualstack.Dualstack;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.firewall.BackendKind;
import io.dualstack.impl.firewall.KernelInput;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.LeaseKind;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.policy.PolicyStore;
import io.dualstack.workload.InstanceRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lab up to the kernel, for who isn't root: everything is allocated and compiled in memory, and
 * what the kernel would be told is shown.
 *
 * @param model what it would be made of, and the addresses that instances would have
 * @param inputs what programs would be given, in which namespaces
 */
public record LabRehearsal(LabModel model, List<Input> inputs) {
  /** Host-local's first address for containers; the one before it is the gateway. */
  private static final int FIRST_ADDRESS = 2;

  /** Copies the list. */
  public LabRehearsal {
    inputs = List.copyOf(inputs);
  }

  /** The machines, and the instances as they would be. */
  public LabView view() {
    return model.view();
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
      LabView view = new LabView(place, plan, records(dualstack, plan));
      LabModel model = model(dualstack, view);
      for (LabPlan.Machine cell : plan.cells()) {
        for (KernelInput input : model.setup(cell, backend, apps).compile(Namespace.own())) {
          inputs.add(new Input(place.namespace(cell.host()), input));
        }
      }
      return new LabRehearsal(model, inputs);
    }
  }

  private static Input links(Path namespace, List<String> commands) {
    return new Input(
        namespace,
        new KernelInput(List.of("ip", "-batch", "-"), String.join("\n", commands) + "\n"));
  }

  private static LabModel model(Dualstack dualstack, LabView view) {
    try (PolicyStore store = dualstack.policies("memory:")) {
      LabApps apps = view.plan().apps();
      store.create(apps.policies(), apps.policies().size());
      return LabModel.of(view, dualstack, store);
    }
  }

  /** The instances, with the addresses that host-local would give first. */
  private static List<InstanceRecord> records(Dualstack dualstack, LabPlan plan) {
    List<InstanceRecord> records = new ArrayList<>();
    for (LabPlan.Machine cell : plan.cells()) {
      IpPrefix overlay =
          dualstack.leases(Foundation.POOL).acquire(cell.ipv4(), LeaseKind.BLOCK).overlaySubnet();
      int next = FIRST_ADDRESS;
      for (LabPlan.Instance instance : plan.instances()) {
        if (instance.cell().equals(cell)) {
          int number = next++;
          @Nullable IpAddress ipv6 =
              cell.delegated().map(prefix -> prefix.first().plus(number)).orElse(null);
          records.add(
              LabView.record(
                  instance,
                  instance.name(),
                  LabView.info(instance, overlay.first().plus(number), ipv6),
                  Instant.EPOCH));
        }
      }
    }
    return records;
  }
}
