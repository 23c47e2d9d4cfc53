package io.dualstack.impl.cpi;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.StandardDualstackFactory;
import io.dualstack.impl.provider.discovery.ProviderDiscovery;
import io.dualstack.impl.provider.journal.StoreJournal;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderJournal;
import io.dualstack.provider.ProviderSession;
import java.time.Clock;
import java.util.Map;

/** A provider that is opened anew for the networks of each call. */
public final class CpiProvider implements AutoCloseable {
  private final CpiConfig config;
  private final AllocationStore store;
  private final ProviderDiscovery providers;
  private final NetworkProvider provider;
  private final Clock clock;

  private CpiProvider(
      CpiConfig config,
      AllocationStore store,
      ProviderDiscovery providers,
      NetworkProvider provider,
      Clock clock) {
    this.config = config;
    this.store = store;
    this.providers = providers;
    this.provider = provider;
    this.clock = clock;
  }

  /**
   * Finds a provider and opens its memory.
   *
   * @throws io.dualstack.ProviderNotFoundException if there is no usable provider of that name
   * @throws io.dualstack.StoreUnavailableException if the store can't be opened
   */
  public static CpiProvider open(CpiConfig config, String name, Clock clock) {
    ProviderDiscovery providers = new ProviderDiscovery(config.plugins());
    try {
      NetworkProvider provider = providers.byName(name);
      AllocationStore store = StandardDualstackFactory.openStore(config.store());
      return new CpiProvider(config, store, providers, provider, clock);
    } catch (RuntimeException e) {
      providers.close();
      throw e;
    }
  }

  /** Opens a session for some networks. */
  public ProviderSession session(NetworkSet networks) {
    return provider.open(
        new Context(
            config.settings(),
            new StoreJournal(store, AddressSpace.DEFAULT, provider.name(), clock),
            networks,
            clock));
  }

  @Override
  public void close() {
    try (store) {
      providers.close();
    }
  }

  private record Context(
      Map<String, String> settings, ProviderJournal journal, NetworkSet networks, Clock clock)
      implements ProviderContext {}
}
