import io.dualstack.provider.NetworkProvider;
import io.dualstack.spi.aws.AwsNetworkProvider;

/** The network provider for Amazon EC2. */
module io.dualstack.spi.aws {
  requires io.dualstack.api;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.urlconnection;
  requires software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.retries.api;
  requires software.amazon.awssdk.services.ec2;
  requires software.amazon.awssdk.services.servicequotas;
  requires software.amazon.awssdk.utils;
  requires static org.jspecify;

  provides NetworkProvider with
      AwsNetworkProvider;
}
