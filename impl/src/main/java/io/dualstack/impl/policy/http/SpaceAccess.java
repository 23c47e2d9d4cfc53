package io.dualstack.impl.policy.http;

import io.dualstack.impl.policy.cloud.Caller;
import io.dualstack.impl.policy.cloud.CloudController;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may see and write which policies: administrators all, others those between applications in
 * spaces where they are developers. What goes to addresses is for administrators to write.
 */
final class SpaceAccess {

  private final CloudController controller;

  SpaceAccess(CloudController controller) {
    this.controller = controller;
  }

  /** Returns those policies that a caller may see. */
  List<NetworkPolicy> visible(Caller caller, List<NetworkPolicy> policies) {
    if (caller.isAdmin() || policies.isEmpty()) {
      return policies;
    }
    Set<String> developed = developed(caller, policies);
    return policies.stream().filter(policy -> developed.containsAll(policy.apps())).toList();
  }

  /** Says whether a caller may write all of some policies. */
  boolean mayWrite(Caller caller, List<NetworkPolicy> policies) {
    return caller.isAdmin()
        || (policies.stream()
                .allMatch(policy -> policy.destination() instanceof PolicyDestination.App)
            && visible(caller, policies).size() == policies.size());
  }

  /** Returns those applications in policies that are in spaces where a caller is a developer. */
  private Set<String> developed(Caller caller, Collection<NetworkPolicy> policies) {
    Set<String> apps = new HashSet<>();
    policies.forEach(policy -> apps.addAll(policy.apps()));
    Map<String, String> spaces = controller.spacesOf(apps);
    Set<String> own = controller.spacesOfDeveloper(caller.subject());
    apps.removeIf(app -> !spaces.containsKey(app) || !own.contains(spaces.get(app)));
    return apps;
  }
}
