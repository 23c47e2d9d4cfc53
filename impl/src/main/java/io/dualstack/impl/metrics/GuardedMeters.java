package io.dualstack.impl.metrics;

import io.dualstack.Meters;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody else's meters, which never throw: what was measured is done, and its caller must hear of
 * it. Thread-safe.
 */
public final class GuardedMeters implements Meters {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedMeters.class);

  private final Meters meters;
  private final AtomicBoolean failed = new AtomicBoolean();

  private GuardedMeters(Meters meters) {
    this.meters = meters;
  }

  /** Guards meters; {@link Meters#NONE} stays what it is, so that it can be told by identity. */
  public static Meters of(Meters meters) {
    return meters == Meters.NONE ? meters : new GuardedMeters(meters);
  }

  @Override
  public void count(String name, Map<String, String> labels, long times) {
    attempt(name, () -> meters.count(name, labels, times));
  }

  @Override
  public void gauge(String name, Map<String, String> labels, double value) {
    attempt(name, () -> meters.gauge(name, labels, value));
  }

  @Override
  public void time(String name, Map<String, String> labels, Duration duration) {
    attempt(name, () -> meters.time(name, labels, duration));
  }

  private void attempt(String name, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      if (failed.compareAndSet(false, true)) {
        LOG.atWarn()
            .addKeyValue("meter", name)
            .setCause(e)
            .log("meters failed, which changes nothing else; later failures are not logged");
      }
    }
  }
}
