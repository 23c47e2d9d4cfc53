package io.dualstack.impl.policy.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.allocation.store.Retries;
import io.dualstack.impl.store.KillableServer;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyStoreFactory;
import io.dualstack.policy.TaggedPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the server while two stores create and delete policies for several callers. */
public abstract class KilledPolicyServers {

  private static final int CALLERS = 4;
  private static final int KILLS = 3;
  private static final int ANSWERS_BETWEEN = 100;

  @TempDir private Path folder;
  private final PolicyStoreFactory factory;

  private final Set<NetworkPolicy> held = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile boolean stopped;

  protected KilledPolicyServers(PolicyStoreFactory factory) {
    this.factory = factory;
  }

  protected abstract KillableServer start(Path folder) throws IOException;

  @Test
  void no_policy_that_was_acknowledged_is_lost_and_no_tag_is_two_applications() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try (KillableServer server = start(folder.resolve("data"));
        PolicyStore one = factory.open(server.location(), 2);
        PolicyStore two = factory.open(server.location(), 2)) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        String name = "app-" + i + "-";
        PolicyStore own = i % 2 == 0 ? one : two;
        callers.add(threads.submit(() -> work(own, name)));
      }
      for (int kill = 0; kill < KILLS; kill++) {
        awaitAnswers(callers);
        server.kill();
        server.restart();
      }
      awaitAnswers(callers);
      stopped = true;
      for (Future<?> caller : callers) {
        caller.get();
      }
      check(one);
    } finally {
      stopped = true;
      threads.shutdownNow();
    }
  }

  private void awaitAnswers(List<Future<?>> callers) throws Exception {
    int wanted = answers.get() + ANSWERS_BETWEEN;
    while (answers.get() < wanted) {
      for (Future<?> caller : callers) {
        if (caller.isDone()) {
          caller.get();
        }
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void work(PolicyStore store, String name) {
    for (int i = 0; !stopped; i++) {
      NetworkPolicy policy = Policies.policy(name + i, "to-" + i % 5);
      answered(() -> store.create(List.of(policy), 1));
      held.add(policy);
      if (i % 3 == 0) {
        answered(() -> store.delete(List.of(policy)));
        held.remove(policy);
      }
    }
  }

  private void answered(Runnable call) {
    Retries.answered(
        () -> {
          call.run();
          return true;
        });
    answers.incrementAndGet();
  }

  private void check(PolicyStore store) {
    List<NetworkPolicy> policies =
        store.policies(PolicyFilter.ALL).stream().map(TaggedPolicy::policy).toList();
    assertThat(policies).containsExactlyInAnyOrderElementsOf(held).isNotEmpty();
    Set<String> apps = new HashSet<>();
    policies.forEach(policy -> apps.addAll(policy.apps()));
    assertThat(store.groups())
        .extracting(PolicyGroup::id)
        .containsExactlyInAnyOrderElementsOf(apps);
    assertThat(store.groups()).extracting(PolicyGroup::tag).doesNotHaveDuplicates();
  }
}
