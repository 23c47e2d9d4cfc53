package io.dualstack.spi.gcp;

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
import java.util.concurrent.ThreadLocalRandom;

/**
 * The network provider for Google Compute Engine, where a NIC is a part of an instance. What is
 * attached here is therefore reserved: one address resource for each block, to be named in the
 * instance by whoever makes it. Where an instance uses the reserved address already, its NIC is
 * brought up to date: dual stack with the reserved /96, and IPv4 prefixes as alias ranges.
 *
 * <p>Every NIC with IPv6 gets one /96 out of its subnetwork's /64, and no single IPv6 address
 * beside it: the machine's own address is the first of the /96 (<a
 * href="https://cloud.google.com/vpc/docs/subnets#ipv6-ranges">IPv6 subnet ranges</a>). A request
 * for a single address is refused, as is one for a /96 and an address inside it: ask for the /96
 * alone. In a subnetwork with internal IPv6 either side picks the /96; in one with external IPv6
 * Compute Engine does.
 *
 * <p>IPv4 prefixes are alias ranges out of the subnetwork's primary range or a secondary one, of
 * which a NIC takes up to 150 (<a href="https://cloud.google.com/vpc/docs/alias-ip">alias IP
 * ranges</a>, <a href="https://cloud.google.com/vpc/docs/quota#per_instance">limits per
 * instance</a>). Compute Engine can't reserve them without an instance: until there is one, the
 * first address of each is reserved in its place. Alias ranges of IPv6 don't exist.
 *
 * <p>Settings: {@code project}, {@code region}, {@code endpoint}, {@code credentials}, {@code
 * foundation}, {@code concurrency}, {@code adopt}, {@code timeout_seconds}, {@code attempts},
 * {@code backoff_milliseconds}; the README says what each means.
 */
public final class GcpNetworkProvider implements NetworkProvider {
  static final String NAME = "gcp";

  private static final Set<PrefixChooser> EITHER =
      Set.of(PrefixChooser.DIRECTOR, PrefixChooser.PROVIDER);

  private static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4, FamilyCapabilities.lengths(16, 31, 1, 150, EITHER),
              IpFamily.IPV6, FamilyCapabilities.lengths(96, 96, 0, 1, EITHER)),
          true);

  /** Creates the provider. */
  public GcpNetworkProvider() {}

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
    Map<String, String> environment = System.getenv();
    GcpSettings settings = GcpSettings.of(context.settings(), environment);
    Patience patience =
        new Patience(
            settings.attempts(),
            settings.timeout(),
            settings.backoff(),
            time -> Thread.sleep(time.toMillis(), time.toNanosPart() % 1_000_000),
            System::nanoTime,
            () -> ThreadLocalRandom.current().nextLong());
    ComputeConnection connection = new ComputeConnection(settings, patience, environment);
    return new ReconcilingSession(
        NAME,
        CAPABILITIES,
        context,
        new ComputeNicOperations(
            connection, settings.foundation(), context::networks, context.journal()),
        settings.work());
  }
}
