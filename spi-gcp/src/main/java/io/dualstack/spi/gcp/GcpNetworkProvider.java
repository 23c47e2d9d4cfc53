package io.dualstack.spi.gcp;

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
 * The network provider for Google Compute Engine. This build declares what Compute Engine can do,
 * so that networks can be checked against it, and operates nothing yet: {@link #open} refuses.
 *
 * <p>Every NIC with IPv6 gets one /96 out of its subnet's /64, picked by the infrastructure, and no
 * single IPv6 address beside it: the machine's own address is the first of the /96 (<a
 * href="https://cloud.google.com/vpc/docs/subnets#ipv6-ranges">IPv6 subnet ranges</a>). IPv4
 * prefixes are alias ranges, of which a NIC takes up to 150; the caller names the range or only its
 * size (<a href="https://cloud.google.com/vpc/docs/alias-ip">alias IP ranges</a>, <a
 * href="https://cloud.google.com/vpc/docs/quota#per_instance">limits per instance</a>). Alias
 * ranges of IPv6 don't exist.
 */
public final class GcpNetworkProvider implements NetworkProvider {
  private static final Set<PrefixChooser> EITHER =
      Set.of(PrefixChooser.DIRECTOR, PrefixChooser.PROVIDER);

  private static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4, FamilyCapabilities.lengths(16, 31, 1, 150, EITHER),
              IpFamily.IPV6,
                  FamilyCapabilities.lengths(96, 96, 0, 1, Set.of(PrefixChooser.PROVIDER))),
          true);

  @Override
  public String name() {
    return "gcp";
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
