package io.dualstack.impl.policy.cloud;

import java.util.Optional;

/** Tells who is behind a token. Implementations are thread-safe. */
public interface TokenVerifier {

  /**
   * Verifies a token.
   *
   * @return who calls; empty when the token is refused
   * @throws io.dualstack.StoreUnavailableException if nobody can tell
   */
  Optional<Caller> verify(String token);
}
