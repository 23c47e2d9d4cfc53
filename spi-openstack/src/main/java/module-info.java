import io.dualstack.provider.NetworkProvider;
import io.dualstack.spi.openstack.OpenStackNetworkProvider;

/** The network provider for OpenStack Networking (Neutron). */
module io.dualstack.spi.openstack {
  requires com.fasterxml.jackson.databind;
  requires io.dualstack.api;
  requires java.net.http;
  requires org.slf4j;
  requires org.snakeyaml.engine;
  requires static org.jspecify;

  provides NetworkProvider with
      OpenStackNetworkProvider;
}
