package io.dualstack.impl.director;

import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.allocation.PlannedBlock;
import io.dualstack.director.Deployment;
import io.dualstack.director.InstanceId;
import io.dualstack.director.NetworkUse;
import io.dualstack.director.PlannedInstance;
import io.dualstack.director.PlannedNetwork;
import io.dualstack.host.NetworkType;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns the allocator's lines back into instances with their networks. */
final class PlanComposer {

  private final NetworkSet networks;
  private final Map<Owner, Map<String, PlannedBlock>> held = new LinkedHashMap<>();
  private final Map<Owner, List<PlannedBlock>> released = new LinkedHashMap<>();

  PlanComposer(NetworkSet networks, List<PlannedBlock> lines) {
    this.networks = networks;
    for (PlannedBlock line : lines) {
      if (line.action() == PlannedAction.RELEASED) {
        released.computeIfAbsent(line.owner(), owner -> new ArrayList<>(3)).add(line);
      } else {
        held.computeIfAbsent(line.owner(), owner -> new LinkedHashMap<>())
            .put(line.network(), line);
      }
    }
  }

  /** The block an instance holds of a network. */
  Optional<PlannedBlock> line(Owner owner, String network) {
    return Optional.ofNullable(held.getOrDefault(owner, Map.of()).get(network));
  }

  /**
   * Composes the instances: those wanted in their order, then those that are only released.
   *
   * @param chosen what the provider chose, by owner and network
   * @param macs hardware addresses by owner and NIC
   */
  List<PlannedInstance> compose(
      Deployment deployment,
      List<DesiredInstance> wanted,
      Map<Owner, Map<String, IpPrefix>> chosen,
      Map<Owner, Map<String, MacAddress>> macs) {
    List<PlannedInstance> instances = new ArrayList<>(wanted.size());
    Map<Owner, List<PlannedBlock>> gone = new LinkedHashMap<>(released);
    for (DesiredInstance instance : wanted) {
      Owner owner = instance.id().owner();
      List<PlannedNetwork> lines = new ArrayList<>();
      for (NetworkUse use : instance.group().networks()) {
        lines.add(network(owner, use, chosen));
      }
      List<PlannedBlock> givenUp = gone.remove(owner);
      if (givenUp != null) {
        givenUp.forEach(line -> lines.add(released(line)));
      }
      instances.add(
          new PlannedInstance(
              instance.id(),
              instance.wish().map(AllocationRequest::incarnation).orElse(""),
              instance.zone(),
              lines,
              MachineNetworks.of(
                  instance,
                  deployment.networks(),
                  name -> block(owner, name, chosen),
                  macs.getOrDefault(owner, Map.of())),
              instance.group().enableIpv6()));
    }
    instances.addAll(releasedInstances(gone));
    return instances;
  }

  /** Composes instances that are only released, in their own order. */
  List<PlannedInstance> releasedInstances(Map<Owner, List<PlannedBlock>> gone) {
    Map<InstanceId, PlannedInstance> sorted = new TreeMap<>();
    gone.forEach(
        (owner, lines) ->
            InstanceId.of(owner)
                .ifPresent(
                    id ->
                        sorted.put(
                            id,
                            new PlannedInstance(
                                id,
                                "",
                                lines.get(0).zone(),
                                lines.stream().map(this::released).toList(),
                                List.of(),
                                false))));
    return List.copyOf(sorted.values());
  }

  Map<Owner, List<PlannedBlock>> released() {
    return released;
  }

  private @Nullable IpPrefix block(
      Owner owner, String network, Map<Owner, Map<String, IpPrefix>> chosen) {
    IpPrefix block = line(owner, network).map(PlannedBlock::block).orElse(null);
    return block != null ? block : chosen.getOrDefault(owner, Map.of()).get(network);
  }

  private PlannedNetwork network(
      Owner owner, NetworkUse use, Map<Owner, Map<String, IpPrefix>> chosen) {
    Optional<PlannedBlock> line = line(owner, use.network());
    if (line.isEmpty()) {
      // The infrastructure hands addresses of dynamic networks out; there is nothing to do for us.
      return new PlannedNetwork(
          use.network(),
          typeOf(use.network()),
          null,
          AllocationKind.DYNAMIC,
          PlannedAction.KEPT,
          null,
          "");
    }
    PlannedBlock planned = line.get();
    return new PlannedNetwork(
        use.network(),
        typeOf(use.network()),
        block(owner, use.network(), chosen),
        planned.kind(),
        planned.action(),
        planned.replaces(),
        planned.reason());
  }

  private PlannedNetwork released(PlannedBlock line) {
    return new PlannedNetwork(
        line.network(),
        typeOf(line.network()),
        line.block(),
        line.kind(),
        PlannedAction.RELEASED,
        null,
        line.reason());
  }

  private NetworkType typeOf(String network) {
    return networks
        .find(network)
        .map(
            definition ->
                definition instanceof NetworkDefinition.Vip
                    ? NetworkType.VIP
                    : definition instanceof NetworkDefinition.Dynamic
                        ? NetworkType.DYNAMIC
                        : NetworkType.MANUAL)
        .orElse(NetworkType.MANUAL);
  }
}
