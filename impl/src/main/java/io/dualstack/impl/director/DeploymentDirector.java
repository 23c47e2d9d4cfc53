package io.dualstack.impl.director;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.AllocationPlan;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.DesiredState;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PlannedAction;
import io.dualstack.allocation.PlannedBlock;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.director.Deployment;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.director.DeploymentPlan;
import io.dualstack.director.Director;
import io.dualstack.director.Drift;
import io.dualstack.director.DriftReport;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.InstanceId;
import io.dualstack.impl.director.bosh.BoshReader;
import io.dualstack.net.IpSet;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.Providers;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The director role over an allocator and the providers. What it does is ordered so that a run cut
 * off at any point leaves only what the next run finishes: a block is in the store before it is
 * attached, and it leaves the store after it is detached.
 */
public final class DeploymentDirector implements Director {

  private final PrefixAllocator allocator;
  private final Providers providers;
  private final Function<String, ProviderSession> sessions;
  private final AllocationStore store;
  private final DeploymentRecord records;
  private final IpSet directorAddresses;

  /**
   * Creates a director.
   *
   * @param allocator where blocks come from
   * @param store the allocator's store, for what is remembered of deployments
   * @param providers what each provider can do
   * @param sessions opens a provider by name
   * @param directorAddresses addresses never handed out
   * @param clock the clock for the audit trail
   */
  public DeploymentDirector(
      PrefixAllocator allocator,
      AllocationStore store,
      Providers providers,
      Function<String, ProviderSession> sessions,
      IpSet directorAddresses,
      Clock clock) {
    this.allocator = allocator;
    this.store = store;
    this.providers = providers;
    this.sessions = sessions;
    this.records = new DeploymentRecord(store, allocator.space(), clock);
    this.directorAddresses = directorAddresses;
  }

  @Override
  public Deployment read(DeploymentFiles files) {
    return new BoshReader().read(files, directorAddresses);
  }

  @Override
  public DeploymentPlan plan(Deployment deployment) {
    if (deployment.name().isEmpty()) {
      return withoutInstances(deployment);
    }
    List<DesiredInstance> wanted = place(deployment);
    AllocationPlan plan = allocator.plan(desired(deployment, wanted));
    return new DeploymentPlan(
        deployment.name(),
        "",
        plan.revision(),
        new PlanComposer(deployment.networks(), plan.blocks())
            .compose(deployment, wanted, Map.of(), Map.of()),
        0,
        0,
        deployment.warnings());
  }

  @Override
  public DeploymentPlan apply(Deployment deployment, String provider) {
    NetworkProvider found = providers.byName(provider);
    if (deployment.name().isEmpty()) {
      allocator.define(deployment.networks());
      return withoutInstances(deployment);
    }
    requireSameProvider(deployment.name(), provider);
    List<Diagnostic> findings = new ArrayList<>(ProviderChecks.check(deployment, found));
    refuseErrors(findings);
    try (ProviderSession session = sessions.apply(provider)) {
      findings.addAll(session.verify(deployment.networks()));
      refuseErrors(findings);
      List<DesiredInstance> wanted = place(deployment);
      AllocationPlan plan = allocator.apply(desired(deployment, wanted));
      records.attachedBy(deployment.name(), provider);
      return attach(deployment, provider, session, wanted, plan, findings);
    }
  }

  private DeploymentPlan attach(
      Deployment deployment,
      String provider,
      ProviderSession session,
      List<DesiredInstance> wanted,
      AllocationPlan plan,
      List<Diagnostic> findings) {
    OwnerScope scope = InstanceId.scopeOf(deployment.name());
    PlanComposer composer = new PlanComposer(deployment.networks(), plan.blocks());
    List<NicRequest> requests = new ArrayList<>();
    for (DesiredInstance instance : wanted) {
      instance
          .wish()
          .ifPresent(
              wish ->
                  requests.addAll(
                      MachineNics.of(
                          instance,
                          deployment.networks(),
                          wish.incarnation(),
                          network ->
                              composer
                                  .line(wish.owner(), network)
                                  .map(PlannedBlock::block)
                                  .orElse(null))));
    }
    int detached = detachUnwanted(session, scope, requests);
    Attaching attaching = new Attaching(allocator);
    attaching.attach(session, requests);
    releaseDetached(scope, attaching.failedOwners());
    attaching.throwFailure();
    List<Diagnostic> warnings = new ArrayList<>(deployment.warnings());
    warnings.addAll(findings);
    return new DeploymentPlan(
        deployment.name(),
        provider,
        plan.revision(),
        composer.compose(deployment, wanted, attaching.chosen(), attaching.macs()),
        attaching.changed(),
        detached,
        warnings);
  }

  /** Detaches the NICs of a scope that nobody asks for, and those of earlier lives of a machine. */
  private static int detachUnwanted(
      ProviderSession session, OwnerScope scope, List<NicRequest> requests) {
    Set<List<Object>> asked = new HashSet<>();
    requests.forEach(
        request -> asked.add(List.of(request.owner(), request.incarnation(), request.nic())));
    List<AttachedNic> unwanted =
        session.attached(scope).stream()
            .filter(
                nic -> !asked.contains(List.<Object>of(nic.owner(), nic.incarnation(), nic.nic())))
            .toList();
    if (!unwanted.isEmpty()) {
      session.detach(unwanted);
    }
    return unwanted.size();
  }

