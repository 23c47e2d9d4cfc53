package io.dualstack.impl.allocation.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.Dualstack;
import io.dualstack.allocation.Allocation;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixAllocator;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One life of a client that allocates and releases for some callers, half of them in batches, until
 * it is killed or asked to end. It goes on from what its lives before were told, which it reads
 * first: it releases what they wanted to release and asks again for what they got no answer to.
 * What it says is what {@link AllocatingProcess} says. It outlives a server that is away.
 */
public final class SoakingProcess {

  private static final int CALLERS = 4;
  private static final int BATCH = 8;

  /** How many owners a caller keeps. */
  private static final int KEPT = 12;

  private static volatile boolean ending;

  private final PrefixAllocator allocator;
  private final String name;
  private final int batch;
  private final List<String> held;
  private final Random random;

  private SoakingProcess(PrefixAllocator allocator, String name, int batch, List<String> held) {
    this.allocator = allocator;
    this.name = name;
    this.batch = batch;
    this.held = new ArrayList<>(held);
    this.random = new Random(name.hashCode());
  }

  /** Takes the store's location and the client's name. */
  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          failure.printStackTrace();
          Runtime.getRuntime().halt(1);
        });
    Acknowledged before = new Acknowledged(0);
    before.read(new BufferedReader(new InputStreamReader(System.in, UTF_8)).lines().toList());
    PrefixAllocator allocator =
        Retries.answered(() -> Dualstack.builder().store(arguments[0]).build()).allocator();
    Retries.answered(() -> define(allocator));
    before.releasing().forEach(owner -> release(allocator, owner));
    List<Thread> callers =
        IntStream.range(0, CALLERS)
            .mapToObj(caller -> caller(allocator, arguments[1] + "/" + caller, caller, before))
            .toList();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(callers)));
    callers.forEach(Thread::start);
  }

  private static boolean define(PrefixAllocator allocator) {
    allocator.define(AllocatingProcess.networks());
    return true;
  }

  private static Thread caller(
      PrefixAllocator allocator, String name, int caller, Acknowledged before) {
    List<String> held =
        before.held().keySet().stream().filter(owner -> owner.startsWith(name + "/")).toList();
    int batch = caller % 2 == 0 ? 1 : BATCH;
    SoakingProcess one = new SoakingProcess(allocator, name, batch, held);
    return new Thread(() -> one.work(before.next(name)));
  }

  private static void end(List<Thread> callers) {
    ending = true;
    for (Thread caller : callers) {
      try {
        caller.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void work(int first) {
    for (int next = first; !ending; next += batch) {
      allocate(next);
      while (held.size() > KEPT) {
        release(allocator, held.remove(random.nextInt(held.size())));
      }
    }
  }

  private void allocate(int first) {
    List<AllocationRequest> requests =
        IntStream.range(first, first + batch)
            .mapToObj(i -> AllocatingProcess.request(name + "/" + i))
            .toList();
    if (batch == 1) {
      keep(first, Retries.answered(() -> List.of(allocator.allocate(requests.get(0)))));
    } else {
      keep(first, Retries.answered(() -> allocator.allocateAll(requests)));
    }
  }

  private void keep(int first, List<Allocation> allocations) {
    for (int i = 0; i < allocations.size(); i++) {
      String owner = name + "/" + (first + i);
      AllocatingProcess.say(System.out, owner, allocations.get(i));
      held.add(owner);
    }
  }

  private static void release(PrefixAllocator allocator, String owner) {
    AllocatingProcess.say(System.out, "? " + owner);
    Retries.answered(() -> allocator.release(new Owner(owner)));
    AllocatingProcess.say(System.out, "- " + owner);
  }
}
