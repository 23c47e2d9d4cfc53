package io.dualstack.impl.firewall.iptables;

import io.dualstack.KernelException;
import io.dualstack.firewall.ContainerEndpoint;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.KernelInput;
import io.dualstack.impl.firewall.Told;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.kernel.LockedFile;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The firewall of a cell by iptables and, where there is IPv6, ip6tables: one run of
 * iptables-restore per family for each change, under the lock that the wrapper plugin, the policy
 * agent and others share.
 *
 * <p>IPv4 is changed first, whose tables shut a container as soon as they have it; by IPv6 a
 * container is shut as long as its own rules don't let it out.
 */
public final class IptablesBackend implements FirewallBackend {
  private static final Logger LOG = LoggerFactory.getLogger(IptablesBackend.class);

  /** Of a cell that has none yet: older than any that agents make, who tell them by the time. */
  private static final long FIRST_GENERATION = 1_000_000_000;

  private final CellModel model;
  private final Path lockFile;
  private final Clock clock;
  private final IptablesTool tool;
  private final List<FamilyTables> families;

  /** Containers whose chains this made, or found to be right. Guarded by this. */
  private final Map<String, ContainerEndpoint> known = new HashMap<>();

  /** The handles of {@link #known}, by address. Guarded by this. */
  private final Map<IpAddress, String> owners = new HashMap<>();

  /** Guarded by this. */
  private final Told told = new Told();

  /** Whether {@link #prepare} was done by this. Guarded by this. */
  private boolean isPrepared;

  /** Chains of policies that FORWARD leads to. Guarded by this. */
  private List<String> generations = List.of();

  /** The policies that this put in force; null if it did not. Guarded by this. */
  private @Nullable PolicyChain policies;

  /**
   * Makes the back end of a cell; nothing is changed yet.
   *
   * @param lockFile held while tables are changed; made if needed
   */
  public IptablesBackend(CellModel model, Namespace host, Path lockFile) {
    this(model, host, lockFile, "", Clock.systemUTC());
  }

  IptablesBackend(CellModel model, Namespace host, Path lockFile, String variant, Clock clock) {
    this.model = model;
    this.lockFile = lockFile;
    this.clock = clock;
    this.tool = new IptablesTool(host, variant);
    this.families =
        model.cell().families().stream()
            .map(family -> new FamilyTables(tool, model, family))
            .toList();
  }

  @Override
  public synchronized void prepare() {
    if (!isPrepared) {
      locked(() -> families.forEach(FamilyTables::prepare));
      isPrepared = true;
    }
  }

  @Override
  public List<KernelInput> compile(Collection<ContainerFirewall> containers, PolicyRules policies) {
    checkDistinct(containers);
    PolicyChain chain = PolicyChain.of(model, policies, FIRST_GENERATION);
    return families.stream()
        .map(
            family ->
                new KernelInput(
                    tool.restoring(family.family()),
                    family
                        .installing(SavedTables.NONE, with(containers, family.family()), chain)
                        .toString()))
        .toList();
  }

  @Override
  public synchronized void install(Collection<ContainerFirewall> containers, PolicyRules policies) {
    checkDistinct(containers);
    locked(
        () -> {
          known.clear();
          owners.clear();
          PolicyChain chain =
              PolicyChain.of(model, policies, Math.max(newest(generations()), FIRST_GENERATION));
          for (FamilyTables family : families) {
            family.install(with(containers, family.family()), chain);
          }
          inForce(chain);
          containers.forEach(each -> learn(each.endpoint()));
        });
    told.install(containers, policies);
  }

  private void inForce(PolicyChain chain) {
    generations = List.of(chain.name());
    policies = chain;
  }

  private static List<ContainerFirewall> with(
      Collection<ContainerFirewall> containers, IpFamily family) {
    return containers.stream().filter(each -> each.endpoint().address(family).isPresent()).toList();
  }

  private static void checkDistinct(Collection<ContainerFirewall> containers) {
    Set<Object> seen = new HashSet<>();
    for (ContainerFirewall container : containers) {
      ContainerEndpoint endpoint = container.endpoint();
      List<Object> names = new ArrayList<>(Set.copyOf(ChainNames.of(endpoint.handle()).all()));
      for (IpFamily family : IpFamily.values()) {
        endpoint.address(family).ifPresent(names::add);
      }
      for (Object name : names) {
        if (!seen.add(name)) {
          throw taken(endpoint.handle(), name);
        }
      }
    }
  }

