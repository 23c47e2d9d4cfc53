package io.dualstack.impl.policy.sync;

import io.dualstack.impl.policy.cloud.CloudController;
import io.dualstack.impl.policy.cloud.LatestUpdate;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.PolicyStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the store's security groups those of Cloud Controller. Used by one thread.
 *
 * <p>Cloud Controller tells when they changed last, and a list that changed while it was read is
 * thrown away. What changes through version 2 of its API does not move that time, and is seen with
 * the next change of version 3.
 */
public final class SecurityGroupSync {

  private static final Logger LOG = LoggerFactory.getLogger(SecurityGroupSync.class);

  private static final int ATTEMPTS = 3;

  private final LatestUpdate latestUpdate;
  private final CloudController controller;
  private final PolicyStore store;

  /** The time of the last list that was stored; null when there was none, or it is not known. */
  private @Nullable Instant seen;

  /** Syncs nothing yet. */
  public SecurityGroupSync(
      LatestUpdate latestUpdate, CloudController controller, PolicyStore store) {
    this.latestUpdate = latestUpdate;
    this.controller = controller;
    this.store = store;
  }

  /**
   * Does one cycle.
   *
   * @return whether the store was written
   * @throws UnstableListException when the groups changed each time they were read
   * @throws io.dualstack.StoreUnavailableException when Cloud Controller or the store are away, or
   *     told what makes no sense; nothing was stored then
   * @throws io.dualstack.PolicyRefusedException when the rules of a group are too long
   */
  public boolean cycle() throws UnstableListException {
    // What changes while the groups are read is later than this, and seen by the next cycle.
    Optional<Instant> latest = latestUpdate.get();
    if (latest.isPresent() && seen != null && !latest.get().isAfter(seen)) {
      return false;
    }
    List<BoundSecurityGroup> groups = list();
    store.replaceSecurityGroups(groups);
    seen = latest.orElse(null);
    LOG.atInfo()
        .addKeyValue("groups", groups.size())
        .addKeyValue("last_update", latest.map(Instant::toString).orElse("unknown"))
        .log("security groups replaced");
    return true;
  }

  private List<BoundSecurityGroup> list() throws UnstableListException {
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt();
      } catch (ChangedException e) {
        if (attempt == ATTEMPTS) {
          throw new UnstableListException(e.before, e.after);
        }
      }
    }
  }

  private List<BoundSecurityGroup> attempt() {
    Optional<Instant> before = latestUpdate.get();
    return controller.securityGroups(
        () -> {
          Optional<Instant> after = latestUpdate.get();
          if (!after.equals(before)) {
            throw new ChangedException(before, after);
          }
        });
  }

  /** Ends an attempt. */
  private static final class ChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Instant> before;
    private final transient Optional<Instant> after;

    ChangedException(Optional<Instant> before, Optional<Instant> after) {
      this.before = before;
      this.after = after;
    }
  }
}
