package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.dualstack.provider.NetworkProvider;
import io.dualstack.testkit.contract.ReferenceProvider.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The contract refuses each of these providers, in the test that is named for what they break. */
class NetworkProviderContractTest {

  @ParameterizedTest
  @MethodSource("broken")
  void refuses_a_provider_that(Class<?> broken, String inTest) {
    Set<String> failed =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(broken))
            .execute()
            .testEvents()
            .failed()
            .stream()
            .map(event -> event.getTestDescriptor().getDisplayName().replace("()", ""))
            .collect(Collectors.toSet());

    assertThat(failed).contains(inTest);
  }

  @Test
  void a_fault_has_a_test_for_each() {
    List<String> tried =
        broken()
            .map(arguments -> ((Class<?>) arguments.get()[0]).getSimpleName())
            .map(name -> name.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=A)(?=[A-Z])", "_"))
            .map(name -> name.toUpperCase(java.util.Locale.ROOT))
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
        Arguments.of(AttachesHalfANic.class, "a_nic_that_fails_leaves_nothing_behind"),
        Arguments.of(ChangesItsCapabilities.class, "capabilities_never_change"),
        Arguments.of(ChoosesAnew.class, "a_picked_prefix_stays_the_same"),
        Arguments.of(ChoosesTwiceTheSameBlock.class, "picked_prefixes_never_overlap"),
        Arguments.of(
            DetachesAnyLife.class, "a_late_detach_of_an_earlier_life_leaves_the_later_one_alone"),
        Arguments.of(ForgetsAttachments.class, "a_reopened_session_knows_what_was_attached"),
        Arguments.of(
            IgnoresContainment.class, "an_address_inside_the_prefix_of_another_machine_is_refused"),
        Arguments.of(
            IgnoresItsLimits.class,
            "a_prefix_length_it_does_not_declare_is_refused_before_anything_is_attached"),
        Arguments.of(
            IgnoresTheHolder.class, "a_block_of_another_machine_is_refused_naming_the_holder"),
        Arguments.of(KeepsOldBlocks.class, "a_nic_gets_other_blocks_and_gives_up_those_it_had"),
        Arguments.of(
            ListsInAnyOrder.class, "attached_lists_a_scope_completely_in_order_of_owner_and_nic"),
        Arguments.of(TakesAnySetting.class, "a_setting_it_does_not_know_is_refused_by_name"),
        Arguments.of(
            VerifiesNothing.class, "a_network_without_a_single_block_to_hand_out_is_found"));
  }

  static class AttachesHalfANic extends Broken {
    AttachesHalfANic() {
      super(Fault.ATTACHES_HALF_A_NIC);
    }
  }

  static class ChangesItsCapabilities extends Broken {
    ChangesItsCapabilities() {
      super(Fault.CHANGES_ITS_CAPABILITIES);
    }
  }

  static class ChoosesAnew extends Broken {
    ChoosesAnew() {
      super(Fault.CHOOSES_ANEW);
    }
  }

  static class ChoosesTwiceTheSameBlock extends Broken {
    ChoosesTwiceTheSameBlock() {
      super(Fault.CHOOSES_TWICE_THE_SAME_BLOCK);
    }
  }

  static class DetachesAnyLife extends Broken {
    DetachesAnyLife() {
      super(Fault.DETACHES_ANY_LIFE);
    }
  }

  static class ForgetsAttachments extends Broken {
    ForgetsAttachments() {
      super(Fault.FORGETS_ATTACHMENTS);
    }
  }

  static class IgnoresContainment extends Broken {
    IgnoresContainment() {
      super(Fault.IGNORES_CONTAINMENT);
    }
  }

  static class IgnoresItsLimits extends Broken {
    IgnoresItsLimits() {
      super(Fault.IGNORES_ITS_LIMITS);
    }
  }

  static class IgnoresTheHolder extends Broken {
    IgnoresTheHolder() {
      super(Fault.IGNORES_THE_HOLDER);
    }
  }

  static class KeepsOldBlocks extends Broken {
    KeepsOldBlocks() {
      super(Fault.KEEPS_OLD_BLOCKS);
    }
  }

  static class ListsInAnyOrder extends Broken {
    ListsInAnyOrder() {
      super(Fault.LISTS_IN_ANY_ORDER);
    }
  }

  static class TakesAnySetting extends Broken {
    TakesAnySetting() {
      super(Fault.TAKES_ANY_SETTING);
    }
  }

  static class VerifiesNothing extends Broken {
    VerifiesNothing() {
      super(Fault.VERIFIES_NOTHING);
    }
  }

  abstract static class Broken extends NetworkProviderContract {
    private final Fault fault;

    Broken(Fault fault) {
      this.fault = fault;
    }

    @Override
    protected NetworkProvider provider() {
      return new ReferenceProvider(fault);
    }
  }
}
