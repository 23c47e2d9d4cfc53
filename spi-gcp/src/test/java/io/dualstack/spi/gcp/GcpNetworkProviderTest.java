package io.dualstack.spi.gcp;

import static io.dualstack.allocation.PrefixChooser.DIRECTOR;
import static io.dualstack.allocation.PrefixChooser.PROVIDER;
import static io.dualstack.net.IpFamily.IPV4;
import static io.dualstack.net.IpFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
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
  void gives_each_nic_one_96_that_it_picks_itself() {
    Capabilities capabilities = provider.capabilities();
    FamilyCapabilities ipv6 = capabilities.of(IPV6).orElseThrow();

    assertThat(capabilities.dualStackNic()).isTrue();
    assertThat(ipv6.prefixLengths()).containsExactly(96);
    assertThat(ipv6.prefixesPerNic()).isEqualTo(1);
    assertThat(ipv6.addressesPerNic()).isZero();
    assertThat(capabilities.refuseChooser(IPV6, DIRECTOR)).isPresent();
    assertThat(capabilities.refuseChooser(IPV6, PROVIDER)).isEmpty();
  }

  @Test
  void delegates_ipv4_alias_ranges_picked_by_either_side() {
    Capabilities capabilities = provider.capabilities();

    assertThat(capabilities.of(IPV4).orElseThrow().addressesPerNic()).isEqualTo(1);
    assertThat(capabilities.refusePrefix(IPV4, 28)).isEmpty();
    assertThat(capabilities.refusePrefix(IPV4, 15)).get().asString().endsWith("use /16 to /31");
    assertThat(capabilities.refuseChooser(IPV4, DIRECTOR)).isEmpty();
    assertThat(capabilities.refuseChooser(IPV4, PROVIDER)).isEmpty();
  }

  @Test
  void refuses_to_open_and_says_what_to_use_instead() {
    assertThatThrownBy(() -> provider.open(new InMemoryProviderContext()))
        .isInstanceOfSatisfying(
            ProviderException.class,
            refusal -> {
              assertThat(refusal.providerName()).isEqualTo("gcp");
              assertThat(refusal.reason()).isEqualTo(Reason.NOT_CONFIGURED);
              assertThat(refusal.retryable()).isFalse();
              assertThat(refusal).hasMessageContaining("use the provider \"local\"");
            });
  }
}
