package io.dualstack.spi.aws;

import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.support.ReconcilingSession;
import java.util.Map;
import java.util.Set;

/**
 * The network provider for Amazon EC2. A NIC is an elastic network interface, which carries whose
 * it is in its tags; the machine is started with it, or it is attached to the machine, by whoever
 * makes machines.
 *
 * <p>Delegated prefixes are /28 in IPv4 and /80 in IPv6 and nothing else; the caller names one, or
 * EC2 picks it (<a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html">prefix delegation
 * for EC2 network interfaces</a>). A network interface carries both families (<a
 * href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html">IP addressing for
 * VPCs and subnets</a>), and as many addresses and prefixes of each as the instance type allows,
 * which is 50 at most (<a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html">IP addresses
 * per network interface</a>); one of the IPv4 ones is the primary address, which every interface
 * has outside of IPv6-only subnets.
 *
 * <h2>Settings</h2>
 *
 * <p>All are optional. Regions and credentials that aren't given come from the chains of the AWS
 * SDK: environment variables, system properties, the shared configuration files, web identities,
 * containers and the metadata of the machine.
 *
 * <ul>
 *   <li>{@code region}: the AWS region
 *   <li>{@code endpoint}: the URL of the EC2 API in place of the region's own
 *   <li>{@code quotas_endpoint}: the URL of the Service Quotas API in place of the region's own;
 *       where {@code endpoint} is given and this isn't, quotas are not looked at
 *   <li>{@code profile}: which profile of the shared configuration files is used
 *   <li>{@code foundation}: what tells this foundation's NICs from those of others in the same
 *       account, up to 256 characters; {@code dualstack} unless given
 *   <li>{@code security_groups}: identifiers or names, separated by commas, for NICs whose networks
 *       name none
 *   <li>{@code adopt}: whether a network interface that has the first address asked for, and is
 *       nobody's, is taken over; {@code false} unless given
 *   <li>{@code concurrency}: how many NICs are worked on side by side; 1 to 256, 8 unless given
 *   <li>{@code timeout_seconds}: how long a NIC may take to become what was asked for; 1 to 3600,
 *       120 unless given
 *   <li>{@code attempts}: how often a call is tried; 1 to 20, 6 unless given
 *   <li>{@code backoff_milliseconds}: the longest wait before the second try, which doubles from
 *       try to try up to 20 seconds; 1 to 20000, 500 unless given
 * </ul>
 *
 * <h2>Cloud properties</h2>
 *
 * <p>Each subnet of a network names the EC2 subnet as {@code subnet}, and may name {@code
 * security_groups}, by identifier or name.
 */
public final class AwsNetworkProvider implements NetworkProvider {
  static final String NAME = "aws";

  private static final Set<PrefixChooser> EITHER =
      Set.of(PrefixChooser.DIRECTOR, PrefixChooser.PROVIDER);

  private static final int IPV4_PREFIX = 28;
  private static final int IPV6_PREFIX = 80;

  private static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4,
              FamilyCapabilities.lengths(
                  IPV4_PREFIX,
                  IPV4_PREFIX,
                  EniOperations.SLOTS,
                  // One is the primary address.
                  EniOperations.SLOTS - 1,
                  EITHER),
              IpFamily.IPV6,
              FamilyCapabilities.lengths(
                  IPV6_PREFIX, IPV6_PREFIX, EniOperations.SLOTS, EniOperations.SLOTS, EITHER)),
          true);

  /** Creates the provider, which does nothing until it is opened. */
  public AwsNetworkProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  /** Opens a session; EC2 is contacted when the session is first asked for something. */
  @Override
  public ProviderSession open(ProviderContext context) {
    AwsSettings settings = AwsSettings.of(context.settings());
    return new ReconcilingSession(
        NAME, CAPABILITIES, context, new EniOperations(settings, context), settings.work());
  }
}