  private static IllegalArgumentException taken(String handle, Object name) {
    return new IllegalArgumentException(
        "%s: %s is another container's; remove that first, or choose another"
            .formatted(handle, name));
  }

  @Override
  public synchronized void put(ContainerFirewall container) {
    ContainerEndpoint endpoint = container.endpoint();
    checkApart(endpoint);
    locked(
        () -> {
          ContainerEndpoint before = forget(endpoint.handle());
          for (FamilyTables family : families) {
            boolean has = endpoint.address(family.family()).isPresent();
            if (has && endpoint.equals(before)) {
              family.replace(container);
            } else if (has && before == null) {
              family.put(container);
            } else if (has) {
              family.repair(container);
            } else if (before != null && before.address(family.family()).isPresent()) {
              family.remove(before);
            }
          }
          learn(endpoint);
        });
    told.put(container);
  }

  private void checkApart(ContainerEndpoint endpoint) {
    for (IpFamily family : IpFamily.values()) {
      endpoint
          .address(family)
          .filter(
              address -> !owners.getOrDefault(address, endpoint.handle()).equals(endpoint.handle()))
          .ifPresent(
              address -> {
                throw taken(endpoint.handle(), address);
              });
    }
  }

  private void learn(ContainerEndpoint endpoint) {
    known.put(endpoint.handle(), endpoint);
    for (IpFamily family : IpFamily.values()) {
      endpoint.address(family).ifPresent(address -> owners.put(address, endpoint.handle()));
    }
  }

  private @Nullable ContainerEndpoint forget(String handle) {
    ContainerEndpoint endpoint = known.remove(handle);
    if (endpoint != null) {
      for (IpFamily family : IpFamily.values()) {
        endpoint.address(family).ifPresent(owners::remove);
      }
    }
    return endpoint;
  }

  @Override
  public synchronized void egress(ContainerFirewall container) {
    locked(() -> each(container.endpoint(), family -> family.egress(container)));
    told.egress(container);
  }

  @Override
  public synchronized void remove(ContainerEndpoint container) {
    locked(
        () -> {
          @Nullable ContainerEndpoint unused = forget(container.handle());
          each(container, family -> family.remove(container));
        });
    told.remove(container.handle());
  }

