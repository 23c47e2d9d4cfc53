package io.dualstack.impl.policy.agent;

import io.dualstack.impl.policy.http.PolicyServerClient;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.TaggedPolicy;
import java.util.Collection;
import java.util.List;

/** Whom an agent asks. Every method throws when there is no answer. */
interface PolicySource {
  /** The name by which routers have a tag. */
  String ROUTERS = "INGRESS_ROUTER";

  /** Returns when policies changed last. */
  long lastUpdated();

  /** Returns the policies from or to applications or spaces; of none, all. */
  List<TaggedPolicy> policies(Collection<String> ids);

  /** Returns the security groups of all spaces and of some. */
  List<BoundSecurityGroup> securityGroups(Collection<String> spaces);

  /** Returns the tag of what routers send by the overlay network. */
  int routerTag();

  /** Asks a policy server. */
  static PolicySource of(PolicyServerClient server) {
    return new PolicySource() {
      @Override
      public long lastUpdated() {
        return server.lastUpdated();
      }

      @Override
      public List<TaggedPolicy> policies(Collection<String> ids) {
        return server.policies(ids);
      }

      @Override
      public List<BoundSecurityGroup> securityGroups(Collection<String> spaces) {
        return server.securityGroups(spaces);
      }

      @Override
      public int routerTag() {
        return server.tag(ROUTERS, "router").tag().number();
      }
    };
  }
}
