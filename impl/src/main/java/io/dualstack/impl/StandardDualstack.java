package io.dualstack.impl;

import io.dualstack.Dualstack;
import io.dualstack.DualstackConfig;
import io.dualstack.Meters;
import io.dualstack.MissingDependencyException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.CopyReport;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.StoreReport;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.director.Director;
import io.dualstack.host.HostFormats;
import io.dualstack.impl.allocation.StoreBackedAllocator;
import io.dualstack.impl.allocation.SubnetGauges;
import io.dualstack.impl.allocation.check.StoreCheck;
import io.dualstack.impl.allocation.copy.StoreCopy;
import io.dualstack.impl.cell.LocalCell;
import io.dualstack.impl.director.DeploymentDirector;
import io.dualstack.impl.firewall.backend.FirewallMeters;
import io.dualstack.impl.host.BoshHostFormats;
import io.dualstack.impl.lease.agent.LocalLeaseAgent;
import io.dualstack.impl.lease.http.HttpLeaseRegistry;
import io.dualstack.impl.lease.registry.StoreLeaseRegistry;
import io.dualstack.impl.policy.PolicyStores;
import io.dualstack.impl.provider.discovery.ProviderDiscovery;
import io.dualstack.impl.provider.journal.StoreJournal;
import io.dualstack.impl.routing.WireRouteFormats;
import io.dualstack.impl.routing.endpoint.IndexedEndpointRegistry;
import io.dualstack.impl.routing.nats.NatsRegistrar;
import io.dualstack.impl.routing.tcp.MemoryTcpRouteTable;
import io.dualstack.impl.workload.DiegoFormats;
import io.dualstack.impl.workload.identity.SigningAuthority;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.lease.RemoteLeases;
import io.dualstack.policy.PolicyStore;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderJournal;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.Providers;
import io.dualstack.routing.EndpointRegistry;
import io.dualstack.routing.EndpointRegistryConfig;
import io.dualstack.routing.RegistrarConfig;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouteRegistrar;
import io.dualstack.routing.TcpRouteTable;
import io.dualstack.routing.TcpRouteTableConfig;
import io.dualstack.workload.IdentityAuthority;
import io.dualstack.workload.IdentityConfig;
import io.dualstack.workload.WorkloadFormats;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** The open library. Everything but the store is made when it is first asked for. */
final class StandardDualstack implements Dualstack {
  /** As many as cells' overlay networks carry. */
  private static final int TAG_BYTES = 2;

  private final DualstackConfig config;
  private final Meters meters;
  private final AllocationStore store;
  private final ProviderDiscovery providers;
  private final FirewallMeters firewalls;
  private final HostFormats formats = new BoshHostFormats();
  private final WorkloadFormats workloads = new DiegoFormats();
  private final Map<AddressSpace, PrefixAllocator> allocators = new ConcurrentHashMap<>();
  private final Map<AddressSpace, SubnetGauges> gauges = new ConcurrentHashMap<>();
  private final Map<LeasePool, LeaseRegistry> registries = new ConcurrentHashMap<>();

  /**
   * Takes over an open store.
   *
   * @param meters the configuration's, which never throw
   */
  StandardDualstack(DualstackConfig config, Meters meters, AllocationStore store) {
    this.config = config;
    this.meters = meters;
    this.firewalls = new FirewallMeters(meters);
    this.store = store;
    this.providers = new ProviderDiscovery(config.pluginDirectories());
  }

  @Override
  public PrefixAllocator allocator(AddressSpace space) {
    return allocators.computeIfAbsent(
        space,
        key -> new StoreBackedAllocator(store, key, config.allocator(), config.clock(), meters));
  }

  @Override
  public Director director() {
    return new DeploymentDirector(
        allocator(),
        store,
        providers,
        this::openProvider,
        config.directorAddresses(),
        config.clock());
  }

  @Override
  public Providers providers() {
    return providers;
  }

  @Override
  public ProviderSession openProvider(String name) {
    return providers
        .byName(name)
        .open(
            new Context(
                config.providerSettings().getOrDefault(name, Map.of()),
                new StoreJournal(store, AddressSpace.DEFAULT, name, config.clock()),
                allocator(),
                config.clock()));
  }

  @Override
  public HostFormats hostFormats() {
    return formats;
  }

  @Override
  public WorkloadFormats workloadFormats() {
    return workloads;
  }

  @Override
  public IdentityAuthority identityAuthority(IdentityConfig identity) {
    try {
      return SigningAuthority.open(identity, config.clock());
    } catch (NoClassDefFoundError e) {
      throw new MissingDependencyException(
          "signing certificates", "org.bouncycastle:bcpkix-jdk18on", e);
    }
  }

  @Override
  public LeaseRegistry leases(LeasePool pool) {
    return registries.computeIfAbsent(
        pool, key -> new StoreLeaseRegistry(store, key, config.clock(), new SecureRandom()));
  }

  @Override
  public LeaseRegistry leases(RemoteLeases remote) {
    return HttpLeaseRegistry.open(remote);
  }

  @Override
  public LeaseAgent leaseAgent(AgentConfig agent, LeaseRegistry registry) {
    return LocalLeaseAgent.open(agent, registry, meters);
  }

  @Override
  public Cell cell(CellConfig cell) {
    return LocalCell.open(cell, meters, firewalls);
  }

  @Override
  public RouteFormats routeFormats() {
    return new WireRouteFormats();
  }

  @Override
  public RouteRegistrar routeRegistrar(RegistrarConfig registrar) {
    return NatsRegistrar.open(registrar);
  }

  @Override
  public TcpRouteTable tcpRouteTable(TcpRouteTableConfig table) {
    return new MemoryTcpRouteTable(table, config.clock());
  }

  @Override
  public EndpointRegistry endpointRegistry(EndpointRegistryConfig endpoints) {
    return new IndexedEndpointRegistry(endpoints, config.clock());
  }

  @Override
  public PolicyStore policies(String location) {
    return PolicyStores.open(location, TAG_BYTES);
  }

  @Override
  public StoreReport check() {
    return StoreCheck.run(store);
  }

  @Override
  public CopyReport copyTo(String location) {
    try (AllocationStore to = StandardDualstackFactory.openStore(location)) {
      return StoreCopy.run(store, to);
    }
  }

  @Override
  public void measure() {
    forEachSpace((told, allocator) -> told.usage(allocator.utilization()));
  }

  @Override
  public void measureForecast(Duration window) {
    forEachSpace((told, allocator) -> told.forecasts(allocator.forecast(window)));
  }

  private void forEachSpace(BiConsumer<SubnetGauges, PrefixAllocator> telling) {
    if (meters == Meters.NONE) {
      return;
    }
    PrefixAllocator first = allocator();
    assert first.space().equals(AddressSpace.DEFAULT);
    allocators.forEach(
        (space, allocator) ->
            telling.accept(
                gauges.computeIfAbsent(space, key -> new SubnetGauges(meters, key)), allocator));
  }

  @Override
  public String storeLocation() {
    return store.location();
  }

  @Override
  public void close() {
    try (store) {
      providers.close();
    }
  }

  private record Context(
      Map<String, String> settings, ProviderJournal journal, PrefixAllocator allocator, Clock clock)
      implements ProviderContext {
    @Override
    public NetworkSet networks() {
      return allocator.networks();
    }
  }
}