  /** Does the same in every family that a container has, also if one fails. */
  private void each(ContainerEndpoint endpoint, Consumer<FamilyTables> step) {
    RuntimeException failed = null;
    for (FamilyTables family : families) {
      if (endpoint.address(family.family()).isEmpty()) {
        continue;
      }
      try {
        step.accept(family);
      } catch (RuntimeException e) {
        if (failed == null) {
          failed = e;
        } else {
          failed.addSuppressed(e);
        }
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  @Override
  public synchronized void policies(PolicyRules allowed) {
    locked(
        () -> {
          List<String> before = generations.isEmpty() ? generations() : generations;
          PolicyChain chain = PolicyChain.of(model, allowed, nextGeneration(before));
          generations = List.of();
          try {
            Restore change = swap(chain, before);
            before.forEach(old -> drop(change, old));
            tool.restore(IpFamily.IPV4, change);
          } catch (KernelException notAsKnown) {
            swapThenDrop(chain, notAsKnown);
          }
          inForce(chain);
        });
    told.policies(allowed);
  }

  @Override
  public synchronized boolean restore(Predicate<String> isThere) {
    told.retain(isThere);
    if (told.isEmpty()) {
      return false;
    }
    List<Checked> checks =
        families.stream().map(family -> new Checked(family, family.check())).toList();
    List<FamilyTables> open =
        checks.stream().filter(each -> !each.isClosed()).map(Checked::family).toList();
    Optional<PolicyChain> lost =
        Optional.ofNullable(policies).filter(chain -> !chain.isInForce(checks.get(0).found()));
    List<String> restored = new ArrayList<>();
    for (FamilyTables family : open) {
      locked(family::closeAgain);
      restored.add("what no container has rules for");
    }
    for (ContainerFirewall container : told.whole()) {
      if (!all(checks, container, each -> each.isWhole(container))) {
        @Nullable ContainerEndpoint unused = forget(container.endpoint().handle());
        put(container);
        restored.add(container.endpoint().handle());
      }
    }
    boolean wasFlushed = !open.isEmpty() || lost.isPresent();
    for (ContainerFirewall container : told.reaching()) {
      if (all(checks, container, each -> each.hasOwn(container))) {
        if (!all(checks, container, each -> each.isReaching(container))) {
          egress(container);
          restored.add(container.endpoint().handle());
        }
      } else if (wasFlushed) {
        locked(() -> each(container.endpoint(), family -> family.repairFilter(container)));
        restored.add(container.endpoint().handle());
      }
    }
    if (lost.isPresent()) {
      if (!checks.get(0).found().isReached("FORWARD", lost.get().name())) {
        dropUnreached(lost.get().name());
      }
      generations = List.of();
      told.policies().ifPresent(this::policies);
      restored.add("policies");
    }
    if (!restored.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("restored", restored)
          .log("rules were taken out of the kernel by somebody, and are in force again");
    }
    return !restored.isEmpty();
  }

  /** A chain that is not there is as good as removed. */
  private void dropUnreached(String chain) {
    Restore change = new Restore().empty(TableName.FILTER, chain).delete(TableName.FILTER, chain);
    locked(() -> tool.restore(IpFamily.IPV4, change));
  }

  private static boolean all(
      List<Checked> checks, ContainerFirewall container, Predicate<Checked> holds) {
    return checks.stream()
        .filter(each -> container.endpoint().address(each.family().family()).isPresent())
        .allMatch(holds);
  }

  /** A family and what was found in its tables. */
  private record Checked(FamilyTables family, TablesCheck found) {
    boolean isClosed() {
      return family.isClosed(found);
    }

    boolean isWhole(ContainerFirewall container) {
      return family.isWhole(found, container);
    }

    boolean hasOwn(ContainerFirewall container) {
      return family.hasOwn(found, container);
    }

    boolean isReaching(ContainerFirewall container) {
      return family.isReaching(found, container);
    }
  }

  private static Restore swap(PolicyChain chain, List<String> before) {
    Restore change = new Restore();
    chain.addTo(change);
    before.forEach(old -> change.line(TableName.FILTER, "-D FORWARD -j " + old));
    return change;
  }

  private static void drop(Restore change, String old) {
    change.flush(TableName.FILTER, old);
    change.delete(TableName.FILTER, old);
  }

  /** The new policies are in force before the old chains are removed, and stay so if that fails. */
  private void swapThenDrop(PolicyChain chain, KernelException cause) {
    List<String> before = generations();
    try {
      tool.restore(IpFamily.IPV4, swap(chain, before));
    } catch (KernelException e) {
      e.addSuppressed(cause);
      throw e;
    }
    KernelException failed = null;
    for (String old : before) {
      Restore change = new Restore();
      drop(change, old);
      try {
        tool.restore(IpFamily.IPV4, change);
      } catch (KernelException e) {
        failed =
            new KernelException(
                "remove %s, whose place %s has taken".formatted(old, chain.name()), e.answer(), e);
      }
    }
    if (failed != null) {
      throw failed;
    }
  }

  private List<String> generations() {
    return tool.rules(IpFamily.IPV4, "FORWARD").stream()
        .map(SavedTables::target)
        .filter(target -> ChainNames.POLICIES.matcher(target).matches())
        .distinct()
        .toList();
  }

  /** The time, and more than any other's in any case. */
  private long nextGeneration(List<String> before) {
    return Math.max(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()), newest(before) + 1);
  }

  /** Returns 0 if there is none. */
  private static long newest(List<String> generations) {
    long newest = 0;
    for (String name : generations) {
      Matcher matcher = ChainNames.POLICIES.matcher(name);
      if (matcher.matches()) {
        newest = Math.max(newest, Long.parseLong(matcher.group(1)));
      }
    }
    return newest;
  }

  private void locked(Runnable change) {
    try (LockedFile lock = LockedFile.open(lockFile)) {
      try {
        change.run();
      } finally {
        tool.letEnd();
      }
    } catch (IOException e) {
      throw new KernelException("lock " + lockFile, String.valueOf(e.getMessage()), e);
    }
  }
}
