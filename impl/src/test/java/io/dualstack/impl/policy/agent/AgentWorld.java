package io.dualstack.impl.policy.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.StoreUnavailableException;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.KernelInput;
import io.dualstack.net.IpAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.TaggedPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A policy server, a cell's containers and its kernel, all of which a test can make fail. */
final class AgentWorld implements PolicySource, FirewallBackend {
  final List<DescribedContainer> containers = new ArrayList<>();
  final List<TaggedPolicy> policies = new ArrayList<>();
  final List<BoundSecurityGroup> groups = new ArrayList<>();
  final List<String> done = new ArrayList<>();
  final List<PolicyRules> rules = new ArrayList<>();
  final List<ContainerFirewall> egress = new ArrayList<>();
  long lastUpdated = 1;
  boolean isAway;
  String refused = "";

  static DescribedContainer container(String handle, String address, String metadata) {
    try {
      return new DescribedContainer(
          new AttachedContainer(handle, IpAddress.parse(address), null),
          (ObjectNode) new ObjectMapper().readTree(metadata));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static DescribedContainer app(String handle, String address, String app) {
    return container(
        handle,
        address,
        """
        {"policy_group_id": "%s", "space_id": "space", "container_workload": "app",
         "ports": "8080"}
        """
            .formatted(app));
  }

  static TaggedPolicy policy(String source, int tag, String destination, int port) {
    return new TaggedPolicy(
        new NetworkPolicy(
            source, new PolicyDestination.App(destination, Protocol.TCP, PortRange.single(port))),
        new PolicyTag(tag, 2),
        new PolicyTag(99, 2));
  }

  static GroupRule rule(String protocol, String destination, String ports) {
    return new GroupRule(protocol, destination, ports, null, null, "", false);
  }

  static BoundSecurityGroup group(String guid, boolean isDefault, GroupRule... rules) {
    return new BoundSecurityGroup(
        guid, guid, List.of(rules), false, isDefault, Set.of(), Set.of("space"));
  }

  private void answer() {
    if (isAway) {
      throw new StoreUnavailableException("the server is away", true, null);
    }
  }

  @Override
  public long lastUpdated() {
    answer();
    return lastUpdated;
  }

  @Override
  public List<TaggedPolicy> policies(Collection<String> ids) {
    answer();
    done.add("ask " + ids);
    return List.copyOf(policies);
  }

  @Override
  public List<BoundSecurityGroup> securityGroups(Collection<String> spaces) {
    answer();
    done.add("ask " + spaces);
    return List.copyOf(groups);
  }

  @Override
  public int routerTag() {
    answer();
    return 7;
  }

  private void change(String what) {
    if (!refused.isEmpty() && what.contains(refused)) {
      throw new IllegalStateException(what + ": the kernel refuses");
    }
    done.add(what);
  }

  @Override
  public void prepare() {
    throw new AssertionError("the agent puts nothing in force but policies and groups");
  }

  @Override
  public List<KernelInput> compile(Collection<ContainerFirewall> all, PolicyRules allowed) {
    throw new UnsupportedOperationException("no agent compiles");
  }

  @Override
  public void install(Collection<ContainerFirewall> all, PolicyRules wanted) {
    throw new AssertionError("an agent does not know all that a container needs");
  }

  @Override
  public void put(ContainerFirewall container) {
    throw new AssertionError("an agent does not know all that a container needs");
  }

  @Override
  public void egress(ContainerFirewall container) {
    change("egress " + container.endpoint().handle());
    egress.add(container);
  }

  @Override
  public void remove(ContainerEndpoint container) {
    change("remove " + container.handle());
  }

  @Override
  public boolean restore(Predicate<String> isThere) {
    throw new UnsupportedOperationException("the service does that, and no cycle");
  }

  @Override
  public void policies(PolicyRules wanted) {
    change("policies");
    rules.add(wanted);
  }
}
