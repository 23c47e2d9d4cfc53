package io.dualstack.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.support.ReconcilingOptions;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReconcilingSessionProperties {
  private static final NetworkSet NETWORKS =
      NetworkSet.of(
          new Manual("v4", List.of(Subnet.of(IpPrefix.parse("10.0.0.0/24")).build())),
          new Manual(
              "v6",
              List.of(
                  Subnet.of(IpPrefix.parse("2001:db8::/64"))
                      .prefixLength(80)
                      .chooser(PrefixChooser.PROVIDER)
                      .build())));

  private static NicRequest request(String owner, String address) {
    return new NicRequest(
        new Owner(owner),
        "1",
        "0",
        null,
        List.of(
            NicBlock.chosen("v4", IpPrefix.parse(address)),
            NicBlock.toBeChosen("v6", IpFamily.IPV6, 80)),
        Map.of());
  }

  @Property(tries = 40)
  void a_run_that_is_cut_off_at_any_step_is_finished_by_the_next(
      @ForAll @IntRange(max = 24) int steps) {
    InMemoryNicOperations operations = new InMemoryNicOperations(NETWORKS);
    InMemoryProviderContext context = new InMemoryProviderContext().define(NETWORKS);
    ReconcilingProvider provider = new ReconcilingProvider(operations, ReconcilingOptions.DEFAULT);
    List<NicRequest> requests =
        List.of(
            request("cell/0", "10.0.0.4/32"),
            request("cell/1", "10.0.0.5/32"),
            request("cell/2", "10.0.0.6/32"));
    operations.breakAfter(steps);
    try (ProviderSession session = provider.open(context)) {
      session.attach(requests);
    } catch (ProviderException cutOff) {
      assertThat(cutOff.reason()).isEqualTo(Reason.UNAVAILABLE);
    }
    operations.mend();

    try (ProviderSession next = provider.open(context)) {
      assertThat(next.attach(requests))
          .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Attached.class));
      assertThat(next.attach(requests))
          .allSatisfy(outcome -> assertThat(((Attached) outcome).changed()).isFalse());
      assertThat(next.attached(OwnerScope.ALL)).hasSize(3);
    }
    assertThat(operations.nics()).hasSize(3);
    assertThat(context.journal().list("intent/")).isEmpty();
  }
}
