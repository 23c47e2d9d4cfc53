package io.dualstack.impl.policy.store.memory;

import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyStoreFactory;
import java.time.Clock;

/** Opens {@code memory:}: a new, empty store each time. */
public final class MemoryPolicyStoreFactory implements PolicyStoreFactory {

  static final String LOCATION = "memory:";

  /** For {@link java.util.ServiceLoader}. */
  public MemoryPolicyStoreFactory() {}

  @Override
  public boolean accepts(String location) {
    return location.equals(LOCATION);
  }

  @Override
  public PolicyStore open(String location, int tagLength) {
    if (!accepts(location)) {
      throw new IllegalArgumentException(
          location + ": is not a store in memory; write " + LOCATION);
    }
    return new MemoryPolicyStore(tagLength, Clock.systemUTC());
  }
}
