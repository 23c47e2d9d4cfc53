package io.dualstack.impl.allocation;

import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.impl.allocation.store.GroupCommit;
import io.dualstack.impl.metrics.MeterNames;
import io.dualstack.impl.metrics.Timing;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps in batches. One caller at a time prepares the steps of all that wait, one after the
 * other, and commits them with one flush, while the others sleep or do something else. So the index
 * needs no lock, and the more callers there are the fewer flushes each pays for.
 */
final class Batches {

  /** Enough to make a flush cheap, few enough that nobody waits long. */
  private static final int MOST = 4096;

  /** A step that loses this many races in a row gives up. */
  private static final int ATTEMPTS = 64;

  /** Steps under way whose callers don't wait; enough for several batches. */
  private static final int MOST_PROMISED = 4 * MOST;

  private final AllocationStore store;
  private final AddressSpace space;
  private final Clock clock;
  private final Meters meters;
  private final SpaceIndex index;
  private final GroupCommit<Ticket<?>, Ticket<?>> queue =
      new GroupCommit<>(
          this::runAll, this::awaitDurable, ticket -> 1, MOST, BatchThreads.SHARED, MOST_PROMISED);

  /** Whether the index is the store's image of its revision, or must be read anew. */
  private boolean inStep;

  Batches(AllocationStore store, AddressSpace space, Clock clock, Meters meters) {
    this.store = store;
    this.space = space;
    this.clock = clock;
    this.meters = meters;
    this.index = new SpaceIndex(store, space);
  }

  /** Runs a step and returns its answer, or throws what it threw. */
  <T> T run(Step<T> step) {
    Ticket<T> ticket = new Ticket<>(step);
    Timing timing = timing(step);
    T answer;
    try {
      queue.submit(ticket);
      answer = ticket.answer();
    } catch (RuntimeException | Error e) {
      timing.failed(e);
      throw e;
    }
    timing.ended(step.outcome());
    return answer;
  }

  /**
   * Has a step run in the same batches, and returns at once unless too many are under way. The
   * stage is completed when the disk has what the step did.
   *
   * @param part what of the step's answer is the caller's
   */
  <T, R> CompletionStage<R> runLater(Step<T> step, Function<T, R> part) {
    Ticket<T> ticket = new Ticket<>(step);
    Timing timing = timing(step);
    Promise<R> promise = new Promise<>();
    queue.submit(
        ticket,
        done -> {
          R answer;
          try {
            done.answer();
            answer = part.apply(ticket.answer());
          } catch (RuntimeException | Error e) {
            timing.failed(e);
            promise.completeExceptionally(e);
            return;
          }
          timing.ended(step.outcome());
          promise.complete(answer);
        });
    return promise;
  }

  private Timing timing(Step<?> step) {
    return step.meter().isEmpty() ? Timing.NONE : Timing.start(meters, step.meter());
  }

  private List<Ticket<?>> runAll(List<Ticket<?>> batch) {
    List<Ticket<?>> left = batch;
    try {
      while (!left.isEmpty()) {
        left = attempt(left);
      }
    } catch (RuntimeException | Error e) {
      // The store failed, or the code did: what was committed is unknown, so forget the index.
      inStep = false;
      for (Ticket<?> ticket : left) {
        if (!ticket.done) {
          ticket.fail(e);
        }
      }
    }
    return batch;
  }

  /**
   * Waits for the disk, also for steps that changed nothing: what they answer is what they saw.
   * Meanwhile the next batch is under way.
   */
  private void awaitDurable(List<Ticket<?>> batch) {
    long last = 0;
    for (Ticket<?> ticket : batch) {
      last = Math.max(last, ticket.revision);
    }
    Timing timing = Timing.start(meters, MeterNames.COMMIT_FLUSH);
    store.awaitDurable(last);
    timing.ended();
  }

