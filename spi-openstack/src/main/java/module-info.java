/** The network provider for OpenStack Neutron. */
module io.dualstack.spi.openstack {
  requires io.dualstack.api;
  requires org.slf4j;
  requires static org.jspecify;
}
