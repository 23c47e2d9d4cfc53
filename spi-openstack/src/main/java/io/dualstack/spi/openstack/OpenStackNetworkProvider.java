package io.dualstack.spi.openstack;

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
 * The network provider for OpenStack Networking (Neutron). This build declares what Neutron can do,
 * so that networks can be checked against it, and operates nothing yet: {@link #open} refuses.
 *
 * <p>A port carries both families as several {@code fixed_ips}, at most 5 by default ({@code
 * max_fixed_ips_per_port}). A delegated prefix is an {@code allowed_address_pairs} entry in CIDR
 * notation of any length, at most 10 per port by default ({@code max_allowed_address_pair}), beside
 * a route to the port; Neutron doesn't pick it, the caller does. Both limits are for the two
 * families together, so that a NIC within these numbers may still be refused (<a
 * href="https://docs.openstack.org/api-ref/network/v2/index.html#ports">Networking API, ports</a>,
 * <a href="https://docs.openstack.org/neutron/latest/configuration/neutron.html">neutron.conf</a>).
 */
public final class OpenStackNetworkProvider implements NetworkProvider {
  private static final Set<PrefixChooser> DIRECTOR = Set.of(PrefixChooser.DIRECTOR);

  private static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4, FamilyCapabilities.lengths(1, 31, 5, 10, DIRECTOR),
              IpFamily.IPV6, FamilyCapabilities.lengths(1, 127, 5, 10, DIRECTOR)),
          true);

  @Override
  public String name() {
    return "openstack";
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
