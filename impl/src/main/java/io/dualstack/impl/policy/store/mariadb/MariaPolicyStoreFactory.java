package io.dualstack.impl.policy.store.mariadb;

import io.dualstack.impl.policy.store.jdbc.ServerPolicyStore;
import io.dualstack.impl.store.mariadb.MariaDatabase;
import io.dualstack.impl.store.mariadb.MariaLocation;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyStoreFactory;
import io.dualstack.policy.PolicyTag;
import java.time.Clock;

/** Opens {@code jdbc:mariadb://host:port/database}, whose tables are made if they aren't there. */
public final class MariaPolicyStoreFactory implements PolicyStoreFactory {

  private final Clock clock;

  /** For {@link java.util.ServiceLoader}. */
  public MariaPolicyStoreFactory() {
    this(Clock.systemUTC());
  }

  MariaPolicyStoreFactory(Clock clock) {
    this.clock = clock;
  }

  @Override
  public boolean accepts(String location) {
    return MariaLocation.accepts(location);
  }

  @Override
  public PolicyStore open(String location, int tagLength) {
    PolicyTag.capacity(tagLength);
    return new ServerPolicyStore(
        MariaDatabase.open(MariaLocation.of(location)),
        MariaPolicyDialect.INSTANCE,
        MariaDatabase::beginWriting,
        tagLength,
        clock);
  }
}
