package io.dualstack.impl.policy.agent;

import io.dualstack.DualstackException;
import io.dualstack.Meters;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.policy.BoundSecurityGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what containers may reach follow the policy server. A container whose rules can't be changed
 * keeps those it has, is tried again with the next cycle, and holds up no other. Thread-safe.
 */
final class GroupCycle {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCycle.class);

  private final Containers containers;
  private final PolicySource server;
  private final FirewallBackend backend;
  private final Meters meters;
  private final Stopwatch watch;
  private final LastGroups last;

  /** What this process put in force, by handle. Guarded by this. */
  private final Map<String, ContainerFirewall> inForce = new HashMap<>();

  GroupCycle(
      Containers containers,
      PolicySource server,
      FirewallBackend backend,
      Meters meters,
      LastGroups last) {
    this.last = last;
    this.containers = containers;
    this.server = server;
    this.backend = backend;
    this.meters = meters;
    this.watch = new Stopwatch(meters);
  }

  /**
   * Changes what is not as the server says.
   *
   * @throws RuntimeException the first failure, after the other containers are done
   */
  synchronized void cycle() {
    watch.run(
        "asgTotalPollTime",
        () -> {
          List<DescribedContainer> now = read();
          inForce
              .keySet()
              .retainAll(
                  now.stream().map(each -> each.container().handle()).collect(Collectors.toSet()));
          Map<String, ContainerFirewall> plan = GroupPlan.of(now, ToldGroups.read(told(now)));
          apply(
              plan.values().stream()
                  .filter(each -> !each.equals(inForce.get(each.endpoint().handle())))
                  .toList());
        });
  }

  /**
   * Puts in force what one container may reach, whatever this process believes is in force.
   *
   * @throws IllegalArgumentException if there is no such container
   */
  synchronized void force(String handle) {
    List<DescribedContainer> one =
        read().stream().filter(each -> each.container().handle().equals(handle)).toList();
    if (one.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: there is no such container; does the agent read the plugin's datastore?"
              .formatted(handle));
    }
    apply(List.copyOf(GroupPlan.of(one, ToldGroups.read(ask(spaces(one)))).values()));
  }

  /** Removes what is left of a container that is gone. */
  synchronized void forget(String handle) {
    watch.run(
        "asgIptablesCleanupTime",
        () -> {
          ContainerFirewall known = inForce.get(handle);
          boolean isGone =
              read().stream().noneMatch(each -> each.container().handle().equals(handle));
          if (known != null && isGone) {
            backend.remove(known.endpoint());
          }
          inForce.remove(handle);
          report();
        });
  }

  private List<DescribedContainer> read() {
    return watch.timed("containerMetadataTime", containers::read);
  }

  private List<BoundSecurityGroup> told(List<DescribedContainer> now) {
    Set<String> spaces = spaces(now);
    try {
      List<BoundSecurityGroup> told = ask(spaces);
      last.told(spaces, told);
      return told;
    } catch (DualstackException e) {
      last.missed(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private static Set<String> spaces(List<DescribedContainer> now) {
    return now.stream()
        .filter(GroupPlan::concerns)
        .map(each -> each.workload().space())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private List<BoundSecurityGroup> ask(Set<String> spaces) {
    return spaces.isEmpty()
        ? List.of()
        : watch.timed("policyServerAsgPollTime", () -> server.securityGroups(spaces));
  }

  private void apply(List<ContainerFirewall> changed) {
    RuntimeException failed = null;
    for (ContainerFirewall container : changed) {
      String handle = container.endpoint().handle();
      inForce.remove(handle);
      try {
        watch.run("asgIptablesEnforceTime", () -> backend.egress(container));
        inForce.put(handle, container);
        LOG.atInfo().addKeyValue("container", handle).log("security group rules were updated");
      } catch (RuntimeException e) {
        LOG.atError()
            .addKeyValue("container", handle)
            .log("its security group rules stay as they are: {}", e.getMessage());
        if (failed == null) {
          failed = e;
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    report();
    if (failed != null) {
      throw failed;
    }
  }

  private void report() {
    meters.gauge(
        "securityGroupRules",
        (double)
            inForce.values().stream()
                .flatMap(container -> container.groups().stream())
                .mapToLong(group -> group.rules().size())
                .sum());
  }
}
