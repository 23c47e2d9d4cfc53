package io.dualstack.impl.allocation;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that run batches of callers that don't wait, and tell them their answers; for all
 * allocators of the process. There is no limit: two or three do, unless what they tell makes them
 * wait, and then others must go on. None is left some seconds after the last call.
 */
final class BatchThreads {

  private static final AtomicInteger STARTED = new AtomicInteger();

  static final Executor SHARED =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          BatchThreads::thread);

  private BatchThreads() {}

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "dualstack-batches-" + STARTED.incrementAndGet());
    thread.setDaemon(true);
    // Not that of whoever happened to call first.
    thread.setContextClassLoader(BatchThreads.class.getClassLoader());
    return thread;
  }
}
