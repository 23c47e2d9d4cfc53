package io.dualstack.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.support.InfrastructureNic;
import io.dualstack.provider.support.ReconcilingOptions;
import io.dualstack.testkit.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcilingSessionTest {
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
  private static final NicBlock ADDRESS = NicBlock.chosen("v4", IpPrefix.parse("10.0.0.4/32"));
  private static final NicBlock OTHER = NicBlock.chosen("v4", IpPrefix.parse("10.0.0.5/32"));
  private static final NicBlock PREFIX =
      NicBlock.chosen("v6", IpPrefix.parse("2001:db8:0:0:9::/80"));
  private static final NicBlock OPEN = NicBlock.toBeChosen("v6", IpFamily.IPV6, 80);

  private final InMemoryNicOperations operations = new InMemoryNicOperations(NETWORKS);
  private final TestClock clock = TestClock.atNoon();
  private final InMemoryProviderContext context =
      new InMemoryProviderContext(clock).define(NETWORKS);
  private final ReconcilingProvider provider =
      new ReconcilingProvider(operations, ReconcilingOptions.DEFAULT);
  private final ProviderSession session = provider.open(context);

  private static NicRequest request(String owner, NicBlock... blocks) {
    return new NicRequest(new Owner(owner), "1", "0", null, List.of(blocks), Map.of());
  }

  private static AttachedNic attach(ProviderSession session, NicRequest request) {
    AttachOutcome outcome = session.attach(List.of(request)).get(0);
    assertThat(outcome).isInstanceOf(Attached.class);
    return ((Attached) outcome).nic();
  }

  private ProviderException fail(NicRequest request) {
    AttachOutcome outcome = session.attach(List.of(request)).get(0);
    assertThat(outcome).isInstanceOf(Failed.class);
    return ((Failed) outcome).failure();
  }

  @Test
  void a_nic_that_fails_half_way_is_removed() {
    operations.failAfter(3);

    ProviderException failure = fail(request("cell/0", ADDRESS, OPEN));

    assertThat(failure).hasMessageContaining("cell/0: NIC 0: fails at step 3");
    assertThat(operations.nics()).isEmpty();
    assertThat(context.journal().list("")).isEmpty();
  }

  @Test
  void a_change_that_fails_half_way_is_undone() {
    AttachedNic before = attach(session, request("cell/0", ADDRESS, PREFIX));
    operations.failAfter(2);

    fail(request("cell/0", OTHER, PREFIX));

    assertThat(session.attached(OwnerScope.ALL)).containsExactly(before);
  }

  @Test
  void a_block_passes_from_one_nic_to_the_next_within_one_call() {
    attach(session, request("cell/0", ADDRESS));

    List<AttachOutcome> outcomes =
        session.attach(List.of(request("cell/0", OTHER), request("cell/1", ADDRESS)));

    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Attached.class));
  }

  @Test
  void a_nic_that_was_removed_behind_its_back_is_made_again() {
    AttachedNic lost = attach(session, request("cell/0", ADDRESS, OPEN));
    operations.lose(lost.id());
    assertThat(session.attached(OwnerScope.ALL)).isEmpty();

    AttachedNic again = attach(session, request("cell/0", ADDRESS, OPEN));

    assertThat(again.id()).isNotEqualTo(lost.id());
    assertThat(again.blocks()).isEqualTo(lost.blocks());
  }

  @Test
  void a_nic_of_somebody_else_is_a_conflict_that_names_it() {
    operations.foreign("eni-7", List.of(IpPrefix.parse("10.0.0.4/32")));

    ProviderException failure = fail(request("cell/0", ADDRESS, OPEN));

    assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failure).hasMessageContaining("10.0.0.4/32 is held by eni-7");
    assertThat(operations.nics()).hasSize(1);
  }

  @Test
  void an_adopted_nic_keeps_what_it_had_when_it_is_given_back() {
    InfrastructureNic foreign = operations.foreign("eni-7", List.of(IpPrefix.parse("10.0.0.4/32")));
    try (ProviderSession adopting =
        new ReconcilingProvider(operations, new ReconcilingOptions(1, true)).open(context)) {
      AttachedNic nic = attach(adopting, request("cell/0", ADDRESS, PREFIX));
      assertThat(nic.id()).isEqualTo("eni-7");
      assertThat(operations.nics())
          .singleElement()
          .satisfies(now -> assertThat(now.blocks()).hasSize(2));

      adopting.detach(List.of(nic));
    }

    assertThat(operations.nics()).containsExactly(foreign);
  }

  /** Twelve steps are more than an adoption takes. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_adoption_that_is_cut_off_anywhere_forgets_nothing_of_what_the_nic_had(boolean again) {
    ReconcilingProvider adopting =
        new ReconcilingProvider(operations, new ReconcilingOptions(1, true));
    InfrastructureNic foreign =
        operations.foreign("eni-7", prefixes("10.0.0.4/32", "10.0.0.77/32"));
    NicRequest wanted = request("cell/0", ADDRESS, PREFIX);
    for (int steps = 0; steps < 12; steps++) {
      try (ProviderSession cutOff = adopting.open(context)) {
        operations.breakAfter(steps);
        ignoringFailure(() -> cutOff.attach(List.of(wanted)));
      }
      operations.mend();

      try (ProviderSession next = adopting.open(context)) {
        if (again) {
          AttachedNic nic = attach(next, wanted);
          assertThat(operations.nics())
              .as("cut off at step %d", steps)
              .singleElement()
              .satisfies(
                  now -> {
                    assertThat(now.id()).isEqualTo(nic.id()).isEqualTo("eni-7");
                    assertThat(now.blocks()).hasSize(3).containsAll(foreign.blocks());
                  });
        }
        next.detach(next.attached(OwnerScope.ALL));
      }

      assertThat(operations.nics()).as("cut off at step %d", steps).containsExactly(foreign);
    }
  }

  @Test
  void an_adoption_that_fails_once_is_undone_or_remembered() {
    ReconcilingProvider adopting =
        new ReconcilingProvider(operations, new ReconcilingOptions(1, true));
    InfrastructureNic foreign =
        operations.foreign("eni-7", prefixes("10.0.0.4/32", "10.0.0.77/32"));
    for (int steps = 0; steps < 12; steps++) {
      try (ProviderSession failing = adopting.open(context)) {
        operations.failAfter(steps);
        ignoringFailure(() -> failing.attach(List.of(request("cell/0", ADDRESS, PREFIX))));
        operations.mend();
        // Another life of the machine may not have it, and may not make it forgotten either.
        failing.attach(
            List.of(
                new NicRequest(
                    new Owner("cell/0"), "2", "0", null, List.of(ADDRESS, PREFIX), Map.of())));
        failing.detach(failing.attached(OwnerScope.ALL));
      }

      assertThat(operations.nics()).as("failed at step %d", steps).containsExactly(foreign);
    }
  }

  @Test
  void what_was_begun_long_ago_is_forgotten_except_what_a_nic_had() {
    ReconcilingProvider adopting =
        new ReconcilingProvider(operations, new ReconcilingOptions(1, true));
    InfrastructureNic foreign = operations.foreign("eni-7", prefixes("10.0.0.4/32", "10.0.0.7/32"));
    try (ProviderSession cutOff = adopting.open(context)) {
      // The address is in use, what was made is removed, and the holder adopted.
      operations.breakAfter(7);
      ignoringFailure(() -> cutOff.attach(List.of(request("cell/0", ADDRESS, PREFIX))));
    }
    operations.mend();
    assertThat(operations.nics()).singleElement().isNotEqualTo(foreign);
    clock.advance(Duration.ofDays(1));

    try (ProviderSession next = adopting.open(context)) {
      attach(next, request("cell/1", OTHER));
      next.detach(next.attached(OwnerScope.ALL));
    }

    assertThat(operations.nics()).containsExactly(foreign);
  }

  @Test
  void an_adopted_nic_that_somebody_removed_is_made_again_and_not_given_back_to_anybody() {
    operations.foreign("eni-7", prefixes("10.0.0.4/32"));
    try (ProviderSession adopting =
        new ReconcilingProvider(operations, new ReconcilingOptions(1, true)).open(context)) {
      attach(adopting, request("cell/0", ADDRESS, PREFIX));
      operations.lose("eni-7");

      AttachedNic made = attach(adopting, request("cell/0", ADDRESS, PREFIX));
      assertThat(made.id()).isNotEqualTo("eni-7");
      adopting.detach(List.of(made));
    }

    assertThat(operations.nics()).isEmpty();
  }

  private static List<IpPrefix> prefixes(String... texts) {
    return Stream.of(texts).map(IpPrefix::parse).toList();
  }

  private static void ignoringFailure(Runnable step) {
    try {
      step.run();
    } catch (ProviderException cutOff) {
      assertThat(cutOff.reason()).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void a_detach_that_fails_is_asked_for_again() {
    AttachedNic nic = attach(session, request("cell/0", ADDRESS));
    operations.failAfter(1);
    assertThatThrownBy(() -> session.detach(List.of(nic))).isInstanceOf(ProviderException.class);
    assertThat(session.attached(OwnerScope.ALL)).containsExactly(nic);

    session.detach(List.of(nic));

    assertThat(session.attached(OwnerScope.ALL)).isEmpty();
    assertThat(context.journal().list("")).isEmpty();
  }
}
