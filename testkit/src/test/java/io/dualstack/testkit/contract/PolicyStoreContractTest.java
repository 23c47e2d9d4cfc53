package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.contract.ReferencePolicyStore.Fault;
import io.dualstack.testkit.contract.ReferencePolicyStore.Place;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The contract refuses each broken store, in the test that is named for what it breaks. */
class PolicyStoreContractTest {

  private static final Map<Fault, String> TESTS =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Fault.ADDS_KNOWN_POLICIES_AGAIN, "a_policy_that_is_there_stays_as_it_is"),
              Map.entry(
                  Fault.CHECKS_BEFORE_IT_LOCKS,
                  "racing_callers_share_tags_of_one_application_and_no_tag_of_two"),
              Map.entry(
                  Fault.COUNTS_THE_QUOTA_TWICE, "what_is_there_already_counts_once_for_the_quota"),
              Map.entry(Fault.CUTS_LONG_RULES, "a_rule_of_6000_ranges_of_the_longest_text_is_kept"),
              Map.entry(
                  Fault.FORGETS_DESTINATIONS_WHEN_IT_FREES_TAGS,
                  "an_application_that_is_still_a_destination_keeps_its_tag"),
              Map.entry(Fault.FREES_TAGS_OF_ROUTERS, "tags_of_what_is_no_application_stay"),
              Map.entry(
                  Fault.IGNORES_THE_QUOTA,
                  "an_application_over_its_quota_refuses_all_and_leaves_nothing"),
              Map.entry(
                  Fault.IGNORES_THE_SIZE_OF_RULES,
                  "rules_longer_than_a_store_must_hold_are_refused_by_name_and_size"),
              Map.entry(Fault.IGNORES_TYPES, "refuses_a_tag_for_something_of_another_type"),
              Map.entry(
                  Fault.KEEPS_GROUPS_LEFT_OUT,
                  "replacing_changes_known_groups_in_their_place_and_removes_those_left_out"),
              Map.entry(
                  Fault.KEEPS_HALF_OF_WHAT_IS_REFUSED,
                  "an_application_over_its_quota_refuses_all_and_leaves_nothing"),
              Map.entry(
                  Fault.LEAVES_THE_TIME_ALONE, "each_call_moves_the_time_of_the_last_change_on"),
              Map.entry(
                  Fault.MOVES_CHANGED_GROUPS_TO_THE_END,
                  "replacing_changes_known_groups_in_their_place_and_removes_those_left_out"),
              Map.entry(
                  Fault.NEVER_FREES_TAGS,
                  "an_application_in_no_policy_gives_its_tag_back_and_the_lowest_is_taken_next"),
              Map.entry(
                  Fault.NEXT_IS_THE_LAST_OF_THE_PAGE,
                  "a_page_says_where_the_next_one_begins_and_0_at_the_end"),
              Map.entry(
                  Fault.SORTS_POLICIES,
                  "policies_come_back_in_the_order_in_which_they_were_created"),
              Map.entry(
                  Fault.TAGS_ADDRESSES,
                  "addresses_of_both_families_come_back_without_a_tag_of_their_own"),
              Map.entry(
                  Fault.TAKES_THE_HIGHEST_TAG,
                  "an_application_in_no_policy_gives_its_tag_back_and_the_lowest_is_taken_next"),
              Map.entry(
                  Fault.TELLS_BOUND_GROUPS_TO_ALL,
                  "without_spaces_only_groups_for_all_spaces_are_told"),
              Map.entry(
                  Fault.TELLS_ONLY_RUNNING_BINDINGS,
                  "with_spaces_those_bound_to_them_in_either_way_are_told_too_each_once"),
              Map.entry(
                  Fault.WRITES_0_FOR_NULL,
                  "security_groups_come_back_as_they_were_with_null_apart_from_0")));

  private static Fault broken = Fault.NONE;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void refuses_a_store_that(Fault fault) {
    broken = fault;

    long failed =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectMethod(BrokenStore.class, TESTS.get(fault)))
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
  static class BrokenStore extends PolicyStoreContract {
    private final Place place = new Place();

    @Override
    protected PolicyStore open(int tagLength) {
      return new ReferencePolicyStore(place, tagLength, broken);
    }
  }
}
