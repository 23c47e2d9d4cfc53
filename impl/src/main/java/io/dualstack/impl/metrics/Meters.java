package io.dualstack.impl.metrics;

import java.time.Duration;

/** Is told numbers about what happens. Implementations are thread-safe, quick and never throw. */
public interface Meters {

  /** Forgets everything. */
  Meters NONE =
      new Meters() {
        @Override
        public void count(String name) {}

        @Override
        public void gauge(String name, double value) {}

        @Override
        public void time(String name, Duration duration) {}
      };

  /** Something happened once more. */
  void count(String name);

  /** Something is so much now. */
  void gauge(String name, double value);

  /** Something took so long. */
  void time(String name, Duration duration);
}
