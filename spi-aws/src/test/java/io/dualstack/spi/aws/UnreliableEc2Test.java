package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import io.dualstack.testkit.cloud.Fault;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EC2 throttles, fails, loses answers, and shows its own changes late. */
class UnreliableEc2Test extends OpenSession {
  private static final NicRequest WANTED =
      request("cf/cell/0", ADDRESS, IPV6_ADDRESS, OPEN, OPEN_IPV4);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DescribeNetworkInterfaces",
        "CreateNetworkInterface",
        "AssignPrivateIpAddresses",
        "AssignIpv6Addresses"
      })
  void a_call_that_is_throttled_is_tried_again(String action) {
    ec2.faults().next(action, Fault.THROTTLED, Fault.THROTTLED, Fault.FAILED);

    attach(WANTED);

    assertThat(only().blocks()).hasSize(4);
  }

  @Test
  void who_is_throttled_too_often_gives_up_and_says_so() {
    ec2.faults()
        .next(
            "CreateNetworkInterface",
            Fault.THROTTLED,
            Fault.THROTTLED,
            Fault.THROTTLED,
            Fault.THROTTLED);

    ProviderException failure = fail(WANTED);

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure).hasMessageContaining("EC2 answered RequestLimitExceeded");
    assertThat(actions()).filteredOn("CreateNetworkInterface"::equals).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DescribeNetworkInterfaces",
        "CreateNetworkInterface",
        "AssignPrivateIpAddresses",
        "AssignIpv6Addresses"
      })
  void a_lost_answer_neither_doubles_nor_loses_anything(String action) {
    ec2.faults().next(action, Fault.CUT_AFTER, Fault.CUT_AFTER);

    AttachedNic nic = attach(WANTED).nic();

    assertThat(only().blocks()).hasSize(4);
    assertThat(nic.blocks()).hasSize(4);
    assertThat(attach(WANTED).changed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AssignPrivateIpAddresses", "AssignIpv6Addresses"})
  void a_lost_answer_to_a_named_block_is_no_conflict_with_oneself(String action) {
    ec2.faults().next(action, Fault.CUT_AFTER);

    attach(request("cf/cell/0", ADDRESS, IPV4_PREFIX, IPV6_ADDRESS, PREFIX));

    assertThat(only().blocks()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UnassignPrivateIpAddresses",
        "UnassignIpv6Addresses",
        "DeleteNetworkInterface",
        "DetachNetworkInterface"
      })
  void what_is_taken_off_twice_is_taken_off_once(String action) {
    AttachedNic nic = attach(request("cf/cell/0", ADDRESS, IPV4_PREFIX, PREFIX)).nic();
    ec2.faults().next(action, Fault.CUT_AFTER);
    AttachedNic less = attach(request("cf/cell/0", ADDRESS)).nic();
    ec2.attach(nic.id(), "i-0123", 1);

    session.detach(List.of(less));

    assertThat(ec2.networkInterfaces()).isEmpty();
  }

  @Test
  void an_address_of_an_interface_that_was_just_deleted_is_waited_for() {
    Fault inUse = new Fault.Answered(ec2.refusal("InvalidIPAddress.InUse", "still cooling down"));
    ec2.faults().next("CreateNetworkInterface", inUse, inUse);
    ec2.faults().next("AssignIpv6Addresses", inUse);

    attach(request("cf/cell/0", ADDRESS, IPV6_ADDRESS, PREFIX));

    assertThat(only().blocks()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void changes_that_show_late_are_waited_for(int looks) {
    ec2.lag(looks);

    AttachedNic nic = attach(WANTED).nic();
    assertThat(attached()).containsExactly(nic);
    assertThat(attach(WANTED).changed()).isFalse();
    AttachedNic other =
        attach(request("cf/cell/0", ADDRESS, IPV6_ADDRESS, OTHER_PREFIX, OPEN_IPV4)).nic();
    assertThat(attached()).containsExactly(other);
    AttachedNic moved = attach(request("cf/cell/0", OTHER_ADDRESS, OTHER_PREFIX)).nic();
    assertThat(attached()).containsExactly(moved);
    session.detach(List.of(moved));

    assertThat(attached()).isEmpty();
    assertThat(ec2.networkInterfaces()).isEmpty();
  }

  @Test
  void many_nics_are_attached_while_changes_show_late() {
    ec2.lag(3);
    List<NicRequest> requests =
        IntStream.range(0, 24)
            .mapToObj(n -> request("cf/cell/" + n, chosen("v4", "10.64.1." + n + "/32"), OPEN))
            .toList();

    assertThat(session.attach(requests))
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Attached.class));

    assertThat(attached()).hasSize(24);
    assertThat(session.attach(requests))
        .allSatisfy(outcome -> assertThat(((Attached) outcome).changed()).isFalse());
  }

  @Test
  void a_service_that_stays_silent_is_not_waited_for_longer_than_the_nic() {
    context.configure("timeout_seconds", "1").configure("attempts", "2");
    reopen();
    ec2.faults().allAfter(0, Fault.SILENT);

    ProviderException failure = silent(() -> session.attach(List.of(WANTED)));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("EC2 can't be reached");
    assertThat(actions()).hasSize(2);
  }

  private static ProviderException silent(ThrowingCallable call) {
    return catchThrowableOfType(ProviderException.class, call);
  }

  @Test
  void an_interface_that_stays_pending_is_not_waited_for_without_end() {
    context.configure("timeout_seconds", "1");
    reopen();
    ec2.pendingFor(Integer.MAX_VALUE);

    ProviderException failure = fail(request("cf/cell/0", ADDRESS));

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("was made and is pending for 1 seconds; ask again");
    assertThat(ec2.networkInterfaces()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidIPAddress.InUse, CONFLICT, true",
    "InsufficientFreeAddressesInSubnet, EXHAUSTED, true",
    "InsufficientCidrBlocks, EXHAUSTED, true",
    "PrivateIpAddressLimitExceeded, EXHAUSTED, true",
    "NetworkInterfaceLimitExceeded, EXHAUSTED, true",
    "RequestLimitExceeded, UNAVAILABLE, true",
    "Unavailable, UNAVAILABLE, true",
    "IdempotentParameterMismatch, UNAVAILABLE, true",
    "AuthFailure, NOT_CONFIGURED, false",
    "InvalidClientTokenId, NOT_CONFIGURED, false",
    "RequestExpired, NOT_CONFIGURED, false",
    "OptInRequired, NOT_CONFIGURED, false",
    "UnauthorizedOperation, REFUSED, false",
    "InvalidSubnetID.NotFound, REFUSED, false",
    "InvalidGroup.NotFound, REFUSED, false",
    "InvalidParameterValue, REFUSED, false",
    "UnsupportedOperation, NOT_SUPPORTED, false",
    "SomethingNew, REFUSED, false"
  })
  void error_codes_have_one_meaning_each(String code, Reason reason, boolean retryable) {
    context.configure("timeout_seconds", "1");
    reopen();
    ec2.faults().allAfter(1, new Fault.Answered(ec2.refusal(code, "for a reason")));

    ProviderException failure = fail(request("cf/cell/0", ADDRESS));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.getMessage())
        .contains("EC2 answered " + code + ": for a reason (request 00000000-");
  }

  @Test
  void a_quota_of_interfaces_is_told() {
    ec2.quota(0);

    ProviderException failure = fail(request("cf/cell/0", ADDRESS));

    assertThat(failure.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(failure).hasMessageContaining("have the quota of the region raised");
  }
}