  /** Tries all steps once; returns those that lost a race. */
  private List<Ticket<?>> attempt(List<Ticket<?>> batch) {
    if (!inStep) {
      index.reload();
      inStep = true;
    }
    Instant now = clock.instant();
    index.catchUp();
    endRests(now);
    List<Ticket<?>> prepared = new ArrayList<>(batch.size());
    List<ChangeSet> sets = new ArrayList<>(batch.size());
    for (Ticket<?> ticket : batch) {
      try {
        List<Change> changes = ticket.step.prepare(index, now);
        if (changes.isEmpty()) {
          ticket.finish(index.revision());
        } else {
          prepared.add(ticket);
          sets.add(new ChangeSet(space, now, changes));
        }
      } catch (RuntimeException e) {
        ticket.fail(e);
      }
    }
    return sets.isEmpty() ? List.of() : commit(prepared, sets);
  }

  private List<Ticket<?>> commit(List<Ticket<?>> prepared, List<ChangeSet> sets) {
    inStep = false;
    List<CommitResult> results = commitAhead(sets);
    inStep = true;
    List<Ticket<?>> lost = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Ticket<?> ticket = prepared.get(i);
      if (results.get(i) instanceof CommitResult.Committed committed) {
        boolean next = committed.revision() == index.revision() + 1;
        // Others of the batch have left their marks in the networks as they were.
        boolean alone = results.size() == 1;
        inStep &= !ticket.step.redefines() || (next && alone && ticket.step.redefine(index));
        if (next) {
          index.committed(sets.get(i).changes(), committed.revision());
        } else {
          // Somebody else committed in between: follow the store's own order of events instead.
          ticket.step.undo();
        }
        ticket.finish(committed.revision());
      } else {
        ticket.step.undo();
        meters.count(MeterNames.COMMIT_CONFLICTS);
        if (++ticket.attempts < ATTEMPTS) {
          lost.add(ticket);
        } else {
          ticket.fail(
              new StoreUnavailableException(
                  store.location()
                      + ": lost "
                      + ATTEMPTS
                      + " races against other writers: "
                      + results.get(i)
                      + "; try again",
                  true,
                  null));
        }
      }
    }
    return lost;
  }

  private List<CommitResult> commitAhead(List<ChangeSet> sets) {
    Timing timing = Timing.start(meters, MeterNames.COMMIT);
    List<CommitResult> results = store.commitAhead(sets);
    timing.ended();
    meters.count(MeterNames.COMMIT_STEPS, Map.of(), sets.size());
    return results;
  }

  /** Frees what has rested long enough, before anybody looks for free space. */
  private void endRests(Instant now) {
    List<AllocatedBlock> rested = index.rested(now);
    if (rested.isEmpty()) {
      return;
    }
    List<Change> changes = new ArrayList<>(rested.size());
    rested.forEach(block -> changes.add(new Change.Remove(block)));
    inStep = false;
    CommitResult result = commitAhead(List.of(new ChangeSet(space, now, changes))).get(0);
    inStep = true;
    if (result instanceof CommitResult.Committed committed
        && committed.revision() == index.revision() + 1) {
      index.committed(changes, committed.revision());
    } else {
      index.catchUp();
    }
  }

  /**
   * A stage that nobody but its batch completes: who cancels cancels a future of his own. Unlike a
   * minimal stage made of a future, it has the failure itself, not one around it.
   */
  private static final class Promise<T> extends CompletableFuture<T> {

    @Override
    public CompletableFuture<T> toCompletableFuture() {
      return copy();
    }
  }

  /** A step and how it ended. */
  private static final class Ticket<T> {
    final Step<T> step;
    int attempts;
    private @Nullable Throwable failure;
    private long revision;
    boolean done;

    Ticket(Step<T> step) {
      this.step = step;
    }

    void finish(long atRevision) {
      revision = atRevision;
      done = true;
    }

    void fail(Throwable cause) {
      failure = cause;
      done = true;
    }

    T answer() {
      if (failure instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      return step.answer(revision);
    }
  }
}
