package io.dualstack.impl.store.mariadb;

import io.dualstack.impl.store.KillableServer;
import java.io.IOException;
import java.nio.file.Path;

/** A MariaDB server that flushes what it commits, and can be killed and started again. */
public final class DurableMaria implements KillableServer {

  private static final String DATABASE = "ips";

  private final MariaProcess server;

  private DurableMaria(MariaProcess server) {
    this.server = server;
  }

  /** Starts one with its data in a new folder. */
  public static DurableMaria start(Path folder) throws IOException {
    MariaProcess server = MariaProcess.start(folder, "--innodb-flush-log-at-trx-commit=1");
    MariaServer.execute(server.location(""), "CREATE DATABASE " + DATABASE);
    return new DurableMaria(server);
  }

  @Override
  public String location() {
    return server.location(DATABASE);
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void restart() throws IOException {
    server.restart();
  }

  @Override
  public void close() {
    server.kill();
  }
}
