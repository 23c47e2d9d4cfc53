package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.DualstackException;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.cloud.Fault;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A run that is cut off after any call, with or without the last call done, is finished later. */
class InterruptionProperties {
  private static final List<NicRequest> REQUESTS =
      List.of(
          OpenSession.request(
              "cf/cell/0", OpenSession.ADDRESS, OpenSession.IPV6_ADDRESS, OpenSession.OPEN),
          OpenSession.request(
              "cf/cell/1", OpenSession.OTHER_ADDRESS, OpenSession.PREFIX, OpenSession.OPEN_IPV4));

  @Property(tries = 20)
  void attaching_is_finished_by_the_next_run(
      @ForAll @IntRange(max = 24) int calls, @ForAll boolean lastIsDone) {
    try (FakeEc2 ec2 = FakeRegion.start()) {
      InMemoryProviderContext context = context(ec2);
      cutOff(ec2, calls, lastIsDone);
      attachIgnoringFailure(context, REQUESTS);
      ec2.faults().clear();

      assertSettled(ec2, context, REQUESTS);
    }
  }

  @Property(tries = 20)
  void changing_is_finished_by_the_next_run(
      @ForAll @IntRange(max = 24) int calls, @ForAll boolean lastIsDone) {
    List<NicRequest> after =
        List.of(
            OpenSession.request("cf/cell/0", OpenSession.ADDRESS, OpenSession.OTHER_PREFIX),
            OpenSession.request(
                "cf/cell/1", OpenSession.chosen("v4", "10.64.0.33/32"), OpenSession.PREFIX));
    try (FakeEc2 ec2 = FakeRegion.start()) {
      InMemoryProviderContext context = context(ec2);
      attachIgnoringFailure(context, REQUESTS);
      cutOff(ec2, calls, lastIsDone);
      attachIgnoringFailure(context, after);
      ec2.faults().clear();

      assertSettled(ec2, context, after);
    }
  }

  private static InMemoryProviderContext context(FakeEc2 ec2) {
    return FakeRegion.context(ec2)
        .define(OpenSession.NETWORKS)
        .configure("attempts", "1")
        .configure("concurrency", "1");
  }

  private static void cutOff(FakeEc2 ec2, int calls, boolean lastIsDone) {
    ec2.faults().allAfter(calls, lastIsDone ? Fault.CUT_AFTER : Fault.CUT_BEFORE);
  }

  private static void attachIgnoringFailure(
      InMemoryProviderContext context, List<NicRequest> requests) {
    try (ProviderSession session = new AwsNetworkProvider().open(context)) {
      assertThat(session.attach(requests)).hasSameSizeAs(requests);
    } catch (DualstackException cutOff) {
      assertThat(cutOff).hasMessageContaining("EC2 can't be reached");
    }
  }

  private static void assertSettled(
      FakeEc2 ec2, InMemoryProviderContext context, List<NicRequest> requests) {
    try (ProviderSession session = new AwsNetworkProvider().open(context)) {
      assertThat(session.attach(requests))
          .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Attached.class));
      assertThat(session.attach(requests))
          .allSatisfy(outcome -> assertThat(((Attached) outcome).changed()).isFalse());
      assertThat(session.attached(OwnerScope.ALL))
          .allSatisfy(
              nic ->
                  assertThat(ec2.networkInterfaces())
                      .filteredOn(eni -> eni.id().equals(nic.id()))
                      .singleElement()
                      .satisfies(
                          eni ->
                              assertThat(eni.blocks())
                                  .containsExactlyInAnyOrderElementsOf(
                                      nic.blocks().stream().map(NicBlock::block).toList())));
    }
    assertThat(ec2.networkInterfaces()).hasSameSizeAs(requests);
    assertThat(context.journal().list("intent/")).isEmpty();
  }
}
