package io.dualstack.impl.store;

import java.io.IOException;
import java.nio.file.Path;

/** A server on loopback that all tests of a virtual machine share. Thread-safe. */
public interface SharedServer {

  /** Returns where a database with all tables and no rows is, the same for the same folder. */
  String locationOf(Path folder);

  /** Returns where a new database is that has nothing in it. */
  String empty();

  /** Begins to stand before the server. */
  CuttingProxy proxy() throws IOException;

  /** Returns where a database is for those who go through a proxy. */
  default String through(CuttingProxy proxy, String location) {
    return location.replaceFirst("]:[0-9]+", "]:" + proxy.port());
  }
}
