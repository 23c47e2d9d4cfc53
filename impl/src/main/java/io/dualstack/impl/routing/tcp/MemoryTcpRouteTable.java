package io.dualstack.impl.routing.tcp;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import io.dualstack.impl.routing.tcp.TcpRouteRules.Purpose;
import io.dualstack.routing.ModificationTag;
import io.dualstack.routing.TcpRoute;
import io.dualstack.routing.TcpRouteEvent;
import io.dualstack.routing.TcpRouteTable;
import io.dualstack.routing.TcpRouteTableConfig;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A table in memory, with its rows in the order of when their time is over. */
public final class MemoryTcpRouteTable implements TcpRouteTable {

  /** What makes a route that route, as the routing API's database has it. */
  private record Key(
      String group,
      int backendPort,
      String backend,
      int port,
      String sni,
      int tlsPort,
      boolean terminates,
      boolean mutual) {
    static Key of(TcpRoute route) {
      return new Key(
          route.routerGroupGuid(),
          route.backendPort(),
          route.backendIp(),
          route.port(),
          route.sniHostname(),
          route.backendTlsPort(),
          route.terminateFrontendTls(),
          route.enableBackendMtls());
    }
  }

  /** What all routes of it agree on is where TLS ends. */
  private record Entrance(String group, int port, String sni) {
    static Entrance of(TcpRoute route) {
      return new Entrance(route.routerGroupGuid(), route.port(), route.sniHostname());
    }
  }

  private record Row(Key key, TcpRoute route, Instant expiresAt, long number) {}

  private final TcpRouteTableConfig config;
  private final TcpRouteRules rules;
  private final Clock clock;
  private final Map<Key, Row> rows = new LinkedHashMap<>();
  private final TreeSet<Row> byTime =
      new TreeSet<>(Comparator.comparing(Row::expiresAt).thenComparingLong(Row::number));
  private final Map<Boolean, Multiset<Entrance>> entrances =
      Map.of(true, HashMultiset.create(), false, HashMultiset.create());
  private final List<Listening> listeners = new CopyOnWriteArrayList<>();
  private long lastNumber;

  /** Makes a table that is empty. */
  public MemoryTcpRouteTable(TcpRouteTableConfig config, Clock clock) {
    this.config = config;
    this.rules = new TcpRouteRules(config);
    this.clock = clock;
  }

  // Changing

  @Override
  public synchronized void upsert(List<TcpRoute> routes) {
    int unused = prune();
    List<TcpRoute> checked = checked(routes, Purpose.UPSERT);
    checkAgreement(checked);
    Instant now = clock.instant();
    checked.forEach(route -> put(route, now));
  }

  private List<TcpRoute> checked(List<TcpRoute> routes, Purpose purpose) {
    List<TcpRoute> checked = new ArrayList<>(routes.size());
    for (TcpRoute route : routes) {
      checked.add(rules.check(route, checked.size(), purpose));
    }
    return checked;
  }

  private void checkAgreement(List<TcpRoute> routes) {
    Map<Entrance, Boolean> told = new LinkedHashMap<>();
    for (int i = 0; i < routes.size(); i++) {
      TcpRoute route = routes.get(i);
      Entrance entrance = Entrance.of(route);
      boolean terminates = route.terminateFrontendTls();
      Boolean first = told.putIfAbsent(entrance, terminates);
      if ((first != null && first != terminates) || entrances(!terminates).contains(entrance)) {
        throw TcpRouteRules.refused(
            "/" + i + "/",
            "terminate_frontend_tls",
            "FrontendTlsDiffers",
            "%s: other routes of port %d and SNI name \"%s\" say otherwise; delete them first"
                .formatted(terminates, route.port(), route.sniHostname()));
      }
    }
  }

  private Multiset<Entrance> entrances(boolean terminates) {
    Multiset<Entrance> of = entrances.get(terminates);
    if (of == null) {
      throw new IllegalStateException("there are two");
    }
    return of;
  }

  private void put(TcpRoute route, Instant now) {
    Key key = Key.of(route);
    Row before = rows.get(key);
    Integer told = route.ttlSeconds();
    int ttl = told == null ? config.maxTtlSeconds() : told;
    ModificationTag tag;
    if (before == null) {
      tag = new ModificationTag(UUID.randomUUID().toString(), 0);
      entrances(route.terminateFrontendTls()).add(Entrance.of(route));
    } else {
      tag = before.route().tag().next();
      byTime.remove(before);
    }
    TcpRoute kept = route.with(route.backendIp(), tag, ttl);
    Row row = new Row(key, kept, now.plusSeconds(ttl), ++lastNumber);
    rows.put(key, row);
    byTime.add(row);
    tell(TcpRouteEvent.Kind.UPSERT, kept);
  }

  @Override
  public synchronized void delete(List<TcpRoute> routes) {
    for (TcpRoute route : checked(routes, Purpose.DELETE)) {
      Row row = rows.get(Key.of(route));
      if (row != null) {
        remove(row);
      }
    }
  }

  private void remove(Row row) {
    rows.remove(row.key());
    byTime.remove(row);
    TcpRoute route = row.route();
    entrances(route.terminateFrontendTls()).remove(Entrance.of(route));
    tell(TcpRouteEvent.Kind.DELETE, route);
  }

  @Override
  public synchronized int prune() {
    Instant now = clock.instant();
    int pruned = 0;
    while (!byTime.isEmpty() && isOver(byTime.first(), now)) {
      remove(byTime.first());
      pruned++;
    }
    return pruned;
  }

  private static boolean isOver(Row row, Instant now) {
    return !row.expiresAt().isAfter(now);
  }

  // Reading

  @Override
  public List<TcpRoute> routes() {
    return routes(route -> true);
  }

  @Override
  public List<TcpRoute> routes(Collection<String> segments) {
    Set<String> wanted = Set.copyOf(segments);
    return routes(route -> wanted.contains(route.isolationSegment()));
  }

  private synchronized List<TcpRoute> routes(Predicate<TcpRoute> wanted) {
    Instant now = clock.instant();
    return rows.values().stream()
        .filter(row -> !isOver(row, now))
        .map(Row::route)
        .filter(wanted)
        .toList();
  }

  // Events

  /** One who listens, told apart from others with the same listener. */
  private final class Listening implements Subscription {
    private final Consumer<TcpRouteEvent> listener;

    Listening(Consumer<TcpRouteEvent> listener) {
      this.listener = listener;
    }

    @Override
    public void close() {
      listeners.remove(this);
    }
  }

  @Override
  public synchronized Subscription subscribe(Consumer<TcpRouteEvent> listener) {
    Listening listening = new Listening(listener);
    listeners.add(listening);
    return listening;
  }

  private void tell(TcpRouteEvent.Kind kind, TcpRoute route) {
    TcpRouteEvent event = new TcpRouteEvent(kind, route);
    listeners.forEach(listening -> listening.listener.accept(event));
  }
}
