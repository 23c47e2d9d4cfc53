package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.dualstack.LeaseConflictException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.TestClock;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Drives two registries of one place and a model side by side: random sequences of acquisitions,
 * renewals, claims, releases, restarts and waiting in a pool of three blocks and three single
 * addresses, where everything collides. Extend it, and name the class so that it is run.
 */
public abstract class LeaseRegistryModelContract {

  private static final int CELLS = 9;
  private static final long EXPIRY = 10;
  private static final LeasePool POOL =
      new LeasePool(IpPrefix.parse("10.255.0.0/28"), 30, Duration.ofSeconds(EXPIRY));

  /** Creates the suite. */
  protected LeaseRegistryModelContract() {}

  /** One place, and the registries over it. */
  protected interface Fixture extends AutoCloseable {

    /**
     * Opens a registry over the place.
     *
     * @param pool the pool
     * @param time the clock it reads
     * @return a registry that knows nothing but what the place tells it
     */
    LeaseRegistry open(LeasePool pool, Clock time);

    /** Removes the place. */
    @Override
    void close();
  }

  /**
   * Makes an empty place; called for every sequence.
   *
   * @return the place
   */
  protected abstract Fixture emptyPlace();

  /** What a step does. */
  enum Verb {
    ACQUIRE_BLOCK,
    ACQUIRE_SINGLE,
    RENEW,
    CLAIM,
    RELEASE,
    WAIT,
    REOPEN
  }

  /**
   * One step of a sequence.
   *
   * @param verb what to do
   * @param cell which cell
   * @param choice which registry, which member to claim, or how long to wait
   */
  record Step(Verb verb, int cell, int choice) {}

  /**
   * Generates steps.
   *
   * @return the steps
   */
  @Provide
  protected Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.of(Verb.ACQUIRE_BLOCK, Verb.ACQUIRE_SINGLE)),
                net.jqwik.api.Tuple.of(
                    5, Arbitraries.of(Verb.RENEW, Verb.CLAIM, Verb.RELEASE, Verb.WAIT)),
                net.jqwik.api.Tuple.of(1, Arbitraries.just(Verb.REOPEN))),
            Arbitraries.integers().between(0, CELLS - 1),
            Arbitraries.integers().between(0, 5))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  /**
   * Compares every answer, and all leases after every step, with the model's.
   *
   * @param steps what to do
   */
  @Property(tries = 200)
  protected void does_what_the_rules_say(@ForAll("steps") List<Step> steps) {
    try (Fixture place = emptyPlace()) {
      Run run = new Run(place);
      for (Step step : steps) {
        run.take(step);
        assertThat(run.registries.get(step.choice() % 2).leases())
            .as("after %s", step)
            .containsExactlyElementsOf(run.active());
      }
    }
  }

  /** A lease of the model. */
  private record Held(CellLease lease, long renewedAt) {
    boolean isActive(long now) {
      return renewedAt + EXPIRY > now;
    }
  }

  private static final class Run {
    private final Fixture place;
    private final TestClock clock = TestClock.atNoon();
    private final List<LeaseRegistry> registries;
    private final Map<IpAddress, Held> model = new TreeMap<>();

    Run(Fixture place) {
      this.place = place;
      this.registries = new ArrayList<>(List.of(open(), open()));
    }

    private LeaseRegistry open() {
      return place.open(POOL, clock);
    }

    private long now() {
      return clock.instant().getEpochSecond();
    }

    List<CellLease> active() {
      return model.values().stream()
          .filter(held -> held.isActive(now()))
          .map(Held::lease)
          .sorted()
          .toList();
    }

    void take(Step step) {
      IpAddress cell = IpAddress.parse("192.168.0.1").plus(step.cell());
      LeaseRegistry registry = registries.get(step.choice() % 2);
      switch (step.verb()) {
        case ACQUIRE_BLOCK -> acquire(registry, cell, LeaseKind.BLOCK);
        case ACQUIRE_SINGLE -> acquire(registry, cell, LeaseKind.SINGLE_ADDRESS);
        case RENEW -> {
          if (model.containsKey(cell)) {
            renew(registry, model.get(cell).lease());
          }
        }
        case CLAIM ->
            renew(
                registry,
                CellLease.of(
                    cell,
                    POOL.subnet(
                        step.choice() < 3 ? LeaseKind.BLOCK : LeaseKind.SINGLE_ADDRESS,
                        step.choice() % 3)));
        case RELEASE -> {
          registry.release(cell);
          model.remove(cell);
        }
        case WAIT -> clock.advance(Duration.ofSeconds(2L * step.choice() + 1));
        case REOPEN -> registries.set(step.choice() % 2, open());
      }
    }

    private void acquire(LeaseRegistry registry, IpAddress cell, LeaseKind kind) {
      CellLease answer;
      try {
        answer = registry.acquire(cell, kind);
      } catch (PoolExhaustedException e) {
        assertThat(model).doesNotContainKey(cell);
        assertThat(ofKind(kind)).hasSize(3).allMatch(held -> held.isActive(now()));
        return;
      }
      Held own = model.get(cell);
      if (own != null) {
        assertThat(answer).isEqualTo(own.lease());
        return;
      }
      assertThat(POOL.kindOf(answer.overlaySubnet())).contains(kind);
      assertThat(answer).isEqualTo(CellLease.of(cell, answer.overlaySubnet()));
      List<Held> others = ofKind(kind);
      if (others.size() < 3) {
        assertThat(others)
            .noneMatch(held -> held.lease().overlaySubnet().equals(answer.overlaySubnet()));
      } else {
        long oldest = others.stream().mapToLong(Held::renewedAt).min().orElseThrow();
        Held taken =
            others.stream()
                .filter(held -> held.lease().overlaySubnet().equals(answer.overlaySubnet()))
                .findFirst()
                .orElseThrow();
        assertThat(taken.isActive(now())).isFalse();
        assertThat(taken.renewedAt()).isEqualTo(oldest);
        model.remove(taken.lease().underlayIp());
      }
      model.put(cell, new Held(answer, now()));
    }

    private List<Held> ofKind(LeaseKind kind) {
      return model.values().stream().filter(held -> held.lease().kind() == kind).toList();
    }

    private void renew(LeaseRegistry registry, CellLease claimed) {
      Held own = model.get(claimed.underlayIp());
      boolean fine =
          own != null
              ? own.lease().equals(claimed)
              : model.values().stream()
                  .noneMatch(held -> held.lease().overlaySubnet().equals(claimed.overlaySubnet()));
      try {
        registry.renew(claimed);
      } catch (LeaseConflictException e) {
        assertThat(fine).as("%s was refused: %s", claimed, e.getMessage()).isFalse();
        return;
      }
      if (!fine) {
        fail("%s was accepted", claimed);
      }
      model.put(claimed.underlayIp(), new Held(claimed, now()));
    }
  }
}
