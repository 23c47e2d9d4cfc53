package io.dualstack.impl.routing.endpoint;

import io.dualstack.impl.routing.endpoint.EndpointPool.Entry;
import io.dualstack.impl.routing.endpoint.EndpointPool.Key;
import io.dualstack.routing.EndpointChange;
import io.dualstack.routing.EndpointFailure;
import io.dualstack.routing.EndpointRegistry;
import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.ModificationTag;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A registry with an index by URI. What may go stale is in the order of when it is looked at again:
 * to hear of an endpoint moves nothing there, and what was heard of since is put back when its turn
 * comes.
 */
public final class IndexedEndpointRegistry implements EndpointRegistry {
  private static final Comparator<Entry> BY_DUE_TIME =
      Comparator.comparing((Entry entry) -> due(entry)).thenComparingLong(entry -> entry.number);

  private final EndpointRegistryConfig config;
  private final Clock clock;
  private final ConcurrentMap<String, EndpointPool> pools = new ConcurrentHashMap<>();
  private final TreeSet<Entry> due = new TreeSet<>(BY_DUE_TIME);
  private Instant allHeardOf = Instant.MIN;
  private boolean pruningSuspended;
  private long lastNumber;
  private int size;

  /** Makes a registry that is empty. */
  public IndexedEndpointRegistry(EndpointRegistryConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
  }

  // Registering

  @Override
  public synchronized EndpointChange register(RouteMessage message, ModificationTag tag) {
    if (!admits(message)) {
      return EndpointChange.OTHER_SEGMENT;
    }
    String service = message.routeServiceUrl();
    if (!service.isEmpty() && !service.toLowerCase(Locale.ROOT).startsWith("https")) {
      return EndpointChange.DROPPED;
    }
    RouteEndpoint endpoint = endpoint(message, tag);
    Instant now = clock.instant();
    EndpointChange most = EndpointChange.DROPPED;
    for (String uri : message.uris()) {
      EndpointChange change = register(RouteUri.key(uri), endpoint, now);
      most = change.compareTo(most) < 0 ? change : most;
    }
    return most;
  }

  private EndpointChange register(String uri, RouteEndpoint endpoint, Instant now) {
    EndpointPool pool = pools.computeIfAbsent(uri, EndpointPool::new);
    Entry entry = pool.find(Key.of(endpoint));
    if (entry == null) {
      schedule(pool.add(endpoint, now));
      size++;
      return EndpointChange.ADDED;
    }
    if (isSame(entry.endpoint, endpoint)) {
      entry.heardOf = now;
      return EndpointChange.REFRESHED;
    }
    if (!entry.endpoint.tag().isSucceededBy(endpoint.tag())) {
      return EndpointChange.OLDER;
    }
    pool.replace(entry, endpoint);
    entry.heardOf = now;
    schedule(entry);
    return EndpointChange.REPLACED;
  }

  /** The other URIs of a message are no property of the endpoint. */
  private static boolean isSame(RouteEndpoint one, RouteEndpoint two) {
    return one.equals(two)
        || (one.tag().equals(two.tag())
            && one.isHttp2() == two.isHttp2()
            && one.message().equals(two.message().toBuilder().uris(one.message().uris()).build()));
  }

  private RouteEndpoint endpoint(RouteMessage message, ModificationTag tag) {
    boolean isTls = message.tlsPort() != 0;
    return new RouteEndpoint(
        message.host(),
        isTls ? message.tlsPort() : message.port(),
        isTls,
        config.http2() && message.protocol().equals("http2"),
        message,
        tag);
  }

  private boolean admits(RouteMessage message) {
    return config.segmentMode().admits(message.isolationSegment(), config.segments());
  }

  @Override
  public synchronized boolean unregister(RouteMessage message, ModificationTag tag) {
    if (!admits(message)) {
      return false;
    }
    Key key = Key.of(endpoint(message, tag));
    boolean removed = false;
    for (String uri : message.uris()) {
      EndpointPool pool = pools.get(RouteUri.key(uri));
      Entry entry = pool == null ? null : pool.find(key);
      if (entry != null && mayRemove(entry.endpoint.tag(), tag)) {
        remove(entry);
        removed = true;
      }
    }
    return removed;
  }

  private static boolean mayRemove(ModificationTag known, ModificationTag told) {
    return known.equals(told) || known.isSucceededBy(told);
  }

  private void remove(Entry entry) {
    unschedule(entry);
    EndpointPool pool = entry.pool;
    pool.remove(entry);
    size--;
    if (pool.isEmpty()) {
      pools.remove(pool.uri);
    }
  }

  // Looking up

  @Override
  public Collection<RouteEndpoint> lookup(String uri) {
    EndpointPool pool = RouteUri.first(uri, pools::get);
    return pool == null ? List.of() : pool.endpoints();
  }

  @Override
  public synchronized Optional<RouteEndpoint> instance(String uri, String privateInstanceId) {
    EndpointPool pool = RouteUri.first(uri, pools::get);
    return pool == null ? Optional.empty() : pool.instance(privateInstanceId);
  }

  @Override
  public synchronized int size() {
    return size;
  }

  // Forgetting

  @Override
  public synchronized boolean failed(String uri, RouteEndpoint endpoint, EndpointFailure failure) {
    EndpointPool pool = RouteUri.first(uri, pools::get);
    Entry entry = pool == null ? null : pool.find(Key.of(endpoint));
    // What was registered anew in the meantime is another endpoint, of which nothing is proved.
    if (entry == null
        || !failure.isProof()
        || !endpoint.isTls()
        || !entry.endpoint.equals(endpoint)) {
      return false;
    }
    remove(entry);
    return true;
  }

  @Override
  public synchronized int prune() {
    if (pruningSuspended) {
      return 0;
    }
    Instant now = clock.instant();
    int pruned = 0;
    while (!due.isEmpty() && due(due.first()).isBefore(now)) {
      Entry entry = due.first();
      if (timeIsUp(entry).isBefore(now)) {
        remove(entry);
        pruned++;
      } else {
        schedule(entry);
      }
    }
    return pruned;
  }

  @Override
  public synchronized void suspendPruning() {
    pruningSuspended = true;
  }

  @Override
  public synchronized void resumePruning() {
    if (pruningSuspended) {
      pruningSuspended = false;
      allHeardOf = clock.instant();
    }
  }

  private void schedule(Entry entry) {
    unschedule(entry);
    if (!entry.endpoint.isTls()) {
      entry.dueAt = timeIsUp(entry);
      entry.number = ++lastNumber;
      due.add(entry);
    }
  }

  private void unschedule(Entry entry) {
    if (entry.dueAt != null) {
      due.remove(entry);
      entry.dueAt = null;
    }
  }

  private static Instant due(Entry entry) {
    @Nullable Instant at = entry.dueAt;
    if (at == null) {
      throw new IllegalStateException("an endpoint that never goes stale is in the order of time");
    }
    return at;
  }

  private Instant timeIsUp(Entry entry) {
    Instant heardOf = entry.heardOf.isBefore(allHeardOf) ? allHeardOf : entry.heardOf;
    int own = entry.endpoint.message().staleThresholdSeconds();
    Duration threshold = Duration.ofSeconds(own);
    return heardOf.plus(
        own <= 0 || threshold.compareTo(config.staleThreshold()) > 0
            ? config.staleThreshold()
            : threshold);
  }
}
