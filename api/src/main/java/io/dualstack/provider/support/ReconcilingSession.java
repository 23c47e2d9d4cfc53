package io.dualstack.provider.support;

import io.dualstack.Diagnostic;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.support.NicLedger.Intent;
import io.dualstack.provider.support.NicLedger.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A session over the primitive operations of an infrastructure. Before it touches a NIC it writes
 * down in the journal what it is about to do, and afterwards what was done; a NIC that fails is
 * undone. A run that was cut off is finished when the same NIC is asked for again, since what is
 * asked for is compared with what the infrastructure has, and not with what was remembered.
 *
 * <p>Requests that have nothing to do with one another are worked on side by side. One that needs a
 * block that an earlier one gives up waits for it. Two processes that work on one NIC at one moment
 * are kept apart by the allocator, which hands a block to one owner only.
 */
public final class ReconcilingSession implements ProviderSession {
  /** What was begun by a process that is gone is forgotten after this. */
  private static final Duration FORGET_AFTER = Duration.ofHours(1);

  /** More NICs than this are looked up by listing all. */
  private static final int LIST_FROM = 16;

  private final String provider;
  private final Capabilities capabilities;
  private final ProviderContext context;
  private final NicOperations operations;
  private final NicWork work;
  private final SideBySide threads;

  /** Guards the ledger and what is under way; never held while the infrastructure is called. */
  private final Object lock = new Object();

  private final NicLedger ledger;
  private final Map<NicIdentity, List<IpPrefix>> underWay = new HashMap<>();
  private volatile boolean closed;

  /**
   * Creates a session.
   *
   * @param provider the provider's name
   * @param capabilities what the infrastructure can do
   * @param context settings and durable memory
   * @param operations the infrastructure; closed with the session
   * @param options how it works
   */
  public ReconcilingSession(
      String provider,
      Capabilities capabilities,
      ProviderContext context,
      NicOperations operations,
      ReconcilingOptions options) {
    this.provider = provider;
    this.capabilities = capabilities;
    this.context = context;
    this.operations = operations;
    this.ledger = new NicLedger(provider, context.journal());
    this.work = new NicWork(provider, operations, options.adopt(), this::taking);
    this.threads = new SideBySide(provider, options.concurrency());
  }

  @Override
  public List<ProviderPool> pools() {
    checkOpen();
    return operations.pools().stream().sorted(Comparator.comparing(ProviderPool::id)).toList();
  }

  @Override
  public List<Diagnostic> verify(NetworkSet networks) {
    checkOpen();
    List<Diagnostic> findings = new ArrayList<>(CapabilityCheck.of(capabilities, networks));
    findings.addAll(operations.verify(networks));
    return List.copyOf(findings);
  }

  @Override
  public List<AttachOutcome> attach(List<NicRequest> requests) {
    checkOpen();
    List<AttachOutcome> outcomes = new ArrayList<>(requests.size());
    while (outcomes.size() < requests.size()) {
      outcomes.addAll(attachFirst(requests.subList(outcomes.size(), requests.size())));
    }
    return List.copyOf(outcomes);
  }

  /** One request of a wave: worked out, or refused already. */
  private record Planned(
      NicRequest request, NicWork.@Nullable Task task, @Nullable ProviderException refusal) {}

  /** Attaches as many of the first requests as have nothing to do with one another. */
  private List<AttachOutcome> attachFirst(List<NicRequest> requests) {
    List<Planned> wave;
    synchronized (lock) {
      wave = plan(requests);
      while (wave.isEmpty()) {
        awaitChange();
        wave = plan(requests);
      }
      begin(wave);
    }
    List<NicWork.Task> tasks = new ArrayList<>();
    for (Planned planned : wave) {
      if (planned.task() != null) {
        tasks.add(planned.task());
      }
    }
    List<NicWork.Done> done = new ArrayList<>();
    try {
      Map<NicIdentity, InfrastructureNic> seen =
          look(tasks.stream().map(NicWork.Task::identity).toList());
      done.addAll(threads.run(tasks, task -> work.attach(task, seen.get(task.identity()))));
    } finally {
      end(tasks, done);
    }
    List<AttachOutcome> outcomes = new ArrayList<>(wave.size());
    int next = 0;
    for (Planned planned : wave) {
      outcomes.add(
          planned.refusal() == null
              ? done.get(next++).outcome()
              : new Failed(planned.request(), planned.refusal()));
    }
    return outcomes;
  }

