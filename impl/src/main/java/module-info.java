import io.dualstack.DualstackFactory;
import io.dualstack.allocation.spi.AllocationStoreFactory;
import io.dualstack.impl.StandardDualstackFactory;
import io.dualstack.impl.allocation.store.mariadb.MariaStoreFactory;
import io.dualstack.impl.allocation.store.memory.MemoryStoreFactory;
import io.dualstack.impl.allocation.store.postgresql.PostgresStoreFactory;
import io.dualstack.impl.allocation.store.sqlite.SqliteStoreFactory;
import io.dualstack.impl.policy.store.mariadb.MariaPolicyStoreFactory;
import io.dualstack.impl.policy.store.memory.MemoryPolicyStoreFactory;
import io.dualstack.impl.policy.store.postgresql.PostgresPolicyStoreFactory;
import io.dualstack.impl.policy.store.sqlite.SqlitePolicyStoreFactory;
import io.dualstack.impl.provider.local.LocalProvider;
import io.dualstack.policy.PolicyStoreFactory;
import io.dualstack.provider.NetworkProvider;

/**
 * Implementations behind the Dualstack API. Nothing here but {@code io.dualstack.micrometer} is for
 * compiling against: it is found at run time.
 */
module io.dualstack.impl {
  requires com.fasterxml.jackson.databind;
  requires com.google.common;
  requires transitive io.dualstack.api;
  // For plugins in folders, which see no more of the JDK than what is resolved here.
  requires java.net.http;
  requires java.sql;
  requires jdk.httpserver;
  requires org.slf4j;
  requires org.snakeyaml.engine;
  requires static com.samskivert.jmustache;
  requires static com.sun.jna;
  requires static com.zaxxer.hikari;
  requires static flyway.core;
  requires static flyway.database.postgresql;
  requires static info.picocli;
  requires static io.nats.jnats;
  requires static transitive micrometer.core;
  requires static micrometer.registry.prometheus;
  requires static okhttp3;
  requires static org.bouncycastle.pkix;
  requires static org.bouncycastle.provider;
  requires static org.jspecify;
  requires static org.mariadb.jdbc;
  requires static org.postgresql.jdbc;
  requires static org.xerial.sqlitejdbc;

  exports io.dualstack.micrometer;

  uses AllocationStoreFactory;
  uses NetworkProvider;
  uses PolicyStoreFactory;

  provides AllocationStoreFactory with
      MariaStoreFactory,
      MemoryStoreFactory,
      PostgresStoreFactory,
      SqliteStoreFactory;
  provides DualstackFactory with
      StandardDualstackFactory;
  provides NetworkProvider with
      LocalProvider;
  provides PolicyStoreFactory with
      MariaPolicyStoreFactory,
      MemoryPolicyStoreFactory,
      PostgresPolicyStoreFactory,
      SqlitePolicyStoreFactory;

  opens io.dualstack.impl.cli to
      info.picocli;
}
