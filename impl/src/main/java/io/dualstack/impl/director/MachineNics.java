package io.dualstack.impl.director;

import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.director.NetworkUse;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The NICs of an instance as the provider is asked for them: one per NIC group. */
final class MachineNics {

  private MachineNics() {}

  /**
   * Returns the NICs of an instance, in order of first appearance in the manifest.
   *
   * @param blocks its blocks by network; null for one that the provider is to choose
   */
  static List<NicRequest> of(
      DesiredInstance instance,
      NetworkSet networks,
      String incarnation,
      Function<String, @Nullable IpPrefix> blocks) {
    Map<String, List<NicBlock>> byNic = new LinkedHashMap<>();
    Map<String, Map<String, Map<String, Object>>> properties = new LinkedHashMap<>();
    for (NetworkUse use : instance.group().networks()) {
      if (!(networks.byName().get(use.network()) instanceof NetworkDefinition.Manual manual)) {
        continue;
      }
      Integer group = use.nicGroup();
      String nic = group == null ? use.network() : Integer.toString(group);
      IpPrefix chosen = blocks.apply(use.network());
      Integer length = use.prefixLength();
      byNic
          .computeIfAbsent(nic, key -> new ArrayList<>(3))
          .add(
              chosen != null
                  ? NicBlock.chosen(use.network(), chosen)
                  : NicBlock.toBeChosen(
                      use.network(),
                      manual.family(),
                      length == null ? manual.prefixLength() : length));
      properties
          .computeIfAbsent(nic, key -> new LinkedHashMap<>())
          .put(use.network(), propertiesOf(manual, chosen, instance.zone()));
    }
    List<NicRequest> requests = new ArrayList<>(byNic.size());
    byNic.forEach(
        (nic, wanted) ->
            requests.add(
                new NicRequest(
                    instance.id().owner(),
                    incarnation,
                    nic,
                    instance.zone(),
                    wanted,
                    properties.getOrDefault(nic, Map.of()))));
    return requests;
  }

  private static Map<String, Object> propertiesOf(
      NetworkDefinition.Manual network, @Nullable IpPrefix block, @Nullable String zone) {
    for (Subnet subnet : network.subnets()) {
      if (block == null ? subnet.serves(zone) : subnet.range().contains(block)) {
        return subnet.cloudProperties();
      }
    }
    return Map.of();
  }
}
