import io.dualstack.provider.NetworkProvider;
import io.dualstack.spi.gcp.GcpNetworkProvider;

/** The network provider for Google Compute Engine. */
module io.dualstack.spi.gcp {
  requires io.dualstack.api;
  requires org.slf4j;
  requires static org.jspecify;

  provides NetworkProvider with
      GcpNetworkProvider;
}
