package io.dualstack.spi.aws;

import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.contract.NetworkProviderContract;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The contract of providers, held over the fake EC2. */
class AwsProviderContractTest extends NetworkProviderContract {
  private final FakeEc2 ec2 = FakeRegion.start();

  @Override
  protected NetworkProvider provider() {
    return new AwsNetworkProvider();
  }

  @Override
  protected InMemoryProviderContext context() {
    return FakeRegion.context(ec2);
  }

  @Override
  protected Map<String, Object> cloudProperties(String network) {
    return FakeRegion.PROPERTIES;
  }

  @AfterEach
  void stop() {
    RecordedRequests.assertRecorded(ec2.requests());
    RecordedRequests.assertInModel(ec2.requests());
    ec2.close();
  }
}
