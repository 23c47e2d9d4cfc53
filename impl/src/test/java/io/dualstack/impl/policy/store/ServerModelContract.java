package io.dualstack.impl.policy.store;

import io.dualstack.impl.store.SharedServer;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyStoreFactory;
import io.dualstack.testkit.contract.PolicyStoreModelContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The model, with places that are databases of a server. */
public abstract class ServerModelContract extends PolicyStoreModelContract {

  private final SharedServer server;
  private final PolicyStoreFactory factory;

  protected ServerModelContract(SharedServer server, PolicyStoreFactory factory) {
    this.server = server;
    this.factory = factory;
  }

  @Override
  protected final Fixture emptyPlace() {
    try {
      return new Database(server, factory, Files.createTempDirectory("policy-model"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another one gets it, emptied, when its folder has gone. */
  private record Database(SharedServer server, PolicyStoreFactory factory, Path folder)
      implements Fixture {

    @Override
    public PolicyStore open() {
      return factory.open(server.locationOf(folder), 2);
    }

    @Override
    public void close() {
      try {
        Files.delete(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
