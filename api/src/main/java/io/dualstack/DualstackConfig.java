package io.dualstack;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.AllocatorOptions;
import io.dualstack.net.IpSet;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that {@link DualstackBuilder} collects.
 *
 * @param store where allocations are kept: {@code memory:}, {@code sqlite:/path/file}, or what a
 *     store on the class path accepts
 * @param allocator how allocators behave
 * @param pluginDirectories where providers are looked for besides the class path and module path:
 *     folders with one folder per plugin
 * @param providerSettings the settings of providers, by provider name
 * @param directorAddresses addresses of the director itself, never handed out in any subnet
 * @param clock the clock that times are read from
 * @param meters what is told how the library fares
 */
public record DualstackConfig(
    String store,
    AllocatorOptions allocator,
    List<Path> pluginDirectories,
    Map<String, Map<String, String>> providerSettings,
    IpSet directorAddresses,
    Clock clock,
    Meters meters) {

  /**
   * Copies the collections.
   *
   * @param store where allocations are kept: {@code memory:}, {@code sqlite:/path/file}, or what a
   *     store on the class path accepts
   * @param allocator how allocators behave
   * @param pluginDirectories where providers are looked for besides the class path and module path:
   *     folders with one folder per plugin
   * @param providerSettings the settings of providers, by provider name
   * @param directorAddresses addresses of the director itself, never handed out in any subnet
   * @param clock the clock that times are read from
   * @param meters what is told how the library fares
   */
  public DualstackConfig {
    requireNonNull(store, "store");
    requireNonNull(allocator, "allocator");
    requireNonNull(directorAddresses, "directorAddresses");
    requireNonNull(clock, "clock");
    requireNonNull(meters, "meters");
    pluginDirectories = List.copyOf(pluginDirectories);
    providerSettings = Collections.unmodifiableMap(new LinkedHashMap<>(providerSettings));
  }
}
