package io.dualstack.impl.policy.agent;

import io.dualstack.firewall.BoundSecurityGroup;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Workload;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.impl.cni.link.LinkNames;
import io.dualstack.impl.firewall.cell.GroupChoice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What security groups mean for the containers of a cell. */
public final class GroupPlan {
  private static final Logger LOG = LoggerFactory.getLogger(GroupPlan.class);

  private GroupPlan() {}

  /** Says whether an agent puts security groups in force for a container. */
  static boolean concerns(DescribedContainer container) {
    Workload workload = container.workload();
    return !workload.app().isEmpty() && !workload.space().isEmpty();
  }

  /**
   * Returns what containers may reach, by their handles, with ports that they declare. Those whose
   * metadata name no application or no space are not there: nothing is put in force for them.
   */
  public static Map<String, ContainerFirewall> of(
      List<DescribedContainer> containers, List<BoundSecurityGroup> groups) {
    Map<String, ContainerFirewall> plan = new LinkedHashMap<>();
    for (DescribedContainer container : containers) {
      if (concerns(container)) {
        try {
          plan.put(
              container.container().handle(),
              new ContainerFirewall(
                  endpoint(container),
                  container.workload(),
                  ports(container),
                  List.of(),
                  GroupChoice.of(groups, container.workload())));
        } catch (IllegalArgumentException e) {
          LOG.atWarn()
              .addKeyValue("container", container.container().handle())
              .log("has no security groups put in force: {}", e.getMessage());
        }
      }
    }
    return plan;
  }

  static ContainerEndpoint endpoint(DescribedContainer described) {
    var container = described.container();
    return new ContainerEndpoint(
        container.handle(),
        LinkNames.of(container.ipv4()).hostDevice(),
        container.ipv4(),
        container.ipv6Address());
  }

  private static List<Integer> ports(DescribedContainer container) {
    try {
      return container.ports();
    } catch (IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("container", container.container().handle())
          .log("its declared ports are left out: {}", e.getMessage());
      return List.of();
    }
  }
}
