import io.dualstack.provider.NetworkProvider;
import io.dualstack.spi.gcp.GcpNetworkProvider;

/** The network provider for Google Compute Engine. */
module io.dualstack.spi.gcp {
  requires com.google.api.client;
  requires com.google.api.client.json.gson;
  requires com.google.api.services.compute;
  requires com.google.auth;
  requires com.google.auth.oauth2;
  requires google.api.client;
  requires io.dualstack.api;
  requires org.slf4j;
  requires static org.jspecify;

  provides NetworkProvider with
      GcpNetworkProvider;
}
