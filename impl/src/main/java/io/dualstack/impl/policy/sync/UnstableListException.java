package io.dualstack.impl.policy.sync;

import java.time.Instant;
import java.util.Optional;

/** Security groups changed while they were read, each time it was tried; nothing was stored. */
public final class UnstableListException extends Exception {

  private static final long serialVersionUID = 1L;

  UnstableListException(Optional<Instant> before, Optional<Instant> after) {
    super(
        "security groups changed while they were read (%s, then %s); they are read again"
            .formatted(
                before.map(Instant::toString).orElse("unknown"),
                after.map(Instant::toString).orElse("unknown")));
  }
}
