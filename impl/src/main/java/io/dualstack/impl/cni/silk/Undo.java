package io.dualstack.impl.cni.silk;

import java.util.ArrayDeque;
import java.util.Deque;

/** What takes back the steps that are done, the last first. */
final class Undo {
  private final Deque<Step> steps = new ArrayDeque<>();

  /** A step back. */
  @FunctionalInterface
  interface Step {
    /** Takes it back. */
    void run() throws Exception;
  }

  void add(Step step) {
    steps.push(step);
  }

  /** Takes everything back; what fails is noted on the failure that it is done for. */
  void run(RuntimeException failure) {
    while (!steps.isEmpty()) {
      try {
        steps.pop().run();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }
}
