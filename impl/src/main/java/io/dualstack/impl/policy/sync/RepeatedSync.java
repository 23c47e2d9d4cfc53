package io.dualstack.impl.policy.sync;

import io.dualstack.DualstackException;
import io.dualstack.Meters;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sync of security groups that survives every failure: the store then keeps what it has, and the
 * next cycle tries again. Used by one thread.
 *
 * <p>The original ends itself when it had no success for a while. Here the APIs are served by the
 * same process, and cells have to get policies while Cloud Controller is away; so that it is an
 * error in the log, and a counter.
 */
public final class RepeatedSync implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(RepeatedSync.class);

  private final SecurityGroupSync sync;
  private final Duration retryDeadline;
  private final Meters meters;
  private final LongSupplier nanoTime;
  private long lastSuccess;

  /**
   * Runs nothing yet.
   *
   * @param retryDeadline after how long without success it is an error
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  public RepeatedSync(
      SecurityGroupSync sync, Duration retryDeadline, Meters meters, LongSupplier nanoTime) {
    this.sync = sync;
    this.retryDeadline = retryDeadline;
    this.meters = meters;
    this.nanoTime = nanoTime;
    this.lastSuccess = nanoTime.getAsLong();
  }

  @Override
  public void run() {
    try {
      long start = nanoTime.getAsLong();
      if (sync.cycle()) {
        meters.time("AsgSync", Duration.ofNanos(nanoTime.getAsLong() - start));
      }
      lastSuccess = nanoTime.getAsLong();
      meters.count("asgSyncSuccess");
    } catch (UnstableListException e) {
      meters.count("asgSyncUnstable");
      LOG.atInfo().log("security groups not synced: {}", e.getMessage());
      complainWhenOverdue();
    } catch (DualstackException e) {
      meters.count("asgSyncFailure");
      LOG.atWarn().log("security groups not synced: {}", e.getMessage());
      complainWhenOverdue();
    } catch (RuntimeException e) {
      // Whoever runs this again and again would stop at an exception, without a word.
      meters.count("asgSyncFailure");
      LOG.atError().setCause(e).log("security groups not synced");
    }
  }

  private void complainWhenOverdue() {
    Duration since = Duration.ofNanos(nanoTime.getAsLong() - lastSuccess);
    if (since.compareTo(retryDeadline) > 0) {
      meters.count("asgSyncOverdue");
      LOG.atError()
          .addKeyValue("seconds", since.toSeconds())
          .log("security groups were not synced for too long; cells get what was last stored");
    }
  }
}
