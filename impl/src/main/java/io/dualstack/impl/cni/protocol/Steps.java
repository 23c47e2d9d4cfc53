package io.dualstack.impl.cni.protocol;

import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Steps that say, when they fail, which they are. */
public final class Steps {
  private final List<CniException> failures = new ArrayList<>();

  /** A step with a result. */
  @FunctionalInterface
  public interface Step<T> {
    /** Does it. */
    T get() throws IOException;
  }

  /** A step without one. */
  @FunctionalInterface
  public interface Deed {
    /** Does it. */
    void run() throws IOException;
  }

  /**
   * Does a step.
   *
   * @throws CniException with the step as message and what failed in the details
   */
  public static <T> T step(String name, Step<T> step) {
    try {
      return step.get();
    } catch (CniException e) {
      String details = e.details().isEmpty() ? e.message() : e.message() + ": " + e.details();
      throw new CniException(CniErrorCode.STEP_FAILED, name, details, e);
    } catch (IOException | RuntimeException e) {
      throw new CniException(CniErrorCode.STEP_FAILED, name, String.valueOf(e.getMessage()), e);
    }
  }

  /** Does a step without a result, as {@link #step(String, Step)} does. */
  public static void step(String name, Deed deed) {
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
  public void attempt(String name, Deed deed) {
    try {
      step(name, deed);
    } catch (CniException e) {
      failures.add(e);
    }
  }

  /** Whether one has failed that was to go on. */
  public boolean haveFailed() {
    return !failures.isEmpty();
  }

  /** Throws the first failure with the others behind it, if there are any. */
  public void throwFailure() {
    if (!failures.isEmpty()) {
      CniException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }
}
