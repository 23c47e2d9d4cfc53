package io.dualstack.impl.cni.silk;

import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Steps that say, when they fail, which they are. */
final class Steps {
  private final List<CniException> failures = new ArrayList<>();

  /** A step with a result. */
  @FunctionalInterface
  interface Step<T> {
    /** Does it. */
    T get() throws IOException;
  }

  /** A step without one. */
  @FunctionalInterface
  interface Deed {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does a step.
   *
   * @throws CniException with the step as message and what failed in the details
   */
  static <T> T step(String name, Step<T> step) {
    try {
      return step.get();
    } catch (CniException e) {
      String details = e.details().isEmpty() ? e.message() : e.message() + ": " + e.details();
      throw new CniException(CniErrorCode.STEP_FAILED, name, details, e);
    } catch (IOException | RuntimeException e) {
      throw new CniException(CniErrorCode.STEP_FAILED, name, String.valueOf(e.getMessage()), e);
    }
  }

  static void step(String name, Deed deed) {
    Boolean done =
        step(
            name,
            () -> {
              deed.run();
              return true;
            });
    assert done;
  }

  /** Does a step and goes on if it fails. */
  void attempt(String name, Deed deed) {
    try {
      step(name, deed);
    } catch (CniException e) {
      failures.add(e);
    }
  }

  /** Throws the first failure with the others behind it, if there are any. */
  void throwFailure() {
    if (!failures.isEmpty()) {
      CniException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }
}
