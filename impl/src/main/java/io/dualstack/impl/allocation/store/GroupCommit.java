package io.dualstack.impl.allocation.store;

import io.dualstack.StoreUnavailableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent callers share one write. The first caller to come writes for itself and for all
 * who came meanwhile; whoever comes while it writes waits for the next group. When a group is
 * written its writer hands over, and waits for the disk while the next group is written. A lone
 * caller pays no hand-over between threads, and nothing runs when nobody calls. A writer waits for
 * callers that were there before, for a fraction of the time that they save.
 *
 * <p>Thread-safe; at most one thread is in the writer at any time, and what it did there is visible
 * to the next.
 *
 * @param <Q> what is to be written
 * @param <A> the answer to one request
 */
public final class GroupCommit<Q, A> {

  /**
   * Which part of the last group's time a writer waits at most for callers that will come anyway.
   * Without, the first of a group that comes back would be written and flushed alone while the
   * others queue up.
   */
  private static final int GATHERING = 4;

  /** And how long at most, however long the last group took. */
  private static final long MOST_GATHERING_NANOS = 5_000_000;

  private final Function<List<Q>, List<A>> writer;
  private final Consumer<List<A>> finisher;
  private final ToIntFunction<Q> weight;
  private final int maxWeight;

  private final Object lock = new Object();
  private final ArrayDeque<Ticket<Q, A>> waiting = new ArrayDeque<>();
  private boolean led;

  /** Callers in {@link #submit}, and how many they were when the last two groups were taken. */
  private final AtomicInteger callers = new AtomicInteger();

  private int lastCallers;
  private int usualCallers;

  /** Callers whose groups are being written or finished. */
  private int underWay;

  /** Who waits for how many callers, if anybody does. */
  private @Nullable Thread gatherer;

  private int gathered;

  /** How long the last group took to be written and finished. */
  private volatile long lastNanos;

  /**
   * Creates a queue before a writer.
   *
   * @param writer writes a group and returns the answers in its order; what it throws is thrown to
   *     all of the group
   * @param finisher does what is left to do before a group has its answers, and may run while the
   *     next groups are written and finished; what it throws is thrown to all of the group
   * @param weight how large a request is
   * @param maxWeight how large a group may become; a larger request is a group of its own
   */
  public GroupCommit(
      Function<List<Q>, List<A>> writer,
      Consumer<List<A>> finisher,
      ToIntFunction<Q> weight,
      int maxWeight) {
    this.writer = writer;
    this.finisher = finisher;
    this.weight = weight;
    this.maxWeight = maxWeight;
  }

  /**
   * Writes a request, alone or with others. Doesn't react to interruption; the flag stays set.
   *
   * @param request what is to be written
   * @return its answer
   */
  public A submit(Q request) {
    Ticket<Q, A> own = new Ticket<>(request);
    boolean leads;
    callers.incrementAndGet();
    synchronized (lock) {
      waiting.add(own);
      leads = !led;
      led = true;
      if (gatherer != null && waiting.size() >= gathered) {
        LockSupport.unpark(gatherer);
        gatherer = null;
      }
    }
    if (leads || own.awaitAnswerOrLead()) {
      lead(own);
    }
    callers.decrementAndGet();
    return own.answer();
  }

  /** Writes the group that waits, in which the own request is, lets the next one lead, finishes. */
  private void lead(Ticket<Q, A> own) {
    gather();
    long start = System.nanoTime();
    List<Ticket<Q, A>> group = nextGroup();
    List<A> answers = write(group);
    handOver();
    finish(group, answers);
    lastNanos = System.nanoTime() - start;
    release(group, own);
  }

  /** Waits a little until as many wait as usual, but for those who are under way already. */
  private void gather() {
    long left = Math.min(lastNanos / GATHERING, MOST_GATHERING_NANOS);
    long end = System.nanoTime() + left;
    boolean interrupted = false;
    while (left > 0 && !enoughWait()) {
      LockSupport.parkNanos(this, left);
      interrupted |= Thread.interrupted();
      left = end - System.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean enoughWait() {
    synchronized (lock) {
      gathered = usualCallers - underWay;
      boolean enough = waiting.size() >= gathered;
      gatherer = enough ? null : Thread.currentThread();
      return enough;
    }
  }

  private List<Ticket<Q, A>> nextGroup() {
    synchronized (lock) {
      gatherer = null;
      int now = callers.get();
      usualCallers = Math.max(lastCallers, now);
      lastCallers = now;
      List<Ticket<Q, A>> group = new ArrayList<>(waiting.size());
      long total = 0;
      do {
        Ticket<Q, A> next = waiting.removeFirst();
        group.add(next);
        total += weight.applyAsInt(next.request);
      } while (!waiting.isEmpty()
          && total + weight.applyAsInt(waiting.getFirst().request) <= maxWeight);
      underWay += group.size();
      return group;
    }
  }

  /** Gives the lead to the first that waits, who is the first of the next group; or gives it up. */
  private void handOver() {
    synchronized (lock) {
      if (waiting.isEmpty()) {
        led = false;
      } else {
        waiting.getFirst().giveLead();
      }
    }
  }

  private List<A> write(List<Ticket<Q, A>> group) {
    try {
      return writer.apply(group.stream().map(ticket -> ticket.request).toList());
    } catch (Throwable failure) {
      group.forEach(ticket -> ticket.failure = failure);
      return List.of();
    }
  }

  private void finish(List<Ticket<Q, A>> group, List<A> answers) {
    if (answers.isEmpty()) {
      return;
    }
    try {
      finisher.accept(answers);
      for (int i = 0; i < group.size(); i++) {
        group.get(i).answer = answers.get(i);
      }
    } catch (Throwable failure) {
      group.forEach(ticket -> ticket.failure = failure);
    }
  }

  /**
   * Lets a group go. Each of it wakes two others, so that the waking of many is the work of many
   * and the next group doesn't wait for it. Who wakes others finds them answered: the last are
   * answered first, since one that is awake already goes, and wakes, as soon as it is answered.
   */
  private void release(List<Ticket<Q, A>> group, Ticket<Q, A> own) {
    synchronized (lock) {
      underWay -= group.size();
    }
    if (group.remove(own)) {
      own.turn = Turn.ANSWERED;
    }
    for (int i = group.size() - 1; i >= 0; i--) {
      Ticket<Q, A> ticket = group.get(i);
      ticket.group = group;
      ticket.index = i;
      ticket.turn = Turn.ANSWERED;
    }
    wake(group, 0);
  }

  private static <Q, A> void wake(List<Ticket<Q, A>> group, int index) {
    if (index < group.size()) {
      LockSupport.unpark(group.get(index).thread);
    }
  }

  private enum Turn {
    WAITING,
    LEADING,
    ANSWERED
  }

  /** A request that waits in line, and the thread behind it. Its turn is written last. */
  private static final class Ticket<Q, A> {
    private final Q request;
    private final Thread thread = Thread.currentThread();
    private List<Ticket<Q, A>> group = List.of();
    private int index;
    private @Nullable A answer;
    private @Nullable Throwable failure;
    private volatile Turn turn = Turn.WAITING;

    Ticket(Q request) {
      this.request = request;
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
      wake(group, 2 * index + 1);
      wake(group, 2 * index + 2);
      return false;
    }

    void giveLead() {
      turn = Turn.LEADING;
      LockSupport.unpark(thread);
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
  }
}
