package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.dualstack.lease.LeasePool;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.testkit.contract.ReferenceRegistry.Fault;
import io.dualstack.testkit.contract.ReferenceRegistry.Place;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The contract refuses each broken registry, in the test that is named for what it breaks. */
class LeaseRegistryContractTest {

  private static final Map<Fault, String> TESTS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(
                  Fault.ACCEPTS_ANY_CLAIM,
                  "refuses_a_claim_that_differs_from_what_it_knows_in_any_field"),
              Map.entry(
                  Fault.ACCEPTS_SUBNETS_OF_OTHERS, "refuses_a_claim_on_what_another_cell_holds"),
              Map.entry(
                  Fault.CHECKS_BEFORE_IT_LOCKS,
                  "of_racing_cells_each_gets_a_lease_of_its_own_until_none_is_left"),
              Map.entry(Fault.FORGETS_UNKNOWN_CLAIMS, "takes_down_a_lease_it_does_not_know"),
              Map.entry(
                  Fault.HANDS_OUT_THE_FIRST_BLOCK,
                  "hands_out_every_block_but_the_first_and_then_refuses"),
              Map.entry(Fault.HANDS_OUT_THE_LOWEST, "picks_at_random"),
              Map.entry(Fault.KEEPS_WHAT_IS_RELEASED, "what_is_released_is_free"),
              Map.entry(
                  Fault.KEEPS_WHAT_IS_NO_MEMBER, "a_lease_that_is_no_member_any_more_is_replaced"),
              Map.entry(
                  Fault.LISTS_EXPIRED_LEASES,
                  "a_lease_is_active_for_its_expiry_and_not_a_second_longer"),
              Map.entry(
                  Fault.NEVER_TAKES_EXPIRED_LEASES,
                  "when_all_are_held_the_one_that_expired_first_is_taken"),
              Map.entry(
                  Fault.RENEWS_WHEN_ASKED_AGAIN, "getting_the_lease_it_has_does_not_renew_it"),
              Map.entry(
                  Fault.TAKES_ANY_EXPIRED_LEASE,
                  "when_all_are_held_the_one_that_expired_first_is_taken"),
              Map.entry(
                  Fault.TAKES_EXPIRED_LEASES_BEFORE_FREE_ONES,
                  "expired_leases_are_left_alone_while_others_are_free")));

  private static Fault broken = Fault.NONE;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void refuses_a_registry_that(Fault fault) {
    broken = fault;

    long failed =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(BrokenRegistry.class, TESTS.get(fault)))
            .execute()
            .testEvents()
            .failed()
            .count();

    assertThat(failed).isEqualTo(1);
  }

  @Test
  void a_fault_has_a_test_for_each() {
    assertThat(TESTS.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Fault.values()).filter(fault -> fault != Fault.NONE).toList());
  }

  /** Not run by itself: its name is none of a test. */
  static class BrokenRegistry extends LeaseRegistryContract {
    private final Place place = new Place();

    @Override
    protected LeaseRegistry open(LeasePool pool, Clock time) {
      return new ReferenceRegistry(place, pool, time, broken);
    }
  }
}
