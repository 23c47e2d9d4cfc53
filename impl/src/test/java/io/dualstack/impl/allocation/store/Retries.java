package io.dualstack.impl.allocation.store;

import io.dualstack.StoreUnavailableException;
import java.util.function.Supplier;

/** Asks until there is an answer, as whoever is told to try again does. */
public final class Retries {

  private Retries() {}

  /** Returns the answer; fails where trying again is of no use. */
  public static <T> T answered(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (StoreUnavailableException e) {
        if (!e.retryable()) {
          throw e;
        }
      }
    }
  }
}
