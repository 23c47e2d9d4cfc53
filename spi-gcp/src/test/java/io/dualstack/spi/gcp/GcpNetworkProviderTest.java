package io.dualstack.spi.gcp;

import static io.dualstack.allocation.PrefixChooser.DIRECTOR;
import static io.dualstack.allocation.PrefixChooser.PROVIDER;
import static io.dualstack.net.IpFamily.IPV4;
import static io.dualstack.net.IpFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class GcpNetworkProviderTest {
  private final NetworkProvider provider =
      ServiceLoader.load(NetworkProvider.class).findFirst().orElseThrow();

  @Test
  void is_found_by_its_name() {
    assertThat(provider).isInstanceOf(GcpNetworkProvider.class);
    assertThat(provider.name()).isEqualTo("gcp");
    assertThat(provider.apiVersion()).isEqualTo(NetworkProvider.API_VERSION);
  }

  @Test
  void gives_each_nic_one_96_and_no_address_beside_it() {
    Capabilities capabilities = provider.capabilities();
    FamilyCapabilities ipv6 = capabilities.of(IPV6).orElseThrow();

    assertThat(capabilities.dualStackNic()).isTrue();
    assertThat(ipv6.prefixLengths()).containsExactly(96);
    assertThat(ipv6.prefixesPerNic()).isEqualTo(1);
    assertThat(ipv6.addressesPerNic()).isZero();
    assertThat(capabilities.refuseAddresses(IPV6)).get().asString().endsWith("use /96");
    assertThat(capabilities.refusePrefix(IPV6, 80)).get().asString().endsWith("use /96");
    assertThat(capabilities.refuseChooser(IPV6, DIRECTOR)).isEmpty();
    assertThat(capabilities.refuseChooser(IPV6, PROVIDER)).isEmpty();
  }

  @Test
  void delegates_ipv4_alias_ranges_picked_by_either_side() {
    Capabilities capabilities = provider.capabilities();

    assertThat(capabilities.of(IPV4).orElseThrow().addressesPerNic()).isEqualTo(1);
    assertThat(capabilities.of(IPV4).orElseThrow().prefixesPerNic()).isEqualTo(150);
    assertThat(capabilities.refusePrefix(IPV4, 28)).isEmpty();
    assertThat(capabilities.refusePrefix(IPV4, 15)).get().asString().endsWith("use /16 to /31");
    assertThat(capabilities.refuseChooser(IPV4, DIRECTOR)).isEmpty();
    assertThat(capabilities.refuseChooser(IPV4, PROVIDER)).isEmpty();
  }

  @Test
  void opening_contacts_nobody() {
    InMemoryProviderContext unreachable =
        new InMemoryProviderContext()
            .configure("project", "cf-project")
            .configure("region", "europe-west1")
            .configure("endpoint", "https://compute.invalid");

    provider.open(unreachable).close();
  }
}
