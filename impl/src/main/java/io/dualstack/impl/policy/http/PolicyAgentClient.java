package io.dualstack.impl.policy.http;

import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.http.RemoteService;

/** Asks a policy agent of ours what it knows. */
public final class PolicyAgentClient {
  /** Where an agent tells security groups. */
  public static final String GROUPS = "/security-groups";

  private PolicyAgentClient() {}

  /**
   * Returns what the agent was told last about security groups.
   *
   * @throws io.dualstack.StoreUnavailableException if it does not answer, was told nothing yet, or
   *     is no agent
   */
  public static CellGroups groups(RemoteService agent) {
    try {
      return CellGroups.read(RemoteService.ok(agent.get(GROUPS)).body());
    } catch (MalformedException | IllegalArgumentException e) {
      throw agent.nonsense(GROUPS, "answer of a policy agent's debug_server", e);
    }
  }
}
