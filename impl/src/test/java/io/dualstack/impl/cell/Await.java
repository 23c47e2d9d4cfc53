package io.dualstack.impl.cell;

import io.dualstack.testkit.lab.Lab;
import java.util.function.BooleanSupplier;

/** Waits for what the kernel or another process does in its own time, by asking again. */
public final class Await {
  private Await() {}

  /** Returns as soon as it is so, and fails if it is not for much longer than it should take. */
  public static void until(String what, BooleanSupplier isSo) {
    long end = System.nanoTime() + 10 * Lab.PATIENCE.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("did not come: " + what);
      }
      Thread.onSpinWait();
    }
  }
}
