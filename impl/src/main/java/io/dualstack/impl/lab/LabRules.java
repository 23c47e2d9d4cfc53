package io.dualstack.impl.lab;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.PolicyRules.Allowed;
import io.dualstack.firewall.PolicyRules.Source;
import io.dualstack.firewall.PortMapping;
import io.dualstack.firewall.Workload;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.TaggedPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the firewall of a lab's cell is told. */
final class LabRules {
  static final String UPLINK = "eth0";

  private static final String OVERLAY = "silk-vtep";
  private static final String SPACE = "lab";

  private LabRules() {}

  /** A container on the cell: of which application, and its address in the overlay network. */
  record Member(LabApps.App app, IpAddress address) {}

  /** What is the same for all containers; inside of the overlay network nobody is hidden. */
  static CellFirewall cell(LabPlan plan, LabPlan.Machine machine, IpPrefix overlay) {
    return CellFirewall.of(machine.ipv4(), UPLINK, OVERLAY)
        .unmasquerading(overlay)
        .withIpv6(plan.ipv6(machine).orElse(null));
  }

  static ContainerFirewall container(LabPlan.Instance instance, ContainerEndpoint endpoint) {
    LabApps.App app = instance.app();
    return new ContainerFirewall(
        endpoint,
        new Workload(app.name(), SPACE, Lifecycle.RUNNING),
        List.of(app.port()),
        List.of(new PortMapping(instance.cellPort(), app.port())),
        app.groups());
  }

  /** Policies as a cell needs them: tags of who is there, and who may reach who is there. */
  static PolicyRules policies(List<TaggedPolicy> policies, List<Member> there) {
    Map<IpAddress, Source> sources = new LinkedHashMap<>();
    List<Allowed> allowed = new ArrayList<>();
    for (Member each : there) {
      String app = each.app().name();
      for (TaggedPolicy policy : policies) {
        String from = policy.policy().source();
        int tag = policy.sourceTag().number();
        if (from.equals(app)) {
          sources.putIfAbsent(each.address(), new Source(app, each.address(), tag));
        }
        if (policy.policy().destination() instanceof PolicyDestination.App to
            && to.guid().equals(app)) {
          allowed.add(new Allowed(from, app, each.address(), to.protocol(), to.ports(), tag));
        }
      }
    }
    return new PolicyRules(List.of(), List.copyOf(sources.values()), allowed, false);
  }
}
