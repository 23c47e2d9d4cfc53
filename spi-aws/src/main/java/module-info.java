import io.dualstack.provider.NetworkProvider;
import io.dualstack.spi.aws.AwsNetworkProvider;

/** The network provider for Amazon EC2. */
module io.dualstack.spi.aws {
  requires io.dualstack.api;
  requires org.slf4j;
  requires static org.jspecify;

  provides NetworkProvider with
      AwsNetworkProvider;
}
