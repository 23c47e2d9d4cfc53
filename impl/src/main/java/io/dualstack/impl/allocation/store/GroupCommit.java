package io.dualstack.impl.allocation.store;

import io.dualstack.impl.allocation.store.Ticket.Promised;
import io.dualstack.impl.allocation.store.Ticket.Waiting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
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
 * <p>Callers that don't wait are in the same groups. One of the given threads leads where none of a
 * caller does, and tells them their answers: never a caller's thread, which may hold locks.
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

  /**
   * How a request ended.
   *
   * @param <A> the answer
   */
  public interface Outcome<A> {

    /** Returns the answer, or throws what kept it from being given. */
    A answer();
  }

  private final Function<List<Q>, List<A>> writer;
  private final Consumer<List<A>> finisher;
  private final ToIntFunction<Q> weight;
  private final int maxWeight;
  private final Executor threads;
  private final int mostPromised;

  private final Object lock = new Object();
  private final ArrayDeque<Ticket<Q, A>> waiting = new ArrayDeque<>();
  private boolean led;

  /** Requests without an answer, and how many they were when the last two groups were taken. */
  private final AtomicInteger callers = new AtomicInteger();

  /** Those of them whose callers don't wait. */
  private final AtomicInteger promised = new AtomicInteger();

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
   * Creates a queue before a writer, all of whose callers wait.
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
    this(writer, finisher, weight, maxWeight, Runnable::run, 0);
  }

  /**
   * Creates a queue before a writer, whose callers may wait or be told.
   *
   * @param writer writes a group and returns the answers in its order; what it throws is thrown to
   *     all of the group
   * @param finisher does what is left to do before a group has its answers, and may run while the
   *     next groups are written and finished; what it throws is thrown to all of the group
   * @param weight how large a request is
   * @param maxWeight how large a group may become; a larger request is a group of its own
   * @param threads where groups are written and callers are told if no caller waits; must run each
   *     task on another thread than the one that brings it. If it refuses, callers' threads do it
   * @param mostPromised how many requests whose callers don't wait may be under way
   */
  public GroupCommit(
      Function<List<Q>, List<A>> writer,
      Consumer<List<A>> finisher,
      ToIntFunction<Q> weight,
      int maxWeight,
      Executor threads,
      int mostPromised) {
    this.writer = writer;
    this.finisher = finisher;
    this.weight = weight;
    this.maxWeight = maxWeight;
    this.threads = threads;
    this.mostPromised = mostPromised;
  }

  /**
   * Writes a request, alone or with others. Doesn't react to interruption; the flag stays set.
   *
   * @param request what is to be written
   * @return its answer
   */
  public A submit(Q request) {
    return answered(request).answer();
  }

  /**
   * Has a request written, alone or with others, and returns. Waits for the answer, however, if too
   * many others are under way, so that nobody brings more than can be written.
   *
   * @param request what is to be written
   * @param told is told how it ended, and throws nothing
   */
  public void submit(Q request, Consumer<Outcome<A>> told) {
    if (promised.incrementAndGet() > mostPromised) {
      promised.decrementAndGet();
      told.accept(answered(request)::answer);
      return;
    }
    Promised<Q, A> own = new Promised<>(request, told, this::lead, threads);
    if (enqueue(own) && !own.giveLead()) {
      lead(own);
    }
  }

  /** Waits until a request is answered, and may have to lead for that. */
  private Waiting<Q, A> answered(Q request) {
    Waiting<Q, A> own = new Waiting<>(request);
    if (enqueue(own) || own.awaitAnswerOrLead()) {
      lead(own);
    }
    callers.decrementAndGet();
    return own;
  }

  /** Puts a ticket in line; true if nobody leads, so that it has to. */
  private boolean enqueue(Ticket<Q, A> own) {
    callers.incrementAndGet();
    synchronized (lock) {
      waiting.add(own);
      boolean leads = !led;
      led = true;
      if (gatherer != null && waiting.size() >= gathered) {
        LockSupport.unpark(gatherer);
        gatherer = null;
      }
      return leads;
    }
  }

  /** Leads a group, in which the own request is, and as long as nobody else can the next ones. */
  private void lead(Ticket<Q, A> own) {
    Ticket<Q, A> next = own;
    while (next != null) {
      next = leadOne(own);
    }
  }

  /**
   * Writes the group that waits, lets the next one lead, and finishes. Returns the first of the
   * next one if nobody leads it.
   */
  private @Nullable Ticket<Q, A> leadOne(Ticket<Q, A> own) {
    gather();
    long start = System.nanoTime();
    List<Ticket<Q, A>> group = nextGroup();
    List<A> answers = write(group);
    Ticket<Q, A> withoutLeader = handOver();
    finish(group, answers);
    lastNanos = System.nanoTime() - start;
    release(group, own);
    return withoutLeader;
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

  /**
   * Gives the lead to the first that waits, who is the first of the next group, or gives it up.
   * Returns that one if it has no thread to lead.
   */
  private @Nullable Ticket<Q, A> handOver() {
    Ticket<Q, A> next;
    synchronized (lock) {
      if (waiting.isEmpty()) {
        led = false;
        return null;
      }
      next = waiting.getFirst();
    }
    return next.giveLead() ? null : next;
  }

  private List<A> write(List<Ticket<Q, A>> group) {
    try {
      return writer.apply(group.stream().map(ticket -> ticket.request).toList());
    } catch (Throwable failure) {
      group.forEach(ticket -> ticket.fail(failure));
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
        group.get(i).succeed(answers.get(i));
      }
    } catch (Throwable failure) {
      group.forEach(ticket -> ticket.fail(failure));
    }
  }

  /** Lets a group go: those that sleep first, then those that are told. */
  private void release(List<Ticket<Q, A>> group, Ticket<Q, A> own) {
    synchronized (lock) {
      underWay -= group.size();
    }
    List<Waiting<Q, A>> asleep = new ArrayList<>(group.size());
    List<Promised<Q, A>> toldOf = new ArrayList<>(group.size());
    for (Ticket<Q, A> ticket : group) {
      if (ticket instanceof Promised<Q, A> promise) {
        toldOf.add(promise);
      } else if (ticket instanceof Waiting<Q, A> sleeper && sleeper != own) {
        asleep.add(sleeper);
      }
    }
    Waiting.release(asleep);
    if (toldOf.isEmpty()) {
      return;
    }
    promised.addAndGet(-toldOf.size());
    callers.addAndGet(-toldOf.size());
    if (own instanceof Promised || !Promised.run(threads, () -> toldOf.forEach(Promised::tell))) {
      toldOf.forEach(Promised::tell);
    }
  }
}
