package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.impl.store.sqlite.SqliteLocation;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyStoreFactory;
import java.time.Clock;

/** Opens {@code sqlite:PATH}: one file, made if it isn't there. */
public final class SqlitePolicyStoreFactory implements PolicyStoreFactory {

  /** For {@link java.util.ServiceLoader}. */
  public SqlitePolicyStoreFactory() {}

  @Override
  public boolean accepts(String location) {
    return SqliteLocation.accepts(location);
  }

  @Override
  public PolicyStore open(String location, int tagLength) {
    return SqlitePolicyStore.open(
        SqliteLocation.file(location, SqliteLocation.DRIVER), tagLength, Clock.systemUTC());
  }
}
