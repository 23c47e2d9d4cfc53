package io.dualstack.impl.routing.nats;

import io.dualstack.impl.http.ClientTls;
import io.dualstack.impl.http.WatchedTls;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The official client of NATS. It goes on connecting for ever, to one server after the other, each
 * by all addresses of its name, and takes up its subscriptions again by itself.
 */
final class NatsBus implements MessageBus, ConnectionListener, ErrorListener {
  private static final Logger LOG = LoggerFactory.getLogger(NatsBus.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final byte[] NOTHING = new byte[0];

  private final RegistrarConfig config;
  private final Set<RouteAudience> audiences;
  private final MessageBus.Events events;
  private final Obstacles obstacles;
  private final Map<RouteAudience, String> inboxes = new ConcurrentHashMap<>();
  private volatile @Nullable Connection connection;
  private volatile boolean subscribed;
  private volatile boolean away;
  private volatile boolean closed;

  private NatsBus(RegistrarConfig config, Set<RouteAudience> audiences, MessageBus.Events events) {
    this.config = config;
    this.audiences = audiences;
    this.events = events;
    this.obstacles = new Obstacles(config.servers());
  }

  /**
   * Begins to connect, and goes on for ever.
   *
   * @param tls how; null for plain connections
   * @param audiences whose starts and answers are listened to
   */
  static NatsBus open(
      RegistrarConfig config,
      @Nullable ClientTls tls,
      Set<RouteAudience> audiences,
      MessageBus.Events events) {
    NatsBus bus = new NatsBus(config, audiences, events);
    Options.Builder options = bus.options();
    if (tls != null) {
      // Of other servers no name is known that their certificates could be held to.
      // A name has to stay a name, by which certificates are checked: happy eyeballs leave it one.
      options
          .sslContext(WatchedTls.context(tls, bus.obstacles::note))
          .ignoreDiscoveredServers()
          .enableFastFallback();
    }
    try {
      Nats.connectAsynchronously(options.build(), true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return bus;
  }

  private Options.Builder options() {
    Options.Builder options =
        new Options.Builder()
            .servers(
                config.servers().stream().map(server -> "nats://" + server).toArray(String[]::new))
            .connectionName("dualstack route registrar")
            .maxReconnects(-1)
            .reconnectWait(RETRY)
            .reconnectJitter(Duration.ofMillis(100))
            .connectionTimeout(PATIENCE)
            // Else a name is its addresses of IPv4. The client's happy eyeballs won't do: they wait
            // for an address that is lost on the way as long as the kernel does, and not PATIENCE.
            .hostnameResolveMode(Options.HostnameResolveMode.ResolveToAllIncludeIPV6)
            // What couldn't be told is told again by the clock, so that nothing old has to be kept.
            .reconnectBufferSize(0)
            .connectionListener(this)
            .errorListener(this);
    if (!config.user().isEmpty()) {
      options.userInfo(config.user().toCharArray(), config.password().toCharArray());
    }
    return options;
  }

  // What the client says

  @Override
  public void connectionEvent(Connection source, ConnectionListener.Events event) {
    know(source);
    switch (event) {
      case CONNECTED -> {
        away = false;
        obstacles.forget();
        subscribe(source);
        events.connected();
      }
      case RESUBSCRIBED -> {
        LOG.atInfo().addKeyValue("server", source.getConnectedUrl()).log("NATS is back");
        away = false;
        obstacles.forget();
        subscribe(source);
        events.connected();
      }
      case DISCONNECTED, CLOSED -> {
        if (!closed && !away) {
          LOG.atWarn().log("NATS is away");
        }
        away = true;
        events.disconnected();
      }
      case DISCOVERED_SERVERS, LAME_DUCK, RECONNECTED -> {
        // The first is about other servers; after the others comes one of those above.
      }
    }
  }

  /** The client hands out a connection that goes on connecting in no other way. */
  private void know(@Nullable Connection source) {
    if (source == null) {
      return;
    }
    connection = source;
    if (closed) {
      close();
    }
  }

  /** Once: the client takes up subscriptions of a new connection by itself. */
  private void subscribe(Connection source) {
    if (subscribed || audiences.isEmpty()) {
      return;
    }
    subscribed = true;
    Dispatcher dispatcher = source.createDispatcher();
    for (RouteAudience audience : audiences) {
      String inbox = source.createInbox();
      inboxes.put(audience, inbox);
      dispatcher.subscribe(
          inbox,
          message -> {
            // The server itself says when no router is there to answer.
            if (!message.isStatusMessage()) {
              events.answered(audience, message.getData());
            }
          });
      dispatcher.subscribe(
          audience.startSubject(), message -> events.started(audience, message.getData()));
    }
  }

  @Override
  public void errorOccurred(Connection source, String error) {
    know(source);
    LOG.atWarn().log("NATS says: {}", error);
  }

  @Override
  public void exceptionOccurred(Connection source, Exception exception) {
    know(source);
    LOG.atDebug().setCause(exception).log("NATS failed");
    obstacles.of(exception).ifPresent(events::kept);
  }

  @Override
  public void slowConsumerDetected(Connection source, Consumer consumer) {
    LOG.atWarn().log("messages of NATS arrive faster than they are read");
  }

  // What it is told

  private Connection connection() {
    Connection known = connection;
    if (known == null) {
      throw new IllegalStateException("there is no connection to NATS yet");
    }
    return known;
  }

  @Override
  public void publish(String subject, byte[] message) {
    connection().publish(subject, message);
  }

  @Override
  public void greet(RouteAudience audience) {
    connection().publish(audience.greetSubject(), inboxes.get(audience), NOTHING);
  }

  @Override
  public void close() {
    closed = true;
    Connection known = connection;
    if (known == null) {
      return;
    }
    try {
      if (known.getStatus() == Connection.Status.CONNECTED) {
        known.flush(PATIENCE);
      }
    } catch (TimeoutException e) {
      LOG.atWarn().log("NATS did not take the last messages in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      known.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