  /** Plans requests up to the first that must wait for an earlier one, or for another thread. */
  private List<Planned> plan(List<NicRequest> requests) {
    Map<NicIdentity, Recorded> recorded = ledger.nics();
    Map<NicIdentity, Intent> intents = ledger.intents();
    HeldBlocks<NicIdentity> held = new HeldBlocks<>();
    recorded.forEach(
        (identity, nic) ->
            nic.nic()
                .blocks()
                .forEach(block -> held.put(block.chosenBlock().orElseThrow(), identity)));
    underWay.forEach((identity, blocks) -> blocks.forEach(block -> held.put(block, identity)));
    NicResolution resolution =
        new NicResolution(
            provider,
            capabilities,
            context.networks(),
            (block, except) ->
                held.holder(block, identity -> !identity.equals(except))
                    .flatMap(identity -> Optional.ofNullable(recorded.get(identity)))
                    .map(Recorded::nic));
    Set<NicIdentity> busy = new HashSet<>(underWay.keySet());
    List<Planned> wave = new ArrayList<>();
    for (NicRequest request : requests) {
      NicIdentity identity = NicIdentity.of(request);
      if (busy.contains(identity) || needsOneOf(busy, request, held)) {
        break;
      }
      try {
        Recorded before = recorded.get(identity);
        NicWork.Task task =
            new NicWork.Task(
                request,
                resolution.resolve(request, before == null ? null : before.nic()),
                before,
                intents.get(identity),
                resolution,
                context.clock().instant());
        operations.check(request);
        busy.add(identity);
        task.chosen().forEach(block -> held.put(block, identity));
        wave.add(new Planned(request, task, null));
      } catch (ProviderException refusal) {
        wave.add(new Planned(request, null, refusal));
      }
    }
    return wave;
  }

  /** Whether a block of a request belongs to a NIC that is being worked on. */
  private static boolean needsOneOf(
      Set<NicIdentity> busy, NicRequest request, HeldBlocks<NicIdentity> held) {
    return request.blocks().stream()
        .flatMap(block -> block.chosenBlock().stream())
        .anyMatch(block -> held.holder(block, busy::contains).isPresent());
  }

  private void begin(List<Planned> wave) {
    Map<NicIdentity, Intent> intents = new LinkedHashMap<>();
    for (Planned planned : wave) {
      if (planned.task() != null && !planned.task().isBegun()) {
        intents.put(planned.task().identity(), planned.task().intent());
      }
    }
    ledger.begin(intents);
    for (Planned planned : wave) {
      if (planned.task() != null) {
        underWay.put(planned.task().identity(), planned.task().chosen());
      }
    }
  }

  /** Writes down that a NIC of nobody is about to be taken over, and what it has. */
  private void taking(NicIdentity identity, Intent intent) {
    synchronized (lock) {
      ledger.begin(Map.of(identity, intent));
    }
  }

  private void end(List<NicWork.Task> tasks, List<NicWork.Done> done) {
    Map<NicIdentity, Recorded> recorded = new LinkedHashMap<>();
    Set<NicIdentity> gone = new HashSet<>();
    Set<NicIdentity> ended = new HashSet<>();
    for (int i = 0; i < done.size(); i++) {
      NicIdentity identity = tasks.get(i).identity();
      NicWork.Done one = done.get(i);
      if (one.recorded() != null) {
        recorded.put(identity, one.recorded());
      }
      if (one.isGone()) {
        gone.add(identity);
      }
      if (one.isEnded()) {
        ended.add(identity);
      }
    }
    synchronized (lock) {
      try {
        ended.addAll(forgotten());
        ledger.end(recorded, gone, ended);
      } finally {
        tasks.forEach(task -> underWay.remove(task.identity()));
        lock.notifyAll();
      }
    }
  }

  /**
   * What processes that are long gone had begun. What came of it, the infrastructure shows, except
   * what a NIC had that they took over.
   */
  private Set<NicIdentity> forgotten() {
    Instant before = context.clock().instant().minus(FORGET_AFTER);
    Set<NicIdentity> old = new HashSet<>();
    ledger
        .intents()
        .forEach(
            (identity, intent) -> {
              if (!underWay.containsKey(identity)
                  && intent.taken() == null
                  && intent.begun().isBefore(before)) {
                old.add(identity);
              }
            });
    return old;
  }

