package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * A real project, by Application Default Credentials: {@code DUALSTACK_GCP_SUBNETWORK} names a dual
 * stack subnetwork of the region {@code CLOUDSDK_COMPUTE_REGION}. The suite of the contract needs
 * ranges of its own, which Google gives nobody, so that this is its way in short: attach, attach
 * again, list, detach.
 */
@EnabledIfEnvironmentVariable(named = "DUALSTACK_GCP_SUBNETWORK", matches = ".+")
class RealProjectIT {
  private static final Map<String, Object> PROPERTIES =
      Map.of("subnetwork_name", String.valueOf(System.getenv("DUALSTACK_GCP_SUBNETWORK")));

  @Test
  void reserves_what_it_is_asked_for_and_releases_it() {
    String foundation = "test-" + UUID.randomUUID().toString().substring(0, 8);
    InMemoryProviderContext context =
        new InMemoryProviderContext().configure("foundation", foundation);
    try (ProviderSession session = new GcpNetworkProvider().open(context)) {
      NetworkSet networks = networks(session.pools());
      context.define(networks);
      assertThat(session.verify(networks))
          .noneMatch(finding -> finding.severity() == Severity.ERROR);
      NicRequest request =
          new NicRequest(
              new Owner("test/cell/0"),
              "life-1",
              "0",
              null,
              List.of(
                  NicBlock.toBeChosen("v4", IpFamily.IPV4, 32),
                  NicBlock.toBeChosen("v6", IpFamily.IPV6, 96)),
              Map.of("v4", PROPERTIES, "v6", PROPERTIES));

      AttachedNic nic = attach(session, request).nic();
      try {
        assertThat(nic.blocks()).hasSize(2);
        assertThat(attach(session, request)).isEqualTo(new Attached(nic, false));
        assertThat(session.attached(OwnerScope.ALL)).containsExactly(nic);
      } finally {
        session.detach(List.of(nic));
      }
      assertThat(session.attached(OwnerScope.ALL)).isEmpty();
    }
  }

  private static Attached attach(ProviderSession session, NicRequest request) {
    AttachOutcome outcome = session.attach(List.of(request)).get(0);
    assertThat(outcome).isInstanceOf(Attached.class);
    return (Attached) outcome;
  }

  private static NetworkSet networks(List<ProviderPool> pools) {
    List<IpPrefix> ranges =
        pools.stream()
            .filter(pool -> pool.id().equals(PROPERTIES.get("subnetwork_name")))
            .findFirst()
            .orElseThrow()
            .ranges();
    IpPrefix four = first(ranges, IpFamily.IPV4);
    return NetworkSet.of(
        new Manual(
            "v4",
            List.of(
                Subnet.of(four)
                    .gateway(four.first().plus(1))
                    .chooser(PrefixChooser.PROVIDER)
                    .cloudProperties(PROPERTIES)
                    .build())),
        new Manual(
            "v6",
            List.of(
                Subnet.of(first(ranges, IpFamily.IPV6))
                    .prefixLength(96)
                    .chooser(PrefixChooser.PROVIDER)
                    .cloudProperties(PROPERTIES)
                    .build())));
  }

  private static IpPrefix first(List<IpPrefix> ranges, IpFamily family) {
    return ranges.stream().filter(range -> range.family() == family).findFirst().orElseThrow();
  }
}
