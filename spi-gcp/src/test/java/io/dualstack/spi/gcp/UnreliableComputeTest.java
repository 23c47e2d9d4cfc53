package io.dualstack.spi.gcp;

import static io.dualstack.spi.gcp.FakeProject.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.provider.AttachOutcome.Failed;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.Fault;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service that is slow, or refuses. */
class UnreliableComputeTest {
  private final FakeProject project = new FakeProject();

  @AfterEach
  void close() {
    project.compute.faults().clear();
    project.close();
  }

  private NicRequest request() {
    return project.nic(
        "cf/cell/0",
        block("v4", "10.0.0.9"),
        block("pods", "10.9.0.32/28"),
        block("v6", "2001:db8:1:2:7::/96"));
  }

  @Test
  void a_lost_answer_is_asked_for_again_and_the_change_is_made_once() {
    project.compute.faults().next("addresses.insert", Fault.CUT_AFTER, Fault.CUT_BEFORE);

    project.attach(request());

    assertThat(project.addresses()).hasSize(3);
  }

  @Test
  void throttling_and_failures_of_the_service_are_waited_out() {
    project.compute.faults().next("addresses.list", Fault.THROTTLED, Fault.FAILED);
    project.compute.faults().next("addresses.insert", Fault.THROTTLED, Fault.THROTTLED);
    project.compute.faults().next("operations.wait", Fault.FAILED);

    assertThat(project.attach(request()).changed()).isTrue();
  }

  @Test
  void a_service_that_fails_for_good_is_unavailable() {
    project.compute.faults().allAfter(0, Fault.FAILED);

    assertThatThrownBy(() -> project.session().attach(List.of(request())))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
              assertThat(failure.retryable()).isTrue();
            });
  }

  @Test
  void a_service_that_stays_silent_is_not_waited_for_longer_than_an_operation() {
    project.context.configure("timeout_seconds", "1").configure("attempts", "2");
    project.compute.faults().allAfter(0, Fault.SILENT);

    assertThatThrownBy(() -> project.session().attach(List.of(request())))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE))
        .hasMessageContaining("can't be reached");
    assertThat(project.compute.requests()).hasSize(2);
  }

  @Test
  void operations_that_take_a_while_are_awaited() {
    project.compute.pending(5);

    AttachedNic nic = project.attach(request()).nic();

    assertThat(nic.blocks()).hasSize(3);
  }

  @Test
  void listings_that_lag_behind_are_waited_for() {
    project.compute.lag(3);

    AttachedNic nic = project.attach(request()).nic();

    assertThat(project.attach(request()).changed()).isFalse();
    project.session().detach(List.of(nic));
    assertThat(project.attached()).isEmpty();
  }

  @Test
  void pages_are_read_to_the_last() {
    project.compute.pageSize(2);
    for (int i = 0; i < 5; i++) {
      project.attach(project.nic("cf/cell/" + i, block("v4", "10.0.1." + i)));
    }

    assertThat(project.attached()).hasSize(5);
    assertThat(project.session().pools()).hasSize(3);
  }

  @Test
  void a_used_up_quota_is_told_and_nothing_stays_behind() {
    project.compute.quota(2);

    Failed failed = project.fail(request());

    assertThat(failed.failure().reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(failed.failure()).hasMessageContaining("INTERNAL_ADDRESSES");
    assertThat(project.addresses()).isEmpty();
  }

  @Test
  void an_address_that_somebody_else_reserved_is_a_conflict() {
    project.context.configure("foundation", "other");
    project.attach(project.nic("other/cell/7", block("v4", "10.0.0.9")));
    project.reopen();
    InMemoryProviderContext ours = project.anotherContext("dualstack");

    Failed failed;
    try (ProviderSession session = new GcpNetworkProvider().open(ours)) {
      failed = (Failed) session.attach(List.of(request())).get(0);
    }

    assertThat(failed.failure().reason()).isEqualTo(Reason.CONFLICT);
    assertThat(project.addresses()).hasSize(1);
  }

  @Test
  void missing_rights_are_a_refusal() {
    project
        .compute
        .faults()
        .next(
            "subnetworks.get",
            new Fault.Answered(
                FakeAnswer.json(
                    403,
                    "{\"error\":{\"code\":403,\"message\":\"Required"
                        + " 'compute.subnetworks.get' permission\",\"errors\":[{\"reason\":"
                        + "\"forbidden\",\"message\":\"no\"}]}}")));

    Failed failed = project.fail(request());

    assertThat(failed.failure().reason()).isEqualTo(Reason.REFUSED);
    assertThat(failed.failure()).hasMessageContaining("compute.subnetworks.get");
  }
}
