import io.dualstack.provider.NetworkProvider;
import io.dualstack.spi.openstack.OpenStackNetworkProvider;

/** The network provider for OpenStack Networking (Neutron). */
module io.dualstack.spi.openstack {
  requires io.dualstack.api;
  requires org.slf4j;
  requires static org.jspecify;

  provides NetworkProvider with
      OpenStackNetworkProvider;
}
