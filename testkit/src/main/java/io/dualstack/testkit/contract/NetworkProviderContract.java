package io.dualstack.testkit.contract;

import static io.dualstack.allocation.PrefixChooser.DIRECTOR;
import static io.dualstack.allocation.PrefixChooser.PROVIDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link NetworkProvider} must hold. What a provider declares itself unable to do is
 * left out: the suite reads its {@link Capabilities}.
 *
 * <p>The suite opens the provider with networks that it makes from those capabilities: each family
 * has one range, in which single addresses and prefixes lie side by side. A provider of a real
 * infrastructure is tested against a fake that knows these ranges, see {@link #networksFor}.
 */
public abstract class NetworkProviderContract extends PrefixPickingContract {
  /** For subclasses. */
  protected NetworkProviderContract() {}

  // What it says of itself

  @Test
  void name_is_lower_case_and_constant() {
    assertThat(provider.name()).matches("[a-z][a-z0-9-]{0,62}").isEqualTo(provider.name());
  }

  @Test
  void is_built_against_this_api() {
    assertThat(provider.apiVersion()).isEqualTo(NetworkProvider.API_VERSION);
  }

  @Test
  void capabilities_never_change() {
    Capabilities before = provider.capabilities();

    attachAll(machines(1, networks::named));

    assertThat(provider.capabilities()).isEqualTo(before);
    assertThat(provider().capabilities()).isEqualTo(before);
    assertThat(before.families()).isNotEmpty();
  }

  @Test
  void a_setting_it_does_not_know_is_refused_by_name() {
    InMemoryProviderContext odd = context().configure("no_such_setting", "1");

    assertThatThrownBy(() -> provider.open(odd).close())
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("no_such_setting");
  }

  @Test
  void closing_twice_is_closing_once() {
    session.close();
    session.close();

    assertThatThrownBy(() -> session.attached(ALL)).isInstanceOf(IllegalStateException.class);
  }

  // Attaching

  @Test
  void attaches_what_is_asked_for() {
    NicRequest request = networks.nic("cf/cell/0", networks.named(0));

    Attached outcome = attach(request);

    assertThat(outcome.changed()).isTrue();
    assertThat(outcome.nic().owner()).isEqualTo(request.owner());
    assertThat(outcome.nic().incarnation()).isEqualTo(request.incarnation());
    assertThat(outcome.nic().nic()).isEqualTo(request.nic());
    assertThat(outcome.nic().blocks()).containsExactlyInAnyOrderElementsOf(request.blocks());
    assertThat(session.attached(ALL)).containsExactly(outcome.nic());
  }

  @Test
  void attaching_again_changes_nothing() {
    NicRequest request = networks.nic("cf/cell/0", networks.named(0));
    AttachedNic before = attach(request).nic();

    Attached again = attach(request);

    assertThat(again.changed()).isFalse();
    assertThat(again.nic()).isEqualTo(before);
    assertThat(session.attached(ALL)).containsExactly(before);
  }

  @Test
  void attaching_twice_in_one_call_is_attaching_once() {
    NicRequest request = networks.nic("cf/cell/0", networks.named(0));

    List<AttachOutcome> outcomes = session.attach(List.of(request, request));

    assertThat(outcomes).hasSize(2).allSatisfy(this::assertAttached);
    assertThat(session.attached(ALL)).hasSize(1);
  }

  @Test
  void outcomes_have_the_order_of_the_requests() {
    List<NicRequest> requests = new ArrayList<>(machines(manyMachines(), networks::named));
    Collections.reverse(requests);

    List<AttachedNic> nics = attachAll(requests);

    assertThat(nics)
        .extracting(AttachedNic::owner)
        .containsExactlyElementsOf(requests.stream().map(NicRequest::owner).toList());
  }

  @Test
  void a_nic_gets_other_blocks_and_gives_up_those_it_had() {
    List<NicBlock> before = networks.named(0);
    attach(networks.nic("cf/cell/0", before));

    Attached changed = attach(networks.nic("cf/cell/0", networks.named(1)));

    assertThat(changed.changed()).isTrue();
    assertThat(session.attached(ALL)).containsExactly(changed.nic());
    assertThat(changed.nic().blocks()).containsExactlyInAnyOrderElementsOf(networks.named(1));
    attach(networks.nic("cf/cell/1", before));
  }

  @Test
  void a_machine_has_several_nics() {
    NicRequest first = networks.nic("cf/cell/0", ContractNetworks.LIFE, "0", networks.named(0));
    NicRequest second = networks.nic("cf/cell/0", ContractNetworks.LIFE, "1", networks.named(1));

    List<AttachedNic> nics = attachAll(List.of(first, second));

    assertThat(session.attached(ALL)).containsExactlyElementsOf(nics);
  }

  @Test
  void nothing_asked_is_nothing_done() {
    assertThat(session.attach(List.of())).isEmpty();

    session.detach(List.of());

    assertThat(session.attached(ALL)).isEmpty();
  }

  // Conflicts: each NIC is all or nothing

  @Test
  void a_block_of_another_machine_is_refused_naming_the_holder() {
    attach(networks.nic("cf/cell/0", networks.named(0)));

    Failed refused = fail(networks.nic("cf/cell/1", networks.named(0)));

    assertThat(refused.failure().reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refused.failure().providerName()).isEqualTo(provider.name());
    assertThat(refused.failure()).hasMessageContaining("cf/cell/0");
  }

  @Test
  void an_address_inside_the_prefix_of_another_machine_is_refused() {
    List<IpFamily> families = new ArrayList<>(networks.addressFamilies());
    families.retainAll(networks.prefixFamilies(DIRECTOR));
    assumeTrue(!families.isEmpty(), "no family with addresses and prefixes the director picks");
    IpFamily family = families.get(0);
    NicBlock prefix = networks.prefix(family, 0);
    IpPrefix inside = prefix.chosenBlock().orElseThrow().last().toPrefix();
    attach(networks.nic("cf/cell/0", List.of(networks.address(family, 0), prefix)));

    Failed refused =
        fail(
            networks.nic(
                "cf/cell/1", List.of(NicBlock.chosen(ContractNetworks.addresses(family), inside))));

    assertThat(refused.failure().reason()).isEqualTo(Reason.CONFLICT);
  }

  @Test
  void a_nic_that_fails_leaves_nothing_behind() {
    AttachedNic holder = attach(networks.nic("cf/cell/0", networks.named(0))).nic();
    List<NicBlock> oneTaken = oneTaken();

    fail(networks.nic("cf/cell/1", oneTaken));

    assertThat(session.attached(ALL)).containsExactly(holder);
    attach(networks.nic("cf/cell/2", networks.named(1)));
  }

  @Test
  void a_nic_that_can_not_be_changed_stays_as_it_was() {
    attach(networks.nic("cf/cell/0", networks.named(0)));
    AttachedNic before = attach(networks.nic("cf/cell/1", networks.named(2))).nic();

    fail(networks.nic("cf/cell/1", oneTaken()));

    assertThat(session.attached(OwnerScope.below("cf/cell/1"))).containsExactly(before);
  }

  @Test
  void the_failure_of_one_nic_is_none_of_another() {
    attach(networks.nic("cf/cell/0", networks.named(0)));

    List<AttachOutcome> outcomes =
        session.attach(
            List.of(
                networks.nic("cf/cell/1", networks.named(1)),
                networks.nic("cf/cell/2", networks.named(0)),
                networks.nic("cf/cell/3", networks.named(3))));

    assertAttached(outcomes.get(0));
    assertThat(outcomes.get(1)).isInstanceOf(Failed.class);
    assertAttached(outcomes.get(2));
    assertThat(session.attached(ALL)).hasSize(3);
  }

  @Test
  void a_nic_of_another_life_is_not_taken_over() {
    AttachedNic first = attach(networks.nic("cf/cell/0", networks.named(0))).nic();

    Failed refused = fail(networks.nic("cf/cell/0", "life-2", "0", networks.named(0)));

    assertThat(refused.failure().reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refused.failure()).hasMessageContaining(first.incarnation());
    session.detach(List.of(first));
    assertThat(attach(networks.nic("cf/cell/0", "life-2", "0", networks.named(0))).changed())
        .isTrue();
  }

  // What it declared itself unable to do

  @Test
  void a_prefix_length_it_does_not_declare_is_refused_before_anything_is_attached() {
    for (IpFamily family : provider.capabilities().families().keySet()) {
      undeclaredLength(family)
          .ifPresent(
              length -> {
                List<NicBlock> blocks = new ArrayList<>();
                if (networks.addressFamilies().contains(family)) {
                  blocks.add(networks.address(family, 0));
                }
                IpPrefix block = IpPrefix.containing(networks.range(family).last(), length);
                blocks.add(NicBlock.chosen(ContractNetworks.prefixes(family), block));

                assertUnsupported(networks.nic("cf/cell/0", blocks));
              });
    }
  }

  @Test
  void more_on_one_nic_than_it_declares_is_refused_before_anything_is_attached() {
    for (IpFamily family : networks.addressFamilies()) {
      int limit = provider.capabilities().of(family).orElseThrow().addressesPerNic();
      List<NicBlock> blocks =
          IntStream.rangeClosed(0, limit).mapToObj(n -> networks.address(family, n)).toList();

      assertUnsupported(networks.nic("cf/cell/0", blocks));
    }
  }

  @Test
  void both_families_on_one_nic_are_refused_if_it_carries_one() {
    assumeTrue(!provider.capabilities().dualStackNic(), "a NIC carries both families");
    List<NicBlock> blocks =
        networks.addressFamilies().stream().map(family -> networks.address(family, 0)).toList();
    assumeTrue(blocks.size() > 1, "one family");

    assertUnsupported(networks.nic("cf/cell/0", blocks));
  }

  // Detaching

  @Test
  void what_is_detached_is_free_for_others() {
    AttachedNic nic = attach(networks.nic("cf/cell/0", networks.named(0))).nic();

    session.detach(List.of(nic));

    assertThat(session.attached(ALL)).isEmpty();
    attach(networks.nic("cf/cell/1", networks.named(0)));
  }

  @Test
  void detaching_twice_is_detaching_once() {
    AttachedNic nic = attach(networks.nic("cf/cell/0", networks.named(0))).nic();
    AttachedNic other = attach(networks.nic("cf/cell/1", networks.named(1))).nic();

    session.detach(List.of(nic));
    session.detach(List.of(nic, nic));

    assertThat(session.attached(ALL)).containsExactly(other);
  }

  @Test
  void a_late_detach_of_an_earlier_life_leaves_the_later_one_alone() {
    AttachedNic earlier = attach(networks.nic("cf/cell/0", networks.named(0))).nic();
    session.detach(List.of(earlier));
    AttachedNic later = attach(networks.nic("cf/cell/0", "life-2", "0", networks.named(0))).nic();

    session.detach(List.of(earlier));

    assertThat(session.attached(ALL)).containsExactly(later);
  }

  // Looking

  @Test
  void attached_lists_a_scope_completely_in_order_of_owner_and_nic() {
    List<String> owners = List.of("cf/b/0", "cf/a/1", "cf-dev/a/0", "cf/a/0", "other/a/0");
    List<NicRequest> requests = new ArrayList<>();
    for (String owner : owners) {
      for (String nic : List.of("1", "0")) {
        int number = requests.size();
        requests.add(networks.nic(owner, ContractNetworks.LIFE, nic, networks.named(number)));
      }
    }
    attachAll(requests);

    assertThat(names(session.attached(OwnerScope.below("cf"))))
        .containsExactly("cf/a/0 0", "cf/a/0 1", "cf/a/1 0", "cf/a/1 1", "cf/b/0 0", "cf/b/0 1");
    assertThat(names(session.attached(OwnerScope.below("cf/a/1"))))
        .containsExactly("cf/a/1 0", "cf/a/1 1");
    assertThat(names(session.attached(ALL)))
        .hasSize(requests.size())
        .startsWith("cf-dev/a/0 0", "cf-dev/a/0 1", "cf/a/0 0");
    assertThat(session.attached(OwnerScope.below("c"))).isEmpty();
  }

  private static List<String> names(List<AttachedNic> nics) {
    return nics.stream().map(nic -> nic.owner() + " " + nic.nic()).toList();
  }

  @Test
  void pools_cover_the_ranges_in_order_of_identifier() {
    List<ProviderPool> pools = session.pools();

    assertThat(pools).extracting(ProviderPool::id).isSorted();
    for (IpFamily family : provider.capabilities().families().keySet()) {
      assertThat(pools.stream().flatMap(pool -> pool.ranges().stream()))
          .as("pools that cover %s", networks.range(family))
          .anyMatch(range -> range.contains(networks.range(family)));
    }
  }

  // Restarts and interruptions

  @Test
  void a_reopened_session_knows_what_was_attached() {
    List<NicRequest> requests = machines(manyMachines(), networks::named);
    attachAll(requests);
    List<AttachedNic> before = session.attached(ALL);

    reopen();

    assertThat(session.attached(ALL)).isEqualTo(before).hasSize(manyMachines());
    assertThat(session.attach(requests))
        .allSatisfy(outcome -> assertThat(assertAttached(outcome).changed()).isFalse());
    assertThat(fail(networks.nic("other/cell/0", networks.named(0))).failure().reason())
        .isEqualTo(Reason.CONFLICT);
  }

  @Test
  void a_call_that_was_cut_off_is_finished_by_asking_again() {
    List<NicRequest> requests = machines(manyMachines(), networks::named);
    context.journal().failNextUpdate();
    attachIgnoringFailure(requests);

    reopen();
    List<AttachedNic> nics = attachAll(requests);

    assertThat(session.attached(ALL)).containsExactlyInAnyOrderElementsOf(nics);
  }

  @Test
  void a_call_whose_answer_was_lost_is_answered_by_asking_again() {
    List<NicRequest> requests = machines(manyMachines(), networks::named);
    context.journal().loseNextAnswer();
    attachIgnoringFailure(requests);

    List<AttachedNic> nics = attachAll(requests);

    assertThat(session.attached(ALL)).containsExactlyInAnyOrderElementsOf(nics);
  }

  @Test
  void many_threads_attach_as_one_would() throws Exception {
    List<NicRequest> requests = machines(manyMachines(), networks::named);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<List<AttachOutcome>>> calls =
          requests.stream()
              .<Callable<List<AttachOutcome>>>map(request -> () -> session.attach(List.of(request)))
              .toList();
      for (Future<List<AttachOutcome>> call : threads.invokeAll(calls)) {
        assertAttached(call.get().get(0));
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(session.attached(ALL)).hasSize(manyMachines());
  }

  // Checking networks

  @Test
  void networks_within_its_capabilities_are_fine() {
    assertThat(errors(networks.all(DIRECTOR))).isEmpty();
    assertThat(errors(networks.all(PROVIDER))).isEmpty();
  }

  @Test
  void a_network_with_a_prefix_length_it_does_not_declare_is_found() {
    for (IpFamily family : provider.capabilities().families().keySet()) {
      undeclaredLength(family)
          .ifPresent(
              length ->
                  assertFound(
                      networks.network(
                          "odd-length", Subnet.of(networks.range(family)).prefixLength(length))));
    }
  }

  @Test
  void a_network_whose_prefixes_nobody_may_pick_is_found() {
    for (Map.Entry<IpFamily, FamilyCapabilities> family :
        provider.capabilities().families().entrySet()) {
      for (PrefixChooser chooser : PrefixChooser.values()) {
        if (!family.getValue().choosers().isEmpty()
            && !family.getValue().choosers().contains(chooser)) {
          IpFamily inFamily = family.getKey();
          assertFound(
              networks.network(
                  "odd-chooser",
                  Subnet.of(networks.range(inFamily))
                      .prefixLength(networks.prefixLength(inFamily))
                      .chooser(chooser)));
        }
      }
    }
  }

  @Test
  void a_network_of_a_family_it_lacks_is_found() {
    for (IpFamily family : IpFamily.values()) {
      if (provider.capabilities().of(family).isEmpty()) {
        assertFound(networks.network("odd-family", Subnet.of(networks.range(family))));
      }
    }
  }

  @Test
  void a_network_without_a_single_block_to_hand_out_is_found() {
    for (IpFamily family : provider.capabilities().families().keySet()) {
      IpPrefix range = networks.range(family);
      boolean singles = networks.addressFamilies().contains(family);
      assertFound(
          networks.network(
              "no-room",
              Subnet.of(range)
                  .prefixLength(singles ? family.bits() : networks.prefixLength(family))
                  .reserved(IpSet.of(IpRange.of(range)))));
    }
  }
}
