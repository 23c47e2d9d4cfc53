package io.dualstack.spi.openstack;

import static io.dualstack.allocation.PrefixChooser.DIRECTOR;
import static io.dualstack.allocation.PrefixChooser.PROVIDER;
import static io.dualstack.net.IpFamily.IPV4;
import static io.dualstack.net.IpFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class OpenStackNetworkProviderTest {
  private final NetworkProvider provider =
      ServiceLoader.load(NetworkProvider.class).findFirst().orElseThrow();

  @Test
  void is_found_by_its_name() {
    assertThat(provider).isInstanceOf(OpenStackNetworkProvider.class);
    assertThat(provider.name()).isEqualTo("openstack");
    assertThat(provider.apiVersion()).isEqualTo(NetworkProvider.API_VERSION);
  }

  @Test
  void delegates_prefixes_of_any_length_as_address_pairs_picked_by_the_director() {
    Capabilities capabilities = provider.capabilities();

    assertThat(capabilities.dualStackNic()).isTrue();
    assertThat(capabilities.refusePrefix(IPV4, 1)).isEmpty();
    assertThat(capabilities.refusePrefix(IPV4, 31)).isEmpty();
    assertThat(capabilities.refusePrefix(IPV6, 56)).isEmpty();
    assertThat(capabilities.refusePrefix(IPV6, 127)).isEmpty();
    assertThat(capabilities.refusePrefix(IPV6, 0)).isPresent();
    assertThat(capabilities.families().values())
        .allSatisfy(
            family -> {
              assertThat(family.addressesPerNic()).isEqualTo(5);
              assertThat(family.prefixesPerNic()).isEqualTo(10);
              assertThat(family.choosers()).containsExactly(DIRECTOR);
            });
    assertThat(capabilities.refuseChooser(IPV6, PROVIDER)).isPresent();
  }

  @Test
  void refuses_to_open_and_says_what_to_use_instead() {
    assertThatThrownBy(() -> provider.open(new InMemoryProviderContext()))
        .isInstanceOfSatisfying(
            ProviderException.class,
            refusal -> {
              assertThat(refusal.providerName()).isEqualTo("openstack");
              assertThat(refusal.reason()).isEqualTo(Reason.NOT_CONFIGURED);
              assertThat(refusal.retryable()).isFalse();
              assertThat(refusal).hasMessageContaining("use the provider \"local\"");
            });
  }
}
