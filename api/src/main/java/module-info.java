/**
 * Contracts, value types and SPI interfaces of Dualstack. Compile against this, run with an
 * implementation.
 */
module io.dualstack.api {
  requires inet.ipaddr;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.dualstack;
  exports io.dualstack.allocation;
  exports io.dualstack.allocation.spi;
  exports io.dualstack.cell;
  exports io.dualstack.cni;
  exports io.dualstack.director;
  exports io.dualstack.firewall;
  exports io.dualstack.host;
  exports io.dualstack.lease;
  exports io.dualstack.net;
  exports io.dualstack.policy;
  exports io.dualstack.provider;
  exports io.dualstack.provider.support;
  exports io.dualstack.routing;
  exports io.dualstack.workload;

  uses io.dualstack.DualstackFactory;
}
