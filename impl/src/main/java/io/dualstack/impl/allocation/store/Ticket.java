package io.dualstack.impl.allocation.store;

import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.allocation.store.GroupCommit.Outcome;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request in line, and how its answer gets to whoever asked. */
abstract sealed class Ticket<Q, A> {

  final Q request;
  private @Nullable A answer;
  private @Nullable Throwable failure;

  private Ticket(Q request) {
    this.request = request;
  }

  /** Makes somebody lead on behalf of this one; false if there is nobody. */
  abstract boolean giveLead();

  void succeed(A with) {
    answer = with;
  }

  void fail(Throwable with) {
    failure = with;
  }

  A answer() {
    if (failure instanceof StoreUnavailableException unavailable) {
      // Each caller throws one of its own, with its own stack.
      throw new StoreUnavailableException(
          String.valueOf(unavailable.getMessage()), unavailable.retryable(), unavailable);
    }
    if (failure != null) {
      throw new IllegalStateException("the commit failed in a way it never should", failure);
    }
    if (answer == null) {
      throw new IllegalStateException("the writer gave no answer");
    }
    return answer;
  }

  private enum Turn {
    WAITING,
    LEADING,
    ANSWERED
  }

  /** One whose thread sleeps until it is answered, and may be woken to lead. */
  static final class Waiting<Q, A> extends Ticket<Q, A> {
    private final Thread thread = Thread.currentThread();
    private List<Waiting<Q, A>> woken = List.of();
    private int index;

    /** Written last, so that whoever reads it sees the rest. */
    private volatile Turn turn = Turn.WAITING;

    Waiting(Q request) {
      super(request);
    }

    @Override
    boolean giveLead() {
      turn = Turn.LEADING;
      LockSupport.unpark(thread);
      return true;
    }

    /** Waits; returns true if this one is to lead now, false if it is answered. */
    boolean awaitAnswerOrLead() {
      boolean interrupted = false;
      while (turn == Turn.WAITING) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        thread.interrupt();
      }
      if (turn == Turn.LEADING) {
        return true;
      }
      wake(woken, 2 * index + 1);
      wake(woken, 2 * index + 2);
      return false;
    }

    /**
     * Lets them go. Each wakes two others, so that the waking of many is the work of many and the
     * next group doesn't wait for it. Who wakes others finds them answered: the last are answered
     * first, since one that is awake already goes, and wakes, as soon as it is answered.
     */
    static <Q, A> void release(List<Waiting<Q, A>> answered) {
      for (int i = answered.size() - 1; i >= 0; i--) {
        Waiting<Q, A> each = answered.get(i);
        each.woken = answered;
        each.index = i;
        each.turn = Turn.ANSWERED;
      }
      wake(answered, 0);
    }

    private static <Q, A> void wake(List<Waiting<Q, A>> answered, int index) {
      if (index < answered.size()) {
        LockSupport.unpark(answered.get(index).thread);
      }
    }
  }

  /** One whose thread went on; it is told its answer, and others' threads do its work. */
  static final class Promised<Q, A> extends Ticket<Q, A> {
    private final Consumer<Outcome<A>> told;
    private final Consumer<Promised<Q, A>> leader;
    private final Executor threads;

    Promised(
        Q request, Consumer<Outcome<A>> told, Consumer<Promised<Q, A>> leader, Executor threads) {
      super(request);
      this.told = told;
      this.leader = leader;
      this.threads = threads;
    }

    @Override
    boolean giveLead() {
      return run(threads, () -> leader.accept(this));
    }

    void tell() {
      told.accept(this::answer);
    }

    /** Runs a task on another thread; false if there is none and none can be had. */
    static boolean run(Executor threads, Runnable task) {
      try {
        threads.execute(task);
        return true;
      } catch (RejectedExecutionException | OutOfMemoryError noThread) {
        return false;
      }
    }
  }
}
