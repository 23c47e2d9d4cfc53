package io.dualstack.spi.openstack;

import static io.dualstack.allocation.PrefixChooser.DIRECTOR;
import static io.dualstack.allocation.PrefixChooser.PROVIDER;
import static io.dualstack.net.IpFamily.IPV4;
import static io.dualstack.net.IpFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.spi.openstack.access.Surroundings;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.nio.file.Path;
import java.util.Map;
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
  void delegates_prefixes_of_any_length_as_address_pairs_picked_by_anybody() {
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
              assertThat(family.choosers()).containsExactlyInAnyOrder(DIRECTOR, PROVIDER);
            });
  }

  @Test
  void says_all_that_is_missing_before_it_contacts_anybody() {
    NetworkProvider unconfigured =
        new OpenStackNetworkProvider(
            () -> new Surroundings(Map.of(), Path.of("target"), Path.of("target")), wait -> {});

    assertThatThrownBy(() -> unconfigured.open(new InMemoryProviderContext()))
        .isInstanceOfSatisfying(
            ProviderException.class,
            refusal -> {
              assertThat(refusal.providerName()).isEqualTo("openstack");
              assertThat(refusal.reason()).isEqualTo(Reason.NOT_CONFIGURED);
              assertThat(refusal.retryable()).isFalse();
              assertThat(refusal)
                  .hasMessageContaining("auth_url (OS_AUTH_URL)")
                  .hasMessageContaining("password (OS_PASSWORD)")
                  .hasMessageContaining("project_name (OS_PROJECT_NAME)");
            });
  }

  @Test
  void says_all_that_is_wrong_at_once() {
    InMemoryProviderContext wrong =
        new InMemoryProviderContext()
            .configure("auth_url", "keystone")
            .configure("concurrency", "0")
            .configure("foundation", "a b")
            .configure("timeout", "soon")
            .configure("verify", "maybe")
            .configure("adopt", "perhaps")
            .configure("passwrd", "hunter2");

    assertThatThrownBy(() -> provider.open(wrong))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refusal ->
                assertThat(refusal.diagnostics())
                    .extracting(Diagnostic::path)
                    .containsExactlyInAnyOrder(
                        "auth_url",
                        "concurrency",
                        "foundation",
                        "timeout",
                        "verify",
                        "adopt",
                        "passwrd"))
        .hasMessageNotContaining("hunter2");
  }
}
