package io.dualstack.impl.policy.agent;

import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.PolicyRules.Allowed;
import io.dualstack.firewall.PolicyRules.Source;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.TaggedPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What policies mean on one cell. The same containers and policies give the same rules, in whatever
 * order they are told.
 *
 * <p>A container whose metadata name no application has no part in it. What can't be written as a
 * rule is left out with a word in the log, which opens nothing: the original then changes nothing
 * at all, so that one container holds up the whole cell.
 */
public final class PolicyPlan {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyPlan.class);

  /** As the original, the last handle first, which counts where two have one address. */
  private static final Comparator<DescribedContainer> ORDER =
      Comparator.<DescribedContainer, String>comparing(each -> each.container().handle())
          .reversed();

  private final Map<IpAddress, Source> sources = new LinkedHashMap<>();
  private final List<Allowed> allowed = new ArrayList<>();

  private PolicyPlan() {}

  /**
   * Computes rules.
   *
   * @param open overlay networks whose containers reach each other without a policy
   * @param routers the tag of what routers send by the overlay to ports that containers declare;
   *     empty where they don't
   * @param log whether what policies let through is logged
   */
  public static PolicyRules of(
      List<DescribedContainer> containers,
      List<TaggedPolicy> policies,
      List<IpPrefix> open,
      OptionalInt routers,
      boolean log) {
    PolicyPlan plan = new PolicyPlan();
    for (DescribedContainer container : containers.stream().sorted(ORDER).toList()) {
      String app = container.workload().app();
      if (!app.isEmpty()) {
        policies.forEach(policy -> plan.add(container, app, policy));
        routers.ifPresent(tag -> plan.addIngress(container, app, tag));
      }
    }
    return new PolicyRules(
        open,
        List.copyOf(plan.sources.values()),
        plan.allowed.stream()
            .distinct()
            .sorted(
                Comparator.comparing(Allowed::address)
                    .thenComparing(Allowed::source)
                    .thenComparing(each -> each.transport().number())
                    .thenComparing(each -> each.ports().first())
                    .thenComparing(each -> each.ports().last())
                    .thenComparing(Allowed::tag))
            .toList(),
        log);
  }

  private void add(DescribedContainer container, String app, TaggedPolicy policy) {
    if (!(policy.policy().destination() instanceof PolicyDestination.App destination)) {
      return;
    }
    IpAddress address = container.container().ipv4();
    String from = policy.policy().source();
    int tag = policy.sourceTag().number();
    if (from.equals(app) && !sources.containsKey(address)) {
      attempt(container, () -> sources.put(address, new Source(app, address, tag)) == null);
    }
    if (destination.guid().equals(app)) {
      attempt(
          container,
          () ->
              allowed.add(
                  new Allowed(
                      from, app, address, destination.protocol(), destination.ports(), tag)));
    }
  }

  private void addIngress(DescribedContainer container, String app, int tag) {
    attempt(
        container,
        () ->
            allowed.addAll(
                container.ports().stream()
                    .map(
                        port ->
                            new Allowed(
                                Allowed.ROUTERS,
                                app,
                                container.container().ipv4(),
                                Protocol.TCP,
                                PortRange.single(port),
                                tag))
                    .toList()));
  }

  private static void attempt(DescribedContainer container, Supplier<Boolean> adding) {
    try {
      boolean unused = adding.get();
    } catch (IllegalArgumentException e) {
      LOG.atWarn()
          .addKeyValue("container", container.container().handle())
          .log("a policy is left out: {}", e.getMessage());
    }
  }
}
