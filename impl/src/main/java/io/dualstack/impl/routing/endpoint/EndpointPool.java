package io.dualstack.impl.routing.endpoint;

import com.google.common.collect.Collections2;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteHost;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one URI. Changed by one thread at a time, which holds the registry's lock;
 * {@link #endpoints} is read by any.
 */
final class EndpointPool {

  /** Host and port: what routers tell endpoints apart by. */
  record Key(RouteHost host, int port) implements Comparable<Key> {
    static Key of(RouteEndpoint endpoint) {
      return new Key(endpoint.host(), endpoint.port());
    }

    @Override
    public int compareTo(Key other) {
      int byHost = RouteHost.ORDER.compare(host, other.host);
      return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }
  }

  /** An endpoint in the pool. */
  static final class Entry {
    final EndpointPool pool;
    final Key key;
    volatile RouteEndpoint endpoint;
    Instant heardOf;

    /** When it is looked at again, which is not after its time is up; null if never. */
    @Nullable Instant dueAt;

    /** Tells apart what is due at the same time. */
    long number;

    Entry(EndpointPool pool, RouteEndpoint endpoint, Instant heardOf) {
      this.pool = pool;
      this.key = Key.of(endpoint);
      this.endpoint = endpoint;
      this.heardOf = heardOf;
    }
  }

  final String uri;
  private final NavigableMap<Key, Entry> entries = new ConcurrentSkipListMap<>();
  private final Map<String, NavigableMap<Key, Entry>> byInstance = new HashMap<>();

  EndpointPool(String uri) {
    this.uri = uri;
  }

  @Nullable Entry find(Key key) {
    return entries.get(key);
  }

  Entry add(RouteEndpoint endpoint, Instant now) {
    Entry entry = new Entry(this, endpoint, now);
    entries.put(entry.key, entry);
    addToInstance(entry);
    return entry;
  }

  void replace(Entry entry, RouteEndpoint endpoint) {
    removeFromInstance(entry);
    entry.endpoint = endpoint;
    addToInstance(entry);
  }

  void remove(Entry entry) {
    removeFromInstance(entry);
    entries.remove(entry.key);
  }

  private void addToInstance(Entry entry) {
    byInstance
        .computeIfAbsent(entry.endpoint.message().privateInstanceId(), id -> new TreeMap<>())
        .put(entry.key, entry);
  }

  private void removeFromInstance(Entry entry) {
    byInstance.computeIfPresent(
        entry.endpoint.message().privateInstanceId(),
        (id, ofInstance) -> {
          ofInstance.remove(entry.key);
          return ofInstance.isEmpty() ? null : ofInstance;
        });
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  Collection<RouteEndpoint> endpoints() {
    return Collections.unmodifiableCollection(
        Collections2.transform(entries.values(), entry -> entry.endpoint));
  }

  Optional<RouteEndpoint> instance(String id) {
    NavigableMap<Key, Entry> ofInstance = byInstance.get(id);
    return ofInstance == null || id.isEmpty()
        ? Optional.empty()
        : Optional.of(ofInstance.firstEntry().getValue().endpoint);
  }
}
