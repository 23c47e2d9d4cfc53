package io.dualstack;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.net.IpSet;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Collects what {@link Dualstack} needs to know. Not thread-safe. */
public final class DualstackBuilder {

  private String store = "memory:";
  private AllocatorOptions allocator = AllocatorOptions.DEFAULT;
  private final List<Path> pluginDirectories = new ArrayList<>();
  private final Map<String, Map<String, String>> providerSettings = new LinkedHashMap<>();
  private IpSet directorAddresses = IpSet.empty();
  private Clock clock = Clock.systemUTC();
  private Meters meters = Meters.NONE;

  DualstackBuilder() {}

  /**
   * Says where allocations are kept.
   *
   * @param location {@code memory:} (the default, lost at the end), {@code sqlite:/path/file}, or
   *     what a store on the class path accepts
   * @return this
   */
  public DualstackBuilder store(String location) {
    this.store = requireNonNull(location, "location");
    return this;
  }

  /**
   * Says how allocators behave.
   *
   * @param options the options
   * @return this
   */
  public DualstackBuilder allocator(AllocatorOptions options) {
    this.allocator = requireNonNull(options, "options");
    return this;
  }

  /**
   * Looks for providers in one more directory.
   *
   * @param directory a folder with one folder per plugin
   * @return this
   */
  public DualstackBuilder pluginDirectory(Path directory) {
    pluginDirectories.add(requireNonNull(directory, "directory"));
    return this;
  }

  /**
   * Gives a provider its settings.
   *
   * @param name the provider's name
   * @param settings its settings
   * @return this
   */
  public DualstackBuilder provider(String name, Map<String, String> settings) {
    providerSettings.put(requireNonNull(name, "name"), Map.copyOf(settings));
    return this;
  }

  /**
   * Keeps the director's own addresses from being handed out.
   *
   * @param addresses the addresses
   * @return this
   */
  public DualstackBuilder directorAddresses(IpSet addresses) {
    this.directorAddresses = requireNonNull(addresses, "addresses");
    return this;
  }

  /**
   * Reads the time from this clock.
   *
   * @param source the clock
   * @return this
   */
  public DualstackBuilder clock(Clock source) {
    this.clock = requireNonNull(source, "source");
    return this;
  }

  /**
   * Has meters told what the library does. Its gauges of subnets are brought up to date by {@link
   * Dualstack#measure}.
   *
   * @param told the meters, of this library alone: two that are open at once would overwrite each
   *     other's gauges
   * @return this
   */
  public DualstackBuilder meters(Meters told) {
    this.meters = requireNonNull(told, "told");
    return this;
  }

  /**
   * Opens the library.
   *
   * @return the open library
   * @throws MissingDependencyException if no implementation is there
   * @throws StoreUnavailableException if the store can't be opened
   * @throws InvalidConfigurationException if the configuration is refused
   */
  public Dualstack build() {
    DualstackConfig config =
        new DualstackConfig(
            store,
            allocator,
            pluginDirectories,
            providerSettings,
            directorAddresses,
            clock,
            meters);
    return ServiceLoader.load(DualstackFactory.class, DualstackFactory.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () -> new MissingDependencyException("Dualstack", "io.dualstack:dualstack-impl", null))
        .open(config);
  }
}
