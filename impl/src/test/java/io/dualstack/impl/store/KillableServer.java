package io.dualstack.impl.store;

import java.io.IOException;

/** A server that flushes what it commits, and can be killed and started again. */
public interface KillableServer extends AutoCloseable {

  /** Returns where its database is. */
  String location();

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  void kill() throws IOException;

  /** Starts it again where it was. */
  void restart() throws IOException;

  @Override
  void close() throws IOException;
}