  /** Releases what is given up and detached; not of those whose NICs are in doubt. */
  private void releaseDetached(OwnerScope scope, Set<Owner> inDoubt) {
    List<AllocatedBlock> obsolete =
        allocator.obsolete(scope).stream()
            .filter(block -> !inDoubt.contains(block.owner()))
            .toList();
    if (!obsolete.isEmpty()) {
      allocator.releaseObsolete(obsolete);
    }
  }

  @Override
  public DriftReport drift(String deployment) {
    String provider = records.providerOf(deployment).orElse("");
    if (provider.isEmpty()) {
      return new DriftReport(deployment, provider, List.of());
    }
    try (ProviderSession session = sessions.apply(provider)) {
      return new DriftReport(deployment, provider, drift(session, deployment));
    }
  }

  @Override
  public DriftReport repair(String deployment) {
    String provider = records.providerOf(deployment).orElse("");
    if (provider.isEmpty()) {
      return new DriftReport(deployment, provider, List.of());
    }
    try (ProviderSession session = sessions.apply(provider)) {
      List<AttachedNic> nobodys = new ArrayList<>();
      for (Drift drift : drift(session, deployment)) {
        if (drift instanceof Drift.UnknownNic unknown) {
          nobodys.add(unknown.nic());
        } else if (drift instanceof Drift.OtherLife other) {
          nobodys.add(other.nic());
        }
      }
      if (!nobodys.isEmpty()) {
        session.detach(nobodys);
      }
      return new DriftReport(deployment, provider, drift(session, deployment));
    }
  }

  private List<Drift> drift(ProviderSession session, String deployment) {
    OwnerScope scope = InstanceId.scopeOf(deployment);
    return new DriftCheck(allocator.networks(), allocator.blocks(scope))
        .against(session.attached(scope));
  }

  @Override
  public DeploymentPlan release(String deployment) {
    DeploymentPlan plan = release(deployment, InstanceId.scopeOf(deployment));
    records.forget(deployment);
    return plan;
  }

  @Override
  public DeploymentPlan release(InstanceId instance) {
    return release(instance.deployment(), OwnerScope.below(instance.owner().id()));
  }

  private DeploymentPlan release(String deployment, OwnerScope scope) {
    List<AllocatedBlock> blocks = allocator.retire(scope);
    String provider = records.providerOf(deployment).orElse("");
    int detached = 0;
    if (!provider.isEmpty()) {
      try (ProviderSession session = sessions.apply(provider)) {
        detached = detachUnwanted(session, scope, List.of());
      }
    }
    releaseDetached(scope, Set.of());
    Map<Owner, List<PlannedBlock>> gone = new LinkedHashMap<>();
    for (AllocatedBlock block : blocks) {
      gone.computeIfAbsent(block.owner(), owner -> new ArrayList<>(3))
          .add(
              new PlannedBlock(
                  block.owner(),
                  block.network(),
                  block.zone(),
                  block.kind(),
                  PlannedAction.RELEASED,
                  block.block(),
                  null,
                  "released on request"));
    }
    return new DeploymentPlan(
        deployment,
        provider,
        store.revision(),
        new PlanComposer(allocator.networks(), List.of()).releasedInstances(gone),
        0,
        detached,
        List.of());
  }

  /** Puts the instances of all groups into zones, with what they hold now in mind. */
  private List<DesiredInstance> place(Deployment deployment) {
    Map<InstanceId, List<AllocatedBlock>> held = new HashMap<>();
    for (AllocatedBlock block : allocator.blocks(InstanceId.scopeOf(deployment.name()))) {
      if (block.kind() != AllocationKind.EXTERNAL) {
        InstanceId.of(block.owner())
            .ifPresent(id -> held.computeIfAbsent(id, key -> new ArrayList<>(3)).add(block));
      }
    }
    List<DesiredInstance> instances = new ArrayList<>();
    for (InstanceGroup group : deployment.groups()) {
      instances.addAll(
          new GroupPlacement(deployment.name(), group, deployment.networks(), held).instances());
    }
    return instances;
  }

  private static DesiredState desired(Deployment deployment, List<DesiredInstance> wanted) {
    List<AllocationRequest> requests = new ArrayList<>(wanted.size());
    wanted.forEach(instance -> instance.wish().ifPresent(requests::add));
    return new DesiredState(deployment.networks(), InstanceId.scopeOf(deployment.name()), requests);
  }

  private DeploymentPlan withoutInstances(Deployment deployment) {
    return new DeploymentPlan("", "", store.revision(), List.of(), 0, 0, deployment.warnings());
  }

  private void requireSameProvider(String deployment, String provider) {
    records
        .providerOf(deployment)
        .filter(before -> !before.equals(provider))
        .ifPresent(
            before -> {
              throw new InvalidConfigurationException(
                  List.of(
                      Diagnostic.error(
                          "provider",
                          "ProviderChanged",
                          ("%s: deployment %s is attached by provider %s; use that one, or release"
                                  + " the deployment first")
                              .formatted(provider, deployment, before))));
            });
  }

  private static void refuseErrors(List<Diagnostic> findings) {
    if (findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR)) {
      throw new InvalidConfigurationException(findings);
    }
  }
}
