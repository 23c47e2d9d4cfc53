package io.dualstack;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.CopyReport;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.StoreReport;
import io.dualstack.cell.Cell;
import io.dualstack.cell.CellConfig;
import io.dualstack.director.Director;
import io.dualstack.host.HostFormats;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.LeaseAgent;
import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.lease.RemoteLeases;
import io.dualstack.policy.PolicyStore;
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
import java.time.Duration;

/**
 * The library, open. Compile against this module and have {@code io.dualstack:dualstack-impl} at
 * run time:
 *
 * <pre>{@code
 * try (Dualstack dualstack = Dualstack.builder().store("sqlite:/var/lib/cf/ips.db").build()) {
 *   PrefixAllocator allocator = dualstack.allocator();
 *   ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. What its methods return is usable until it is closed.
 */
public interface Dualstack extends AutoCloseable {

  /**
   * Starts to open the library.
   *
   * @return a builder with an in-memory store
   */
  static DualstackBuilder builder() {
    return new DualstackBuilder();
  }

  /**
   * Returns the allocator of the default address space.
   *
   * @return the allocator
   */
  default PrefixAllocator allocator() {
    return allocator(AddressSpace.DEFAULT);
  }

  /**
   * Returns the allocator of an address space; the same one for the same space.
   *
   * @param space the space
   * @return the allocator
   */
  PrefixAllocator allocator(AddressSpace space);

  /**
   * Returns the director role, which allocates in the default address space.
   *
   * @return the director
   */
  Director director();

  /**
   * Returns the providers that are there.
   *
   * @return the providers
   */
  Providers providers();

  /**
   * Opens a provider with the settings given to the builder.
   *
   * @param name the provider's name, such as {@code local}
   * @return the session, which the caller closes
   * @throws ProviderNotFoundException if there is no usable provider of that name
   * @throws InvalidConfigurationException if its settings are refused
   * @throws ProviderException if it can't be opened
   */
  ProviderSession openProvider(String name);

  /**
   * Returns the writers and readers of host formats.
   *
   * @return the formats
   */
  HostFormats hostFormats();

  /**
   * Returns the writers and readers of what surrounds an instance of an application.
   *
   * @return the formats
   */
  WorkloadFormats workloadFormats();

  /**
   * Returns the authority that signs certificates of instances.
   *
   * @param config its own certificate and key, and what it signs
   * @return the authority
   * @throws InvalidConfigurationException naming the file that can't be used, and why
   */
  IdentityAuthority identityAuthority(IdentityConfig config);

  /**
   * Returns the registry of leases that is kept in this library's store; the same one for the same
   * pool. Registries of several processes may share a store.
   *
   * @param pool the overlay network and how it is cut
   * @return the registry
   */
  LeaseRegistry leases(LeasePool pool);

  /**
   * Returns a registry of leases that is reached over HTTP.
   *
   * @param remote where it is, and the certificates for it, which are read at once
   * @return the registry
   * @throws InvalidConfigurationException if a certificate or key can't be read
   */
  LeaseRegistry leases(RemoteLeases remote);

  /**
   * Puts this host into the overlay network and keeps it there.
   *
   * @param config what it needs to know
   * @param registry where leases are, such as {@link #leases(RemoteLeases)}
   * @return the agent, which does its rounds until the caller closes it
   * @throws StoreUnavailableException if the registry is away; the overlay device stays as it is
   * @throws LeaseConflictException if the device's lease is refused and containers depend on it
   * @throws PoolExhaustedException if there is no lease to be had
   * @throws InvalidConfigurationException if IPv6 is required and can't be had
   * @throws KernelException if the device can't be made; no device is left behind
   * @throws MissingDependencyException without the optional library for the kernel's calls
   */
  LeaseAgent leaseAgent(AgentConfig config, LeaseRegistry registry);

  /**
   * Opens the cell role on this host.
   *
   * @param config what it needs to know
   * @return the cell, which the caller closes
   * @throws InvalidConfigurationException if the configuration can't be used
   * @throws KernelException if the host's namespace can't be opened
   * @throws MissingDependencyException without the optional library for the kernel's calls
   */
  Cell cell(CellConfig config);

  /**
   * Returns the writers and readers of what registrars and routers tell each other.
   *
   * @return the formats
   */
  RouteFormats routeFormats();

  /**
   * Starts to keep endpoints registered with routers; NATS need not be there yet.
   *
   * @param config where NATS is, and how routers are told
   * @return the registrar, which the caller closes
   * @throws MissingDependencyException without the optional client of NATS
   */
  RouteRegistrar routeRegistrar(RegistrarConfig config);

  /**
   * Makes a table of TCP routes that is empty, and kept in memory.
   *
   * @param config what it takes
   * @return the table
   */
  TcpRouteTable tcpRouteTable(TcpRouteTableConfig config);

  /**
   * Makes a registry of endpoints that is empty, and kept in memory.
   *
   * @param config what it does as its router is configured
   * @return the registry
   */
  EndpointRegistry endpointRegistry(EndpointRegistryConfig config);

  /**
   * Opens a store of network policies and security groups, which is the control plane's part that
   * cells follow. Stores of several processes may share a location, which is not one where
   * allocations are kept.
   *
   * @param location such as {@code memory:} or {@code sqlite:/var/lib/cf/policies.db}
   * @return the store, with tags of two bytes, which the caller closes
   * @throws StoreUnavailableException if it can't be opened
   * @throws InvalidConfigurationException if there is no store of its kind
   * @throws MissingDependencyException without the driver of its kind
   */
  PolicyStore policies(String location);

  /**
   * Checks that the store agrees with itself: that nothing overlaps, that the audit trail tells of
   * exactly the blocks that are held, that what is kept can be read, and what the engine finds.
   * Changes nothing, and others may use the store meanwhile; takes as long as the store is large.
   *
   * @return what was found
   * @throws StoreUnavailableException if the store can't be reached
   */
  StoreReport check();

  /**
   * Copies the store as it is now, with its audit trail, to another one, of whatever kind. Others
   * may use the store meanwhile; what they write later is not in the copy. A copy that was cut
   * short is carried on with by copying again.
   *
   * @param location where to: a store that is empty, or has the beginning of this copy; such as
   *     {@code sqlite:/var/lib/cf/ips.db}
   * @return what came of it
   * @throws InvalidConfigurationException if the other store holds something else, or this one
   *     nothing or what {@link #check} finds wrong; then nothing is written
   * @throws StoreUnavailableException if one of the two can't be reached
   */
  CopyReport copyTo(String location);

  /**
   * Tells the builder's meters how full each subnet is, of the default address space and of those
   * that an allocator was asked for. To be called by whoever reads the meters, before he does: it
   * costs what {@link PrefixAllocator#utilization} costs, which looks at all free space, and
   * allocations wait meanwhile.
   *
   * <p>Gauges of subnets that are no longer defined are set to not a number.
   *
   * @throws StoreUnavailableException if the store can't be reached
   */
  void measure();

  /**
   * Tells the builder's meters how fast each of these subnets fills and when it will be full, by
   * {@link PrefixAllocator#forecast}. Reads whole audit trails: once an hour is often enough.
   *
   * @param window how far to look back, in whole days, at least one
   * @throws StoreUnavailableException if the store can't be reached
   */
  void measureForecast(Duration window);

  /**
   * Returns where allocations are kept, without secrets.
   *
   * @return such as {@code sqlite:/var/lib/cf/ips.db}
   */
  String storeLocation();

  /** Closes the store and the providers. Closing twice is closing once. */
  @Override
  void close();
}
