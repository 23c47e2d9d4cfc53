package io.dualstack.spi.aws;

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

class AwsNetworkProviderTest {
  private final NetworkProvider provider =
      ServiceLoader.load(NetworkProvider.class).findFirst().orElseThrow();

  @Test
  void is_found_by_its_name() {
    assertThat(provider).isInstanceOf(AwsNetworkProvider.class);
    assertThat(provider.name()).isEqualTo("aws");
    assertThat(provider.apiVersion()).isEqualTo(NetworkProvider.API_VERSION);
  }

  @Test
  void delegates_28_and_80_picked_by_either_side_to_a_dual_stack_nic() {
    Capabilities capabilities = provider.capabilities();

    assertThat(capabilities.dualStackNic()).isTrue();
    assertThat(capabilities.refusePrefix(IPV4, 28)).isEmpty();
    assertThat(capabilities.refusePrefix(IPV4, 27)).get().asString().endsWith("use /28");
    assertThat(capabilities.refusePrefix(IPV6, 80)).isEmpty();
    assertThat(capabilities.refusePrefix(IPV6, 96)).get().asString().endsWith("use /80");
    assertThat(capabilities.families().values())
        .allSatisfy(
            family -> {
              assertThat(family.addressesPerNic()).isEqualTo(1);
              assertThat(family.prefixesPerNic()).isEqualTo(1);
              assertThat(family.choosers()).containsExactlyInAnyOrder(DIRECTOR, PROVIDER);
            });
  }

  @Test
  void refuses_to_open_and_says_what_to_use_instead() {
    assertThatThrownBy(() -> provider.open(new InMemoryProviderContext()))
        .isInstanceOfSatisfying(
            ProviderException.class,
            refusal -> {
              assertThat(refusal.providerName()).isEqualTo("aws");
              assertThat(refusal.reason()).isEqualTo(Reason.NOT_CONFIGURED);
              assertThat(refusal.retryable()).isFalse();
              assertThat(refusal).hasMessageContaining("use the provider \"local\"");
            });
  }
}
