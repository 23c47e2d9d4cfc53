package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.testkit.contract.ReferenceStore.Fault;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The contract refuses each of these stores, in the test that is named for what they break. */
class AllocationStoreContractTest {

  @ParameterizedTest
  @MethodSource("broken")
  void refuses_a_store_that(Class<?> broken, String inTest) {
    assertThat(failures("junit-jupiter", broken, inTest)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("foundByTheModel")
  void refuses_by_comparison_with_the_model_a_store_that(Class<?> broken) {
    assertThat(failures("jqwik", broken, "does_what_the_model_does", List.class.getName()))
        .isEqualTo(1);
  }

  @Test
  void refuses_by_its_changes_a_store_that_misses_some() {
    assertThat(
            failures(
                "jqwik",
                ForgetsTheTrailOfFreedBlocksStore.class,
                "changes_since_a_snapshot_are_what_differs_from_it",
                List.class.getName()))
        .isEqualTo(1);
  }

  private static long failures(String engine, Class<?> broken, String test, String... types) {
    return EngineTestKit.engine(engine)
        .configurationParameter("jqwik.database", "target/jqwik-database-of-broken-stores")
        .configurationParameter("jqwik.reporting.onlyfailures", "true")
        .selectors(selectMethod(broken, test, String.join(",", types)))
        .execute()
        .testEvents()
        .failed()
        .count();
  }

  @Test
  void a_fault_has_a_store_for_each() {
    List<String> tried =
        broken()
            .map(arguments -> ((Class<?>) arguments.get()[0]).getSimpleName())
            .map(name -> name.replaceAll("Store$", "").replaceAll("(?<=[a-z])(?=[A-Z])", "_"))
            .map(name -> name.toUpperCase(Locale.ROOT))
            .toList();

    assertThat(tried)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Fault.values())
                .filter(fault -> fault != Fault.NONE)
                .map(Fault::name)
                .toList());
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(AnswersWhenClosedStore.class, "a_closed_store_answers_nothing"),
        Arguments.of(
            ChecksBeforeItLocksStore.class, "of_racing_blocks_around_one_address_exactly_one_wins"),
        Arguments.of(
            CountsRefusedSetsStore.class, "every_committed_set_raises_the_revision_by_one"),
        Arguments.of(
            ForgetsSpacesWithoutBlocksStore.class,
            "spaces_are_those_that_something_was_committed_to"),
        Arguments.of(
            ForgetsTheTrailOfFreedBlocksStore.class, "the_trail_tells_what_became_of_a_block"),
        Arguments.of(FreesWithoutComparingStore.class, "only_the_record_that_is_held_is_removed"),
        Arguments.of(HalfAppliesStore.class, "a_set_whose_last_step_is_refused_leaves_nothing"),
        Arguments.of(
            IgnoresContainmentStore.class, "a_block_that_overlaps_another_is_refused_naming_it"),
        Arguments.of(
            IgnoresExpectedDocumentsStore.class,
            "a_document_is_written_only_where_it_is_as_expected"),
        Arguments.of(
            IgnoresOverlapStore.class, "a_block_that_overlaps_another_is_refused_naming_it"),
        Arguments.of(IgnoresSlotsStore.class, "an_owner_has_one_active_block_of_a_network"),
        Arguments.of(
            KeepsDocumentsOfRefusedSetsStore.class,
            "a_set_whose_last_step_is_refused_leaves_nothing"),
        Arguments.of(
            KnowsOnlyItsOwnRevisionStore.class,
            "stores_of_one_place_see_what_others_had_acknowledged"),
        Arguments.of(LosesLastWriteStore.class, "the_last_commit_before_closing_is_not_lost"),
        Arguments.of(MatchesOwnersAsTextStore.class, "a_scope_holds_a_path_and_what_is_below_it"),
        Arguments.of(MixesSpacesStore.class, "spaces_do_not_overlap"),
        Arguments.of(
            RefusesWholeListsStore.class, "a_refused_set_leaves_the_others_of_its_list_alone"),
        Arguments.of(
            RemembersSingleAddressesOnlyStore.class,
            "history_follows_an_address_through_blocks_of_every_length"),
        Arguments.of(RepeatsKnownChangesStore.class, "the_trail_tells_what_became_of_a_block"),
        Arguments.of(ShowsHalfSetsStore.class, "a_set_is_never_seen_half"),
        Arguments.of(SortsAsTextStore.class, "blocks_come_in_address_order"),
        Arguments.of(TellsChangesToTheEndStore.class, "a_part_of_the_trail_is_told_by_revisions"),
        Arguments.of(
            WritesAdditionsFirstStore.class,
            "a_block_removed_by_one_step_is_added_by_a_later_one"));
  }

  static Stream<Class<?>> foundByTheModel() {
    return Stream.of(
        CountsRefusedSetsStore.class,
        FreesWithoutComparingStore.class,
        HalfAppliesStore.class,
        IgnoresContainmentStore.class,
        IgnoresSlotsStore.class,
        LosesLastWriteStore.class,
        WritesAdditionsFirstStore.class);
  }

  static class AnswersWhenClosedStore extends Broken {
    AnswersWhenClosedStore() {
      super(Fault.ANSWERS_WHEN_CLOSED);
    }
  }

  static class ChecksBeforeItLocksStore extends Broken {
    ChecksBeforeItLocksStore() {
      super(Fault.CHECKS_BEFORE_IT_LOCKS);
    }
  }

  static class CountsRefusedSetsStore extends Broken {
    CountsRefusedSetsStore() {
      super(Fault.COUNTS_REFUSED_SETS);
    }
  }

  static class ForgetsSpacesWithoutBlocksStore extends Broken {
    ForgetsSpacesWithoutBlocksStore() {
      super(Fault.FORGETS_SPACES_WITHOUT_BLOCKS);
    }
  }

  static class ForgetsTheTrailOfFreedBlocksStore extends Broken {
    ForgetsTheTrailOfFreedBlocksStore() {
      super(Fault.FORGETS_THE_TRAIL_OF_FREED_BLOCKS);
    }
  }

  static class FreesWithoutComparingStore extends Broken {
    FreesWithoutComparingStore() {
      super(Fault.FREES_WITHOUT_COMPARING);
    }
  }

  static class HalfAppliesStore extends Broken {
    HalfAppliesStore() {
      super(Fault.HALF_APPLIES);
    }
  }

  static class IgnoresContainmentStore extends Broken {
    IgnoresContainmentStore() {
      super(Fault.IGNORES_CONTAINMENT);
    }
  }

  static class IgnoresExpectedDocumentsStore extends Broken {
    IgnoresExpectedDocumentsStore() {
      super(Fault.IGNORES_EXPECTED_DOCUMENTS);
    }
  }

  static class IgnoresOverlapStore extends Broken {
    IgnoresOverlapStore() {
      super(Fault.IGNORES_OVERLAP);
    }
  }

  static class IgnoresSlotsStore extends Broken {
    IgnoresSlotsStore() {
      super(Fault.IGNORES_SLOTS);
    }
  }

  static class KeepsDocumentsOfRefusedSetsStore extends Broken {
    KeepsDocumentsOfRefusedSetsStore() {
      super(Fault.KEEPS_DOCUMENTS_OF_REFUSED_SETS);
    }
  }

  static class KnowsOnlyItsOwnRevisionStore extends Broken {
    KnowsOnlyItsOwnRevisionStore() {
      super(Fault.KNOWS_ONLY_ITS_OWN_REVISION);
    }
  }

  static class LosesLastWriteStore extends Broken {
    LosesLastWriteStore() {
      super(Fault.LOSES_LAST_WRITE);
    }
  }

  static class MatchesOwnersAsTextStore extends Broken {
    MatchesOwnersAsTextStore() {
      super(Fault.MATCHES_OWNERS_AS_TEXT);
    }
  }

  static class MixesSpacesStore extends Broken {
    MixesSpacesStore() {
      super(Fault.MIXES_SPACES);
    }
  }

  static class RefusesWholeListsStore extends Broken {
    RefusesWholeListsStore() {
      super(Fault.REFUSES_WHOLE_LISTS);
    }
  }

  static class RemembersSingleAddressesOnlyStore extends Broken {
    RemembersSingleAddressesOnlyStore() {
      super(Fault.REMEMBERS_SINGLE_ADDRESSES_ONLY);
    }
  }

  static class RepeatsKnownChangesStore extends Broken {
    RepeatsKnownChangesStore() {
      super(Fault.REPEATS_KNOWN_CHANGES);
    }
  }

  static class ShowsHalfSetsStore extends Broken {
    ShowsHalfSetsStore() {
      super(Fault.SHOWS_HALF_SETS);
    }
  }

  static class SortsAsTextStore extends Broken {
    SortsAsTextStore() {
      super(Fault.SORTS_AS_TEXT);
    }
  }

  static class TellsChangesToTheEndStore extends Broken {
    TellsChangesToTheEndStore() {
      super(Fault.TELLS_CHANGES_TO_THE_END);
    }
  }

  static class WritesAdditionsFirstStore extends Broken {
    WritesAdditionsFirstStore() {
      super(Fault.WRITES_ADDITIONS_FIRST);
    }
  }

  abstract static class Broken extends AllocationStoreContract {
    private final Fault fault;

    Broken(Fault fault) {
      this.fault = fault;
    }

    @Override
    protected AllocationStore open(Path folder) {
      return new ReferenceStore(folder, fault);
    }
  }
}
