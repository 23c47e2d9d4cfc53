package io.dualstack.testkit.lab;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs work inside a network namespace, each on a thread of its own that is never used again. */
final class LabNamespace {
  private LabNamespace() {}

  static <T> T call(Path namespace, Callable<T> work) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter(namespace);
              return work.call();
            });
    Thread thread = new Thread(task, "lab " + namespace.getFileName());
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + namespace, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("in " + namespace + ": " + e.getCause(), e.getCause());
    }
  }

  private static void enter(Path namespace) {
    int descriptor = LabCalls.open(namespace.toString(), LabCalls.READ_ONLY_CLOSE_ON_EXEC);
    try {
      if (LabCalls.setns(descriptor, LabCalls.CLONE_NEWNET) != 0) {
        throw new IllegalStateException(namespace + ": can't be entered");
      }
    } finally {
      if (LabCalls.close(descriptor) != 0) {
        throw new IllegalStateException(namespace + ": can't be closed");
      }
    }
  }
}
