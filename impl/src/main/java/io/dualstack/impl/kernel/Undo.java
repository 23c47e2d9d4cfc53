package io.dualstack.impl.kernel;

import java.util.ArrayDeque;
import java.util.Deque;

/** What takes back the steps that are done, the last first. */
public final class Undo {
  private final Deque<Step> steps = new ArrayDeque<>();

  /** A step back. */
  @FunctionalInterface
  public interface Step {
    /** Takes it back. */
    void run() throws Exception;
  }

  /** Notes how to take back a step that is done. */
  public void add(Step step) {
    steps.push(step);
  }

  /** Takes everything back; what fails is noted on the failure that it is done for. */
  public void run(RuntimeException failure) {
    while (!steps.isEmpty()) {
      try {
        steps.pop().run();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }
}
