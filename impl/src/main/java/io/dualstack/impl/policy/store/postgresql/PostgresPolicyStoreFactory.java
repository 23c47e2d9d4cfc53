package io.dualstack.impl.policy.store.postgresql;

import io.dualstack.impl.policy.store.jdbc.ServerPolicyStore;
import io.dualstack.impl.store.postgresql.PostgresDatabase;
import io.dualstack.impl.store.postgresql.PostgresLocation;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyStoreFactory;
import io.dualstack.policy.PolicyTag;
import java.time.Clock;

/** Opens {@code jdbc:postgresql://host:port/database}: one schema, made if it isn't there. */
public final class PostgresPolicyStoreFactory implements PolicyStoreFactory {

  private final Clock clock;

  /** For {@link java.util.ServiceLoader}. */
  public PostgresPolicyStoreFactory() {
    this(Clock.systemUTC());
  }

  PostgresPolicyStoreFactory(Clock clock) {
    this.clock = clock;
  }

  @Override
  public boolean accepts(String location) {
    return PostgresLocation.accepts(location);
  }

  @Override
  public PolicyStore open(String location, int tagLength) {
    PolicyTag.capacity(tagLength);
    return new ServerPolicyStore(
        PostgresDatabase.open(PostgresLocation.of(location)),
        PostgresPolicyDialect.INSTANCE,
        PostgresDatabase::beginWriting,
        tagLength,
        clock);
  }
}
