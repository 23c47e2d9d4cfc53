package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderSession;
import java.util.Map;
import java.util.Set;

/**
 * The network provider for Amazon EC2. This build declares what EC2 can do, so that networks can be
 * checked against it, and operates nothing yet: {@link #open} refuses.
 *
 * <p>Delegated prefixes are /28 in IPv4 and /80 in IPv6 and nothing else; the caller names one, or
 * EC2 picks it (<a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html">prefix delegation
 * for EC2 network interfaces</a>). A network interface carries both families (<a
 * href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html">IP addressing for
 * VPCs and subnets</a>). That there is one address and one prefix of each family per NIC is the
 * limit of BOSH's NIC groups on EC2 (<a
 * href="https://github.com/cloudfoundry/bosh-aws-cpi-release">bosh-aws-cpi-release</a>), not of EC2
 * itself.
 */
public final class AwsNetworkProvider implements NetworkProvider {
  private static final Set<PrefixChooser> EITHER =
      Set.of(PrefixChooser.DIRECTOR, PrefixChooser.PROVIDER);

  private static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4, FamilyCapabilities.lengths(28, 28, 1, 1, EITHER),
              IpFamily.IPV6, FamilyCapabilities.lengths(80, 80, 1, 1, EITHER)),
          true);

  @Override
  public String name() {
    return "aws";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  /**
   * Refuses.
   *
   * @throws ProviderException always, with {@link Reason#NOT_CONFIGURED}
   */
  @Override
  public ProviderSession open(ProviderContext context) {
    throw new ProviderException(
        name(),
        Reason.NOT_CONFIGURED,
        false,
        "this build of the provider declares what the infrastructure can do and operates none yet;"
            + " use the provider \"local\", which records what is attached",
        null);
  }
}
