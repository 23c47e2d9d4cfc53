package io.dualstack.impl.policy.sync;

import io.dualstack.impl.policy.cloud.CloudController;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.TaggedPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Policies of applications that Cloud Controller does not know any more. Thread-safe. */
public final class StalePolicies {

  private static final Logger LOG = LoggerFactory.getLogger(StalePolicies.class);

  private final PolicyStore store;
  private final CloudController controller;

  /** Removes nothing yet. */
  public StalePolicies(PolicyStore store, CloudController controller) {
    this.store = store;
    this.controller = controller;
  }

  /**
   * Deletes them.
   *
   * @return the policies that were deleted
   * @throws io.dualstack.StoreUnavailableException when Cloud Controller or the store are away
   */
  public List<NetworkPolicy> delete() {
    List<NetworkPolicy> policies =
        store.policies(PolicyFilter.ALL).stream().map(TaggedPolicy::policy).toList();
    Set<String> apps = new HashSet<>();
    policies.forEach(policy -> apps.addAll(policy.apps()));
    Set<String> known = controller.spacesOf(apps).keySet();
    List<NetworkPolicy> stale =
        policies.stream().filter(policy -> !known.containsAll(policy.apps())).toList();
    if (!stale.isEmpty()) {
      store.delete(stale);
      LOG.atInfo().addKeyValue("policies", stale.size()).log("stale policies deleted");
    }
    return stale;
  }
}
