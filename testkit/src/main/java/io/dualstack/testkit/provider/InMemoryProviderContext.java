package io.dualstack.testkit.provider;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.NetworkSet;
import io.dualstack.provider.ProviderContext;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a provider is given when it is opened: no settings, an empty journal, no networks, and a
 * clock that stands still, until a test says otherwise. Opening a provider again with the same
 * context is a restart. Thread-safe.
 */
public final class InMemoryProviderContext implements ProviderContext {
  private final InMemoryProviderJournal journal = new InMemoryProviderJournal();
  private final Clock clock;
  private volatile Map<String, String> settings = Map.of();
  private volatile NetworkSet networks = NetworkSet.empty();

  /** Creates a context whose clock stands at the start of the year 2026, UTC. */
  public InMemoryProviderContext() {
    this(Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
  }

  /**
   * Creates a context with a clock.
   *
   * @param clock what the provider reads time from
   */
  public InMemoryProviderContext(Clock clock) {
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Adds a setting, in place of one of the same name.
   *
   * @param setting its name
   * @param value its value
   * @return this
   */
  public InMemoryProviderContext configure(String setting, String value) {
    TreeMap<String, String> more = new TreeMap<>(settings);
    more.put(setting, value);
    settings = Collections.unmodifiableMap(more);
    return this;
  }

  /**
   * Defines the networks, in place of those defined before.
   *
   * @param definitions the networks
   * @return this
   */
  public InMemoryProviderContext define(NetworkSet definitions) {
    networks = requireNonNull(definitions, "definitions");
    return this;
  }

  @Override
  public Map<String, String> settings() {
    return settings;
  }

  @Override
  public InMemoryProviderJournal journal() {
    return journal;
  }

  @Override
  public NetworkSet networks() {
    return networks;
  }

  @Override
  public Clock clock() {
    return clock;
  }
}
