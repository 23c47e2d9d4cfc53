package io.dualstack.impl.workload.identity;

import io.dualstack.workload.CredentialKeeper;
import io.dualstack.workload.IdentityAuthority;
import io.dualstack.workload.InstanceCredential;
import io.dualstack.workload.InstanceIdentity;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the credential of one instance in a folder. */
final class FolderKeeper implements CredentialKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(FolderKeeper.class);

  /** The longest pause after a failed replacement. */
  private static final Duration RETRY = Duration.ofSeconds(10);

  /** How many tries fit at least between the time of renewal and the end. */
  private static final int TRIES = 4;

  /** A clock that is set forward is noticed after this. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private final IdentityAuthority authority;
  private final CredentialFolder folder;
  private final Clock clock;
  private final ScheduledExecutorService timer;
  private InstanceIdentity identity;
  private InstanceCredential current;
  private @Nullable ScheduledFuture<?> next;
  private boolean closed;
  private boolean isNobodys;

  FolderKeeper(
      IdentityAuthority authority,
      InstanceIdentity identity,
      CredentialFolder folder,
      Clock clock) {
    this.authority = authority;
    this.folder = folder;
    this.clock = clock;
    this.identity = requireSomebody(identity);
    this.current = authority.issue(identity);
    folder.write(current);
    ScheduledThreadPoolExecutor pool =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "dualstack-identity");
              thread.setDaemon(true);
              return thread;
            });
    pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.timer = pool;
    schedule(untilRenewal());
  }

  private void schedule(Duration wait) {
    long millis = Math.min(Math.max(0, wait.toMillis()), LOOK_AGAIN.toMillis());
    next = timer.schedule(this::renew, millis, TimeUnit.MILLISECONDS);
  }

  private static InstanceIdentity requireSomebody(InstanceIdentity identity) {
    if (identity.guid().isEmpty()) {
      throw new IllegalArgumentException(
          "guid: is empty; name the container's, and close the keeper of one that has stopped");
    }
    return identity;
  }

  private synchronized void renew() {
    if (closed) {
      return;
    }
    Duration wait = untilRenewal();
    if (wait.compareTo(Duration.ZERO) <= 0) {
      wait = replaced() ? untilRenewal() : untilNextTry(current);
    }
    schedule(wait);
  }

  private Duration untilRenewal() {
    return Duration.between(clock.instant(), current.renewAt());
  }

  static Duration untilNextTry(InstanceCredential due) {
    Duration part = Duration.between(due.renewAt(), due.notAfter()).dividedBy(TRIES);
    return part.compareTo(RETRY) < 0 ? part : RETRY;
  }

  /** Returns whether that was possible; whatever went wrong, there will be another try. */
  private boolean replaced() {
    try {
      replace(identity);
      return true;
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .addKeyValue("guid", identity.guid())
          .addKeyValue("validUntil", current.notAfter())
          .setCause(e)
          .log("the credential could not be replaced; trying again");
      return false;
    }
  }

  private void replace(InstanceIdentity by) {
    InstanceCredential fresh = authority.issue(by);
    folder.write(fresh);
    identity = by;
    current = fresh;
    LOG.atInfo()
        .addKeyValue("guid", by.guid())
        .addKeyValue("validUntil", fresh.notAfter())
        .log("credential replaced");
  }

  @Override
  public synchronized InstanceCredential current() {
    return current;
  }

  @Override
  public synchronized void change(InstanceIdentity other) {
    if (closed) {
      throw new IllegalStateException("the keeper is closed");
    }
    if (!requireSomebody(other).equals(identity)) {
      replace(other);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (next != null) {
        next.cancel(false);
      }
      timer.shutdown();
    }
    if (!isNobodys) {
      replace(InstanceIdentity.nobody());
      isNobodys = true;
    }
  }
}
