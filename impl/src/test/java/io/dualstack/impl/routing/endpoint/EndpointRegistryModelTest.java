package io.dualstack.impl.routing.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.RouteEndpoint;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.testkit.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The registry beside a map that is gone through from end to end. */
class EndpointRegistryModelTest {
  private static final Duration THRESHOLD = EndpointRegistryConfig.DEFAULT.staleThreshold();
  private static final List<String> HOSTS = List.of("10.0.0.1", "2001:db8::1", "db");
  private static final List<String> URIS = List.of("a.x", "*.x", "a.x/p");

  private enum Kind {
    REGISTER,
    UNREGISTER,
    PRUNE,
    SUSPEND,
    RESUME
  }

  private record Step(Kind kind, int host, int uri, boolean tls, int stale, int seconds) {}

  private record Known(boolean tls, Duration threshold, Instant heardOf) {}

  @Provide
  static Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Kind.class).edgeCases(none -> none.none()),
            Arbitraries.integers().between(0, HOSTS.size() - 1),
            Arbitraries.integers().between(0, URIS.size() - 1),
            Arbitraries.of(true, false),
            Arbitraries.of(0, 30, 600),
            Arbitraries.integers().between(0, 100))
        .as(Step::new)
        .list()
        .ofMinSize(10)
        .ofMaxSize(60);
  }

  @Property(tries = 200)
  void agrees_with_a_map_that_is_scanned(@ForAll("steps") @Size(max = 60) List<Step> steps) {
    TestClock clock = TestClock.atNoon();
    IndexedEndpointRegistry registry =
        new IndexedEndpointRegistry(EndpointRegistryConfig.DEFAULT, clock);
    Map<String, Map<String, Known>> model = new HashMap<>();
    URIS.forEach(uri -> model.put(uri, new HashMap<>()));
    boolean suspended = false;

    for (Step step : steps) {
      Instant now = clock.advance(Duration.ofSeconds(step.seconds()));
      String uri = URIS.get(step.uri());
      RouteHost host = RouteHost.parse(HOSTS.get(step.host()));
      RouteMessage message =
          RouteMessage.to(host, List.of(uri))
              .port(80)
              .tlsPort(step.tls() ? 80 : 0)
              .staleThresholdSeconds(step.stale())
              .build();
      String address = host.toUriHost() + ":80";
      switch (step.kind()) {
        case REGISTER -> {
          registry.register(message);
          model.get(uri).put(address, new Known(step.tls(), threshold(step.stale()), now));
        }
        case UNREGISTER ->
            assertThat(registry.unregister(message))
                .isEqualTo(model.get(uri).remove(address) != null);
        case PRUNE -> assertThat(registry.prune()).isEqualTo(suspended ? 0 : prune(model, now));
        case SUSPEND -> {
          registry.suspendPruning();
          suspended = true;
        }
        case RESUME -> {
          registry.resumePruning();
          if (suspended) {
            suspended = false;
            model
                .values()
                .forEach(
                    pool ->
                        pool.replaceAll(
                            (key, known) -> new Known(known.tls(), known.threshold(), now)));
          }
        }
      }
      assertSame(registry, model);
    }
  }

  private static Duration threshold(int seconds) {
    return seconds == 30 ? Duration.ofSeconds(30) : THRESHOLD;
  }

  private static int prune(Map<String, Map<String, Known>> model, Instant now) {
    List<Known> stale = new ArrayList<>();
    for (Map<String, Known> pool : model.values()) {
      pool.values()
          .removeIf(
              known -> {
                boolean isStale =
                    !known.tls() && known.heardOf().plus(known.threshold()).isBefore(now);
                if (isStale) {
                  stale.add(known);
                }
                return isStale;
              });
    }
    return stale.size();
  }

  private static void assertSame(
      IndexedEndpointRegistry registry, Map<String, Map<String, Known>> model) {
    assertThat(registry.size()).isEqualTo(model.values().stream().mapToInt(Map::size).sum());
    assertFound(registry, "a.x", model, List.of("a.x", "*.x"));
    assertFound(registry, "b.x/p", model, List.of("*.x"));
    assertFound(registry, "a.x/p/q", model, List.of("a.x/p", "a.x", "*.x"));
  }

  private static void assertFound(
      IndexedEndpointRegistry registry,
      String request,
      Map<String, Map<String, Known>> model,
      List<String> candidates) {
    Map<String, Known> expected =
        candidates.stream()
            .map(model::get)
            .filter(pool -> !pool.isEmpty())
            .findFirst()
            .orElse(Map.of());
    assertThat(
            new TreeSet<>(registry.lookup(request).stream().map(RouteEndpoint::address).toList()))
        .isEqualTo(new TreeSet<>(expected.keySet()));
  }
}
