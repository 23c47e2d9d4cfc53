package io.dualstack.impl.routing.nats;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouteRegistration;
import io.dualstack.routing.RouterStart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What is told to routers when; it tells nothing itself. Times are nanoseconds of a clock that only
 * runs forward. Not thread-safe.
 */
final class RegistrationCycle {
  static final Duration GREETING_INTERVAL = Duration.ofSeconds(1);

  /** By how much of an interval it may be early, so that registrars don't all speak at once. */
  static final double JITTER = 0.2;

  private static final long NEVER = Long.MAX_VALUE;

  /** One endpoint under one URI, as routers tell them apart. */
  private record Target(RouteAudience audience, RouteHost host, int port, String uri) {}

  /** An endpoint that is gone, and how often that is still to be told. */
  private record Gone(RouteMessage message, int left) {}

  /** When one audience is told. */
  private static final class Beat {
    Duration interval;
    boolean answered;
    long greetAt;
    long tellAt;

    Beat(Duration interval, long now) {
      this.interval = interval;
      this.greetAt = now;
      this.tellAt = now + interval.toNanos();
    }
  }

  private final RegistrarConfig config;
  private final LongSupplier clock;
  private final DoubleSupplier random;
  private final Map<String, RouteRegistration> registrations = new LinkedHashMap<>();
  private final Multiset<Target> live = HashMultiset.create();
  private final Map<Target, Gone> gone = new LinkedHashMap<>();
  private final Map<RouteAudience, Beat> beats = new EnumMap<>(RouteAudience.class);
  private boolean connected;

  /**
   * Knows of nothing yet, and of no connection.
   *
   * @param clock nanoseconds, such as {@link System#nanoTime}
   * @param random numbers from 0 up to 1
   */
  RegistrationCycle(RegistrarConfig config, LongSupplier clock, DoubleSupplier random) {
    this.config = config;
    this.clock = clock;
    this.random = random;
  }

  // What is registered

  /** Returns what is to be told at once. */
  List<Outgoing> put(String name, RouteRegistration registration) {
    RouteRegistration before = registrations.put(name, registration);
    Map<Target, RouteMessage> old = before == null ? Map.of() : targets(before);
    Map<Target, RouteMessage> young = targets(registration);
    old.keySet().forEach(live::remove);
    young.keySet().forEach(live::add);
    young.keySet().forEach(gone::remove);
    beat(registration.audience());
    List<Outgoing> out = takeBack(old);
    if (connected && !registration.equals(before)) {
      for (RouteMessage message : registration.messages(config.directIpv6())) {
        out.add(new Outgoing.Registering(registration.audience(), message));
      }
    }
    return out;
  }

  /** Returns what is to be told at once. */
  List<Outgoing> remove(String name) {
    RouteRegistration before = registrations.remove(name);
    if (before == null) {
      return List.of();
    }
    Map<Target, RouteMessage> old = targets(before);
    old.keySet().forEach(live::remove);
    return takeBack(old);
  }

  /** What another registration still holds is not taken back. */
  private List<Outgoing> takeBack(Map<Target, RouteMessage> old) {
    Map<Target, Gone> now = new LinkedHashMap<>();
    old.forEach(
        (target, message) -> {
          if (!live.contains(target)) {
            now.put(target, new Gone(message, config.unregistrations()));
          }
        });
    gone.putAll(now);
    return connected ? unregistering(now.keySet()) : new ArrayList<>();
  }

  private Map<Target, RouteMessage> targets(RouteRegistration registration) {
    Map<Target, RouteMessage> targets = new LinkedHashMap<>();
    for (RouteMessage message : registration.messages(config.directIpv6())) {
      int port = message.tlsPort() == 0 ? message.port() : message.tlsPort();
      for (String uri : message.uris()) {
        targets.put(new Target(registration.audience(), message.host(), port, uri), message);
      }
    }
    return targets;
  }

  /** Tells once more that these are gone, each message with all of its URIs that are. */
  private List<Outgoing> unregistering(Set<Target> targets) {
    Map<RouteAudience, Map<RouteMessage, List<String>>> uris = new EnumMap<>(RouteAudience.class);
    for (Target target : targets) {
      Gone told = gone.remove(target);
      if (told == null) {
        continue;
      }
      uris.computeIfAbsent(target.audience(), audience -> new LinkedHashMap<>())
          .computeIfAbsent(told.message(), message -> new ArrayList<>())
          .add(target.uri());
      if (told.left() > 1) {
        gone.put(target, new Gone(told.message(), told.left() - 1));
      }
    }
    List<Outgoing> out = new ArrayList<>();
    uris.forEach(
        (audience, messages) ->
            messages.forEach(
                (message, some) ->
                    out.add(
                        new Outgoing.Unregistering(
                            audience, message.toBuilder().uris(some).build()))));
    return out;
  }

