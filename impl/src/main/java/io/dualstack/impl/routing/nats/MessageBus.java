package io.dualstack.impl.routing.nats;

import io.dualstack.routing.RouteAudience;

/** What a registrar needs of NATS, without a type of its client. Thread-safe. */
interface MessageBus extends AutoCloseable {
  /** Is told what happens, by threads of the client, of which none may be held up. */
  interface Events {
    /** There is a connection, the first or a new one. */
    void connected();

    void disconnected();

    /** No connection could be made: which server, what is wrong, and what to do. */
    void kept(String obstacle);

    /** Somebody of the audience has started. */
    void started(RouteAudience audience, byte[] start);

    /** Somebody of the audience has answered a greeting. */
    void answered(RouteAudience audience, byte[] start);
  }

  /**
   * Sends a message, or keeps it until it can be sent.
   *
   * @throws IllegalStateException if that isn't possible now
   */
  void publish(String subject, byte[] message);

  /**
   * Asks an audience who is there.
   *
   * @throws IllegalStateException if that isn't possible now
   */
  void greet(RouteAudience audience);

  /** Waits until all has been sent, for at most two seconds, and ends. */
  @Override
  void close();
}
