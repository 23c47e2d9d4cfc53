package io.dualstack;

import java.time.Duration;
import java.util.Map;

/**
 * Is told numbers about what the library does, for whoever watches it; {@link
 * DualstackBuilder#meters} takes one. The README has all names, with their labels and what they
 * mean. {@code io.dualstack.micrometer.MicrometerMeters} of {@code io.dualstack:dualstack-impl}
 * keeps them in a registry of Micrometer.
 *
 * <p>Names are in camel case, without a prefix. One name always comes with the same kind of number
 * and the same labels; values of labels are few, but for the names of subnets and networks.
 *
 * <p>Implementations are thread-safe and quick: they are called by threads that others wait for.
 * They don't call the library. What one throws is passed over, and logged the first time; it breaks
 * nothing.
 */
public interface Meters {

  /** Forgets everything, and spares the library from measuring. */
  Meters NONE =
      new Meters() {
        @Override
        public void count(String name, Map<String, String> labels, long times) {}

        @Override
        public void gauge(String name, Map<String, String> labels, double value) {}

        @Override
        public void time(String name, Map<String, String> labels, Duration duration) {}
      };

  /**
   * Something happened so many times more.
   *
   * @param name what
   * @param labels tell it from others of its name; unmodifiable
   * @param times how often; 0 or more
   */
  void count(String name, Map<String, String> labels, long times);

  /**
   * Something is so much now.
   *
   * @param name what
   * @param labels tell it from others of its name; unmodifiable
   * @param value how much; not a number when what it was about is gone
   */
  void gauge(String name, Map<String, String> labels, double value);

  /**
   * Something took so long.
   *
   * @param name what
   * @param labels tell it from others of its name; unmodifiable
   * @param duration how long
   */
  void time(String name, Map<String, String> labels, Duration duration);

  /**
   * Something without labels happened once more.
   *
   * @param name what
   */
  default void count(String name) {
    count(name, Map.of(), 1);
  }

  /**
   * Something without labels is so much now.
   *
   * @param name what
   * @param value how much
   */
  default void gauge(String name, double value) {
    gauge(name, Map.of(), value);
  }

  /**
   * Something without labels took so long.
   *
   * @param name what
   * @param duration how long
   */
  default void time(String name, Duration duration) {
    time(name, Map.of(), duration);
  }
}
