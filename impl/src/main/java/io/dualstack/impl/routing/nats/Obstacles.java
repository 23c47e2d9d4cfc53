package io.dualstack.impl.routing.nats;

import com.google.common.base.Throwables;
import io.dualstack.routing.NatsServer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * Why no connection could be made, in words. What TLS noted of a server counts once the connection
 * has failed: it may be made all the same. Thread-safe.
 */
final class Obstacles {
  private final String servers;
  private final AtomicReference<String> noted = new AtomicReference<>("");

  Obstacles(List<NatsServer> servers) {
    this.servers = servers.stream().map(NatsServer::toString).collect(Collectors.joining(" or "));
  }

  /** Keeps what may turn out to be the reason. */
  void note(String fault) {
    noted.set(fault);
  }

  /** There is a connection. */
  void forget() {
    noted.set("");
  }

  /** Returns the reason of a failure of the client; empty if it isn't about connecting. */
  Optional<String> of(Exception failure) {
    String fault = noted.getAndSet("");
    if (!fault.isEmpty()) {
      return Optional.of("NATS server " + fault);
    }
    Throwable cause = Throwables.getRootCause(failure);
    if (cause instanceof TimeoutException) {
      return told("did not answer in time; check that it is a NATS server, and what it logs");
    }
    if (!(cause instanceof IOException)) {
      return Optional.empty();
    }
    // The client has no other sign for these two than its words.
    return switch (String.valueOf(cause.getMessage())) {
      case "SSL connection wanted by client." ->
          told("offers no TLS, and nothing was sent without; turn TLS on there, or off here");
      case "SSL required by server." ->
          told("wants TLS; configure the authority that signed its certificate");
      default ->
          told(
              "can't be reached: %s; check the address and the server"
                  .formatted(cause.getMessage()));
    };
  }

  private Optional<String> told(String what) {
    return Optional.of("NATS server %s: %s".formatted(servers, what));
  }
}
