package io.dualstack.impl.policy.cloud;

import java.util.Set;

/**
 * Who calls.
 *
 * @param subject what the token is about: the GUID of a user, or a client
 * @param userName the name of the user; empty for a client
 * @param scopes what the token allows
 */
public record Caller(String subject, String userName, Set<String> scopes) {

  /** The scope of those who may do everything. */
  public static final String ADMIN = "network.admin";

  /** The scope of those who may write policies between applications they develop. */
  public static final String WRITE = "network.write";

  /** Copies the scopes. */
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /** Says whether the caller may do everything. */
  public boolean isAdmin() {
    return scopes.contains(ADMIN);
  }
}
