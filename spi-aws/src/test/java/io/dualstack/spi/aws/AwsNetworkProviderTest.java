package io.dualstack.spi.aws;

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
import io.dualstack.net.IpFamily;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.Map;
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
        .extracting(FamilyCapabilities::choosers)
        .allSatisfy(who -> assertThat(who).containsExactlyInAnyOrder(DIRECTOR, PROVIDER));
  }

  @Test
  void a_nic_has_as_many_addresses_and_prefixes_as_the_largest_instances_allow() {
    Map<IpFamily, FamilyCapabilities> families = provider.capabilities().families();

    assertThat(families.get(IPV4).addressesPerNic()).isEqualTo(50);
    assertThat(families.get(IPV4).prefixesPerNic()).isEqualTo(49);
    assertThat(families.get(IPV6).addressesPerNic()).isEqualTo(50);
    assertThat(families.get(IPV6).prefixesPerNic()).isEqualTo(50);
  }

  @Test
  void settings_that_make_no_sense_are_all_told_at_once() {
    InMemoryProviderContext context =
        new InMemoryProviderContext()
            .configure("regoin", "eu-central-1")
            .configure("endpoint", "ec2.example")
            .configure("quotas_endpoint", "ftp://quotas.example")
            .configure("attempts", "0")
            .configure("adopt", "yes")
            .configure("profile", " ")
            .configure("foundation", "f".repeat(257))
            .configure("timeout_seconds", "soon");

    assertThatThrownBy(() -> provider.open(context))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refusal ->
                assertThat(refusal.diagnostics())
                    .extracting(Diagnostic::path)
                    .containsExactlyInAnyOrder(
                        "providers.aws.regoin",
                        "providers.aws.endpoint",
                        "providers.aws.quotas_endpoint",
                        "providers.aws.attempts",
                        "providers.aws.adopt",
                        "providers.aws.profile",
                        "providers.aws.foundation",
                        "providers.aws.timeout_seconds"))
        .hasMessageContaining(
            "regoin: the provider \"aws\" has no such setting; use one of adopt, attempts,"
                + " backoff_milliseconds, concurrency, endpoint, foundation, profile,"
                + " quotas_endpoint, region, security_groups, timeout_seconds")
        .hasMessageContaining(
            "endpoint: \"ec2.example\" is no URL; write it like https://ec2.eu-central-1.api.aws")
        .hasMessageContaining(
            "quotas_endpoint: \"ftp://quotas.example\" is no URL; write it like"
                + " https://servicequotas.eu-central-1.amazonaws.com")
        .hasMessageContaining("attempts: \"0\": use a whole number from 1 to 20");
  }

  @Test
  void opening_contacts_nobody() {
    try (FakeEc2 ec2 = FakeRegion.start();
        ProviderSession session = provider.open(FakeRegion.context(ec2))) {
      assertThat(ec2.requests()).isEmpty();
      assertThat(session.pools()).isNotEmpty();
      assertThat(ec2.requests()).isNotEmpty();
    }
  }

  @Test
  void an_endpoint_that_does_not_answer_is_told() {
    FakeEc2 gone = FakeRegion.start();
    gone.close();
    try (ProviderSession session = provider.open(FakeRegion.context(gone))) {
      assertThatThrownBy(session::pools)
          .isInstanceOfSatisfying(
              ProviderException.class,
              failure -> {
                assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
                assertThat(failure.retryable()).isTrue();
              })
          .hasMessageContaining("EC2 can't be reached")
          .hasMessageContaining("check the setting \"endpoint\"");
    }
  }

  @Test
  void a_profile_that_is_not_there_gives_neither_region_nor_credentials() {
    try (FakeEc2 ec2 = FakeRegion.start();
        ProviderSession session =
            provider.open(
                new InMemoryProviderContext()
                    .configure("endpoint", ec2.endpoint().toString())
                    .configure("profile", "no-such-profile"))) {
      String region = System.getProperty("aws.region");
      System.clearProperty("aws.region");
      try {
        assertThatThrownBy(session::pools)
            .isInstanceOfSatisfying(
                ProviderException.class,
                failure -> {
                  assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED);
                  assertThat(failure.retryable()).isFalse();
                })
            .hasMessageContaining("no region is known: give the setting \"region\"");
      } finally {
        if (region != null) {
          System.setProperty("aws.region", region);
        }
      }
    }
  }

  @Test
  void missing_credentials_are_told() {
    try (FakeEc2 ec2 = FakeRegion.start();
        ProviderSession session = provider.open(FakeRegion.context(ec2))) {
      String key = System.clearProperty("aws.accessKeyId");
      try {
        assertThatThrownBy(session::pools)
            .isInstanceOfSatisfying(
                ProviderException.class,
                failure -> assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED))
            .hasMessageContaining("no credentials are found");
      } finally {
        System.setProperty("aws.accessKeyId", key);
      }
    }
  }
}
