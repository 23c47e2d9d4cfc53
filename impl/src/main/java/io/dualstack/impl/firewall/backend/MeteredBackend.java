package io.dualstack.impl.firewall.backend;

import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.KernelInput;
import io.dualstack.impl.metrics.MeterNames;
import io.dualstack.impl.metrics.Timing;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A back end whose changes are timed, and whose rules are counted as it is told of them. */
final class MeteredBackend implements FirewallBackend {
  private final FirewallBackend backend;
  private final BackendKind kind;
  private final FirewallMeters meters;

  /** How many rules of security groups each container has, by handle. Guarded by this. */
  private final Map<String, Long> rules = new HashMap<>();

  /** Guarded by this. */
  private long policyRules;

  /** Guarded by this. */
  private boolean forgotten;

  MeteredBackend(FirewallBackend backend, BackendKind kind, FirewallMeters meters) {
    this.backend = backend;
    this.kind = kind;
    this.meters = meters;
  }

  @Override
  public void prepare() {
    change("prepare", backend::prepare);
  }

  @Override
  public List<KernelInput> compile(Collection<ContainerFirewall> containers, PolicyRules policies) {
    return backend.compile(containers, policies);
  }

  @Override
  public void install(Collection<ContainerFirewall> containers, PolicyRules policies) {
    change("install", () -> backend.install(containers, policies));
    countAll(containers, policies);
  }

  @Override
  public void put(ContainerFirewall container) {
    change("put", () -> backend.put(container));
    count(container);
  }

  @Override
  public void egress(ContainerFirewall container) {
    change("egress", () -> backend.egress(container));
    count(container);
  }

  @Override
  public void remove(ContainerEndpoint container) {
    change("remove", () -> backend.remove(container));
    uncount(container.handle());
  }

  @Override
  public void policies(PolicyRules policies) {
    change("policies", () -> backend.policies(policies));
    countPolicies(policies);
  }

  @Override
  public boolean restore(Predicate<String> isThere) {
    boolean restored = time("restore", () -> backend.restore(isThere));
    uncountAll(isThere.negate());
    if (restored) {
      meters.meters().count(MeterNames.FIREWALL_RESTORED, FirewallMeters.labels(kind), 1);
    }
    return restored;
  }

  private void change(String change, Runnable work) {
    boolean done =
        time(
            change,
            () -> {
              work.run();
              return true;
            });
    assert done;
  }

  private <T> T time(String change, Supplier<T> work) {
    return Timing.of(
        meters.meters(),
        MeterNames.FIREWALL_APPLY,
        Map.of("backend", kind.label(), "change", change),
        work);
  }

  // What is in force

  private static long rulesOf(ContainerFirewall container) {
    return container.groups().stream().mapToLong(group -> group.rules().size()).sum();
  }

  private static long rulesOf(PolicyRules policies) {
    return (long) policies.sources().size() + policies.allowed().size();
  }

  private synchronized void count(ContainerFirewall container) {
    long now = rulesOf(container);
    @Nullable Long before = rules.put(container.endpoint().handle(), now);
    add(before == null ? 1 : 0, before == null ? now : now - before);
  }

  private synchronized void countPolicies(PolicyRules policies) {
    long before = policyRules;
    policyRules = rulesOf(policies);
    add(0, policyRules - before);
  }

  private synchronized void uncount(String handle) {
    @Nullable Long before = rules.remove(handle);
    if (before != null) {
      add(-1, -before);
    }
  }

  private synchronized void uncountAll(Predicate<String> isGone) {
    rules.keySet().stream().filter(isGone).toList().forEach(this::uncount);
  }

  private synchronized void countAll(Collection<ContainerFirewall> all, PolicyRules policies) {
    uncountAll(handle -> true);
    all.forEach(this::count);
    countPolicies(policies);
  }

  private void add(long containers, long number) {
    if (!forgotten) {
      meters.add(kind, containers, number);
    }
  }

  /**
   * Takes it out of the sums, and keeps it out: its rules stay, but this process's part is over.
   */
  synchronized void forget() {
    countAll(List.of(), PolicyRules.NONE);
    forgotten = true;
  }
}