  /** Looks NICs up: a few one by one, many by listing all. */
  private Map<NicIdentity, InfrastructureNic> look(List<NicIdentity> identities) {
    Map<NicIdentity, InfrastructureNic> seen = new HashMap<>();
    if (identities.size() > LIST_FROM) {
      operations.all().forEach(nic -> nic.owned().ifPresent(identity -> seen.put(identity, nic)));
    } else {
      List<Optional<InfrastructureNic>> found = threads.run(identities, operations::find);
      for (int i = 0; i < found.size(); i++) {
        NicIdentity identity = identities.get(i);
        found.get(i).ifPresent(nic -> seen.put(identity, nic));
      }
    }
    return seen;
  }

  @Override
  public void detach(Collection<AttachedNic> nics) {
    checkOpen();
    Map<NicIdentity, AttachedNic> wanted = new TreeMap<>();
    nics.forEach(nic -> wanted.put(NicIdentity.of(nic), nic));
    Map<NicIdentity, Recorded> recorded;
    Map<NicIdentity, Intent> intents;
    synchronized (lock) {
      while (wanted.keySet().stream().anyMatch(underWay::containsKey)) {
        awaitChange();
      }
      recorded = ledger.nics();
      intents = ledger.intents();
      wanted.keySet().forEach(identity -> underWay.put(identity, List.of()));
    }
    Set<NicIdentity> gone = new HashSet<>();
    List<ProviderException> failures = new ArrayList<>();
    try {
      Map<NicIdentity, InfrastructureNic> seen = look(List.copyOf(wanted.keySet()));
      List<AttachedNic> unwanted = List.copyOf(wanted.values());
      List<Optional<ProviderException>> results =
          threads.run(
              unwanted,
              nic -> {
                NicIdentity identity = NicIdentity.of(nic);
                return work.detach(
                    nic, recorded.get(identity), intents.get(identity), seen.get(identity));
              });
      for (int i = 0; i < unwanted.size(); i++) {
        NicIdentity identity = NicIdentity.of(unwanted.get(i));
        Recorded before = recorded.get(identity);
        if (results.get(i).isPresent()) {
          failures.add(results.get(i).get());
        } else if (before == null
            || before.nic().incarnation().equals(unwanted.get(i).incarnation())) {
          gone.add(identity);
        }
      }
    } finally {
      synchronized (lock) {
        try {
          ledger.end(Map.of(), gone, gone);
        } finally {
          wanted.keySet().forEach(underWay::remove);
          lock.notifyAll();
        }
      }
    }
    if (!failures.isEmpty()) {
      ProviderException first = failures.get(0);
      failures.subList(1, failures.size()).forEach(first::addSuppressed);
      throw first;
    }
  }

  @Override
  public List<AttachedNic> attached(OwnerScope scope) {
    checkOpen();
    Map<NicIdentity, Recorded> recorded;
    Map<NicIdentity, Intent> intents;
    synchronized (lock) {
      recorded = ledger.nics();
      intents = ledger.intents();
    }
    Map<NicIdentity, InfrastructureNic> seen = new TreeMap<>();
    operations.all().forEach(nic -> nic.owned().ifPresent(identity -> seen.put(identity, nic)));
    List<NicIdentity> unseen =
        recorded.keySet().stream()
            .filter(identity -> scope.contains(identity.owner()) && !seen.containsKey(identity))
            .toList();
    // A listing may lag behind; a look at the NIC itself decides.
    threads
        .run(unseen, operations::find)
        .forEach(found -> found.ifPresent(nic -> nic.owned().ifPresent(id -> seen.put(id, nic))));
    NicLabels labels = new NicLabels(context.networks());
    return seen.entrySet().stream()
        .filter(entry -> scope.contains(entry.getKey().owner()))
        .map(
            entry ->
                labels.describe(
                    entry.getValue(), recorded.get(entry.getKey()), intents.get(entry.getKey())))
        .toList();
  }

  private void awaitChange() {
    try {
      lock.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException(
          provider,
          Reason.UNAVAILABLE,
          true,
          "interrupted while another thread works on the same NIC",
          e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      threads.close();
      operations.close();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException(provider + ": the session is closed; open another");
    }
  }
}
