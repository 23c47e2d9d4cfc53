package io.dualstack.impl.policy.agent;

import io.dualstack.DualstackException;
import io.dualstack.Meters;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.Workload;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.net.IpPrefix;
import io.dualstack.policy.TaggedPolicy;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has policies between containers follow the policy server. When something fails, the rules in the
 * kernel stay, and the next cycle does it all again: other than in the original, which then waits
 * for the next change of a policy. Thread-safe.
 */
final class PolicyCycle {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyCycle.class);

  private final Containers containers;
  private final PolicySource server;
  private final FirewallBackend backend;
  private final Settings settings;
  private final Meters meters;
  private final Stopwatch watch;

  /** Guarded by this. */
  private @Nullable Seen seen;

  /** What this process put in force; null before, or when that failed. Guarded by this. */
  private @Nullable PolicyRules inForce;

  private volatile boolean logging;

  /**
   * What operators decide.
   *
   * @param open overlay networks whose containers reach each other without a policy
   * @param ingress whether routers reach declared ports by the overlay network
   * @param logging whether what policies let through is logged, until that is switched
   */
  record Settings(List<IpPrefix> open, boolean ingress, boolean logging) {}

  /** What a cycle that succeeded was about; the time is 0 where the server did not say. */
  private record Seen(long lastUpdated, List<DescribedContainer> containers, boolean logging) {}

  PolicyCycle(
      Containers containers,
      PolicySource server,
      FirewallBackend backend,
      Settings settings,
      Meters meters) {
    this.containers = containers;
    this.server = server;
    this.backend = backend;
    this.settings = settings;
    this.meters = meters;
    this.watch = new Stopwatch(meters);
    this.logging = settings.logging();
  }

  boolean isLogging() {
    return logging;
  }

  /** Takes effect with the next cycle. */
  void log(boolean on) {
    logging = on;
  }

  /** Does a cycle unless neither policies nor containers changed since the last one. */
  synchronized void poll() {
    List<DescribedContainer> now = watch.timed("containerMetadataTime", containers::read);
    long stamp = stamp();
    Seen next = new Seen(stamp, now, logging);
    if (stamp == 0 || !next.equals(seen)) {
      cycle(next);
    }
  }

  /** Does a cycle. */
  synchronized void force() {
    cycle(new Seen(stamp(), watch.timed("containerMetadataTime", containers::read), logging));
  }

  /** Taken before policies are asked for, so that a change in between is not missed. */
  private long stamp() {
    try {
      return server.lastUpdated();
    } catch (DualstackException e) {
      LOG.atWarn().log("not known when policies changed last: {}", e.getMessage());
      return 0;
    }
  }

  private void cycle(Seen next) {
    seen = null;
    watch.run("totalPollTime", () -> apply(plan(next)));
    seen = next;
  }

  private PolicyRules plan(Seen next) {
    Set<String> ids = new TreeSet<>();
    for (DescribedContainer container : next.containers()) {
      Workload workload = container.workload();
      if (!workload.app().isEmpty()) {
        ids.add(workload.app());
        if (!workload.space().isEmpty()) {
          ids.add(workload.space());
        }
      }
    }
    List<TaggedPolicy> policies =
        ids.isEmpty() ? List.of() : watch.timed("policyServerPollTime", () -> server.policies(ids));
    OptionalInt routers =
        settings.ingress() && !ids.isEmpty()
            ? OptionalInt.of(server.routerTag())
            : OptionalInt.empty();
    return PolicyPlan.of(next.containers(), policies, settings.open(), routers, next.logging());
  }

  private void apply(PolicyRules rules) {
    if (rules.equals(inForce)) {
      return;
    }
    inForce = null;
    watch.run("iptablesEnforceTime", () -> backend.policies(rules));
    inForce = rules;
    meters.gauge("policyRules", (double) rules.sources().size() + rules.allowed().size());
  }
}
