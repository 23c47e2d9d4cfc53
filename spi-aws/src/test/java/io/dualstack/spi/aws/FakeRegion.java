package io.dualstack.spi.aws;

import io.dualstack.net.IpPrefix;
import io.dualstack.provider.ProviderContext;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.Map;

/** A fake EC2 with one VPC, and what a provider is told to use it. */
final class FakeRegion {
  static final String SUBNET = "subnet-0a1b2c3d";
  static final String OTHER_SUBNET = "subnet-0e4f5a6b";
  static final String VPC = "vpc-01234567";
  static final String GROUP = "sg-0123abcd";
  static final IpPrefix IPV4 = IpPrefix.parse("10.64.0.0/20");
  static final IpPrefix IPV6 = IpPrefix.parse("2001:db8:64::/64");

  static final Map<String, Object> PROPERTIES = Map.of("subnet", SUBNET);

  static {
    // Anybody may sign requests to the fake; nobody shall ask a metadata service for credentials.
    System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
    System.setProperty("aws.secretAccessKey", "secret");
    System.setProperty("aws.disableEc2Metadata", "true");
  }

  private FakeRegion() {}

  static FakeEc2 start() {
    return new FakeEc2()
        .subnet(SUBNET, VPC, "eu-central-1a", IPV4, IPV6)
        .subnet(
            OTHER_SUBNET,
            VPC,
            "eu-central-1b",
            IpPrefix.parse("10.64.16.0/20"),
            IpPrefix.parse("2001:db8:64:1::/64"))
        .securityGroup(GROUP, VPC, "cells")
        .securityGroup("sg-0456cdef", VPC, "routers");
  }

  /** Few tries and short waits, so that tests don't wait. */
  static InMemoryProviderContext context(FakeEc2 ec2) {
    return new InMemoryProviderContext()
        .configure("endpoint", ec2.endpoint().toString())
        .configure("region", "eu-central-1")
        .configure("security_groups", GROUP)
        .configure("backoff_milliseconds", "1")
        .configure("attempts", "4")
        .configure("timeout_seconds", "20");
  }

  static EniOperations operations(ProviderContext context) {
    return new EniOperations(AwsSettings.of(context.settings()), context);
  }
}
