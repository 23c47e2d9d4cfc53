package io.dualstack.spi.openstack;

import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.support.ReconcilingSession;
import io.dualstack.spi.openstack.access.NetworkApi;
import io.dualstack.spi.openstack.access.Patience;
import io.dualstack.spi.openstack.access.Surroundings;
import io.dualstack.spi.openstack.neutron.Neutron;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * The network provider for OpenStack Networking (Neutron). A NIC is a port: its addresses of both
 * families are {@code fixed_ips}, and a delegated prefix is an entry of {@code
 * allowed_address_pairs} in CIDR notation, with an extra route of a router to it where it isn't on
 * the port's own link. The director picks prefixes, or a subnet pool does.
 *
 * <p>The limits are Neutron's defaults: 10 address pairs per port ({@code
 * max_allowed_address_pair}), and 5 addresses, which releases refused to exceed that still had
 * {@code max_fixed_ips_per_port}. Both are for the two families together, so that a NIC within
 * these numbers may still be refused (<a
 * href="https://docs.openstack.org/api-ref/network/v2/index.html#ports">Networking API, ports</a>,
 * <a href="https://docs.openstack.org/neutron/latest/configuration/neutron.html">neutron.conf</a>).
 *
 * <p>Settings, all optional where the cloud is named otherwise; each of the first group is read
 * from its {@code OS_…} environment variable and from {@code clouds.yaml} as well:
 *
 * <ul>
 *   <li>{@code auth_url}, {@code auth_type} ({@code password}, {@code v3applicationcredential},
 *       {@code token}, {@code none}), {@code username}, {@code user_id}, {@code user_domain_name},
 *       {@code user_domain_id}, {@code password}, {@code project_name}, {@code project_id}, {@code
 *       project_domain_name}, {@code project_domain_id}, {@code default_domain}, {@code
 *       application_credential_id}, {@code application_credential_name}, {@code
 *       application_credential_secret}, {@code token}: who asks
 *   <li>{@code region}, {@code interface} ({@code public}, {@code internal}, {@code admin}), {@code
 *       endpoint}: where Neutron is; an endpoint replaces the catalog's
 *   <li>{@code cacert}: a file of PEM certificates to trust; {@code verify}: {@code false} to trust
 *       everybody
 *   <li>{@code cloud}: the entry of {@code clouds.yaml}, as {@code OS_CLOUD}
 *   <li>{@code proxy}, {@code no_proxy}: in place of {@code https_proxy} and {@code no_proxy}
 *   <li>{@code timeout}: of one request, seconds or ISO 8601, up to an hour; a minute by default.
 *       {@code attempts}: of a request that may be tried again, 1 to 100; 6 by default
 *   <li>{@code foundation}: 1 to 32 letters, digits, dots, hyphens and underscores; {@code default}
 *       by default. Foundations that share a project need one each
 *   <li>{@code security_groups}: names or ids with commas between them, for NICs whose networks
 *       name none
 *   <li>{@code concurrency}: how many NICs are worked on side by side, 1 to 256; 8 by default.
 *       {@code adopt}: {@code true} to take over ports that somebody else made
 * </ul>
 */
public final class OpenStackNetworkProvider implements NetworkProvider {
  static final String NAME = "openstack";

  private static final Set<PrefixChooser> ANYBODY = Set.of(PrefixChooser.values());

  private static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4, FamilyCapabilities.lengths(1, 31, 5, 10, ANYBODY),
              IpFamily.IPV6, FamilyCapabilities.lengths(1, 127, 5, 10, ANYBODY)),
          true);

  private final Supplier<Surroundings> surroundings;
  private final Patience.Sleeper sleeper;

  /** Creates the provider, which does nothing until it is opened. */
  public OpenStackNetworkProvider() {
    this(Surroundings::ofThisProcess, duration -> Thread.sleep(duration.toMillis()));
  }

  OpenStackNetworkProvider(Supplier<Surroundings> surroundings, Patience.Sleeper sleeper) {
    this.surroundings = surroundings;
    this.sleeper = sleeper;
  }

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

  @Override
  public ProviderSession open(ProviderContext context) {
    OpenStackSettings settings = OpenStackSettings.read(context.settings(), surroundings.get());
    Patience patience =
        new Patience(
            settings.access().attempts(), sleeper, () -> ThreadLocalRandom.current().nextDouble());
    Neutron neutron =
        new Neutron(new NetworkApi(settings.access(), context.clock(), patience), patience);
    return new ReconcilingSession(
        NAME,
        CAPABILITIES,
        context,
        new PortOperations(
            neutron,
            new Marks(settings.foundation(), context.journal()),
            settings.securityGroups(),
            context),
        settings.options());
  }
}
