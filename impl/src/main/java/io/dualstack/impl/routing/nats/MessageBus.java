package io.dualstack.impl.routing.nats;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.MissingDependencyException;
import io.dualstack.impl.http.ClientTls;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.routing.NatsTls;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a registrar needs of NATS, without a type of its client. Thread-safe. */
public interface MessageBus extends AutoCloseable {
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
   * Begins to connect, and goes on for ever.
   *
   * @param names where the files for TLS are named
   * @param audiences whose starts and answers are listened to
   * @throws MissingDependencyException without the client of NATS
   * @throws InvalidConfigurationException naming every file for TLS that can't be used
   */
  static MessageBus open(
      RegistrarConfig config, MutualTls.Names names, Set<RouteAudience> audiences, Events events) {
    NatsTls files = config.tls();
    @Nullable ClientTls tls =
        files == null
            ? null
            : MutualTls.client(files.ca(), files.certificate(), files.key(), names);
    try {
      return NatsBus.open(config, tls, audiences, events);
    } catch (NoClassDefFoundError e) {
      throw new MissingDependencyException("registering routes by NATS", "io.nats:jnats", e);
    }
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