  Set<String> names() {
    return Set.copyOf(registrations.keySet());
  }

  // When it is told

  private Beat beat(RouteAudience audience) {
    return beats.computeIfAbsent(audience, key -> new Beat(config.interval(), clock.getAsLong()));
  }

  Duration interval(RouteAudience audience) {
    Beat beat = beats.get(audience);
    return beat == null ? config.interval() : beat.interval;
  }

  /** There is a connection, or a new one: whoever listens has to be asked. */
  void connected() {
    connected = true;
    for (Beat beat : beats.values()) {
      beat.answered = false;
      beat.greetAt = clock.getAsLong();
    }
  }

  void disconnected() {
    connected = false;
  }

  /** Somebody has started, who may know nothing yet. Returns what is to be told at once. */
  List<Outgoing> started(RouteAudience audience, RouterStart start) {
    Beat beat = beat(audience);
    follow(beat, start);
    return tellAll(audience, beat);
  }

  /** Somebody has answered a greeting. Of several, the first has all told; it reaches them all. */
  List<Outgoing> answered(RouteAudience audience, RouterStart start) {
    Beat beat = beat(audience);
    boolean isFirst = !beat.answered;
    follow(beat, start);
    return isFirst ? tellAll(audience, beat) : List.of();
  }

  private void follow(Beat beat, RouterStart start) {
    beat.answered = true;
    if (start.minimumRegisterIntervalSeconds() > 0) {
      Duration asked = Duration.ofSeconds(start.minimumRegisterIntervalSeconds());
      if (!asked.equals(beat.interval)) {
        beat.interval = asked;
        beat.tellAt = Math.min(beat.tellAt, early(beat));
      }
    }
  }

  private long early(Beat beat) {
    double share = 1 - JITTER * random.getAsDouble();
    return clock.getAsLong() + (long) (beat.interval.toNanos() * share);
  }

  private List<Outgoing> tellAll(RouteAudience audience, Beat beat) {
    beat.tellAt = early(beat);
    if (!connected) {
      return List.of();
    }
    Set<Target> toldAgain = new LinkedHashSet<>(gone.keySet());
    toldAgain.removeIf(target -> target.audience() != audience);
    List<Outgoing> out = unregistering(toldAgain);
    for (RouteRegistration registration : registrations.values()) {
      if (registration.audience() == audience) {
        for (RouteMessage message : registration.messages(config.directIpv6())) {
          out.add(new Outgoing.Registering(audience, message));
        }
      }
    }
    return out;
  }

  /** Returns what is due. */
  List<Outgoing> due() {
    if (!connected) {
      return List.of();
    }
    long now = clock.getAsLong();
    List<Outgoing> out = new ArrayList<>();
    beats.forEach(
        (audience, beat) -> {
          if (!beat.answered && now - beat.greetAt >= 0) {
            out.add(new Outgoing.Greeting(audience));
            beat.greetAt = now + GREETING_INTERVAL.toNanos();
          }
          if (now - beat.tellAt >= 0) {
            out.addAll(tellAll(audience, beat));
          }
        });
    return out;
  }

  /** Returns in how many nanoseconds something is due; the largest number if nothing ever is. */
  long nanosUntilDue() {
    if (!connected) {
      return NEVER;
    }
    long now = clock.getAsLong();
    long least = NEVER;
    for (Beat beat : beats.values()) {
      least = Math.min(least, beat.tellAt - now);
      if (!beat.answered) {
        least = Math.min(least, beat.greetAt - now);
      }
    }
    return Math.max(0, least);
  }

  /** Nothing is registered any more. Returns what is to be told, once. */
  List<Outgoing> stop() {
    List<String> names = List.copyOf(registrations.keySet());
    names.forEach(
        name -> {
          RouteRegistration registration = registrations.remove(name);
          if (registration != null) {
            Map<Target, RouteMessage> old = targets(registration);
            old.keySet().forEach(live::remove);
            old.forEach((target, message) -> gone.put(target, new Gone(message, 1)));
          }
        });
    return connected ? unregistering(new LinkedHashSet<>(gone.keySet())) : List.of();
  }
}
