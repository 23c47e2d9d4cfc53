package io.dualstack.spi.aws;

import static io.dualstack.spi.aws.OpenSession.ADDRESS;
import static io.dualstack.spi.aws.OpenSession.IPV6_ADDRESS;
import static io.dualstack.spi.aws.OpenSession.OPEN;
import static io.dualstack.spi.aws.OpenSession.OPEN_IPV4;
import static io.dualstack.spi.aws.OpenSession.OTHER_ADDRESS;
import static io.dualstack.spi.aws.OpenSession.OTHER_PREFIX;
import static io.dualstack.spi.aws.OpenSession.PREFIX;
import static io.dualstack.spi.aws.OpenSession.chosen;
import static io.dualstack.spi.aws.OpenSession.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.DualstackException;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome.Attached;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.cloud.Fault;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.cloud.aws.FakeNetworkInterface;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run that is cut off after any call, with or without the last call done, is finished later. */
class InterruptionTest {
  private static final List<NicRequest> REQUESTS =
      List.of(
          request("cf/cell/0", ADDRESS, IPV6_ADDRESS, OPEN),
          request("cf/cell/1", OTHER_ADDRESS, PREFIX, OPEN_IPV4));

  /** Of the first NIC other blocks, of the second another primary address. */
  private static final List<NicRequest> OTHERS =
      List.of(
          request("cf/cell/0", ADDRESS, OTHER_PREFIX),
          request("cf/cell/1", chosen("v4", "10.64.0.33/32"), PREFIX));

  private static final NicRequest FOREIGN_ADDRESS = request("cf/cell/0", ADDRESS, PREFIX);

  static Stream<Fault> cuts() {
    return Stream.of(Fault.CUT_BEFORE, Fault.CUT_AFTER);
  }

  /** What happens to one region. */
  private abstract static class Story {
    final FakeEc2 ec2 = FakeRegion.start();
    final InMemoryProviderContext context =
        FakeRegion.context(ec2)
            .define(OpenSession.NETWORKS)
            .configure("attempts", "1")
            .configure("concurrency", "1");

    /** What is there when it begins. */
    abstract void begin(ProviderSession session);

    /** What is cut off. */
    abstract void run(ProviderSession session);

    /** What the next run does, and what is there then. */
    abstract void finish(ProviderSession session);

    /** Returns whether there were as many calls that one had to be cut off. */
    boolean isCutOff(Fault cut, int calls) {
      try (ec2) {
        try (ProviderSession session = new AwsNetworkProvider().open(context)) {
          begin(session);
        }
        ec2.forgetRequests();
        ec2.faults().allAfter(calls, cut);
        try (ProviderSession session = new AwsNetworkProvider().open(context)) {
          run(session);
        } catch (DualstackException cutOff) {
          assertThat(cutOff).hasMessageContaining("EC2 can't be reached");
        }
        boolean isCut = ec2.requests().size() > calls;
        RecordedRequests.assertRecorded(ec2.requests());
        ec2.faults().clear();
        try (ProviderSession session = new AwsNetworkProvider().open(context)) {
          finish(session);
        }
        return isCut;
      }
    }

    void attachAll(ProviderSession session, List<NicRequest> requests) {
      assertThat(session.attach(requests))
          .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Attached.class));
    }

    /** Checks that these NICs are there and nothing else. */
    void assertSettled(ProviderSession session, List<NicRequest> requests) {
      attachAll(session, requests);
      assertThat(session.attach(requests))
          .allSatisfy(outcome -> assertThat(((Attached) outcome).changed()).isFalse());
      assertThat(session.attached(OwnerScope.ALL))
          .allSatisfy(
              nic ->
                  assertThat(ec2.networkInterfaces())
                      .filteredOn(eni -> eni.id().equals(nic.id()))
                      .singleElement()
                      .satisfies(eni -> assertThat(eni.blocks()).hasSameElementsAs(blocks(nic))));
      assertThat(ec2.networkInterfaces()).hasSameSizeAs(requests);
      assertThat(context.journal().list("intent/")).isEmpty();
    }

    private static List<IpPrefix> blocks(AttachedNic nic) {
      return nic.blocks().stream().map(NicBlock::block).toList();
    }
  }

  /** Two NICs are asked for that are there, or aren't, as something else. */
  private static final class Attaching extends Story {
    private final List<NicRequest> before;
    private final List<NicRequest> after;

    Attaching(List<NicRequest> before, List<NicRequest> after) {
      this.before = before;
      this.after = after;
    }

    @Override
    void begin(ProviderSession session) {
      attachAll(session, before);
    }

    @Override
    void run(ProviderSession session) {
      assertThat(session.attach(after)).hasSameSizeAs(after);
    }

    @Override
    void finish(ProviderSession session) {
      assertSettled(session, after);
    }
  }

  /** Two NICs are detached, of which a machine has one. */
  private static final class Detaching extends Story {
    private List<AttachedNic> nics = List.of();

    @Override
    void begin(ProviderSession session) {
      attachAll(session, REQUESTS);
      nics = session.attached(OwnerScope.ALL);
      ec2.attach(nics.get(1).id(), "i-0123", 1);
    }

    @Override
    void run(ProviderSession session) {
      session.detach(nics);
    }

    @Override
    void finish(ProviderSession session) {
      session.detach(nics);
      assertThat(ec2.networkInterfaces()).isEmpty();
      assertThat(session.attached(OwnerScope.ALL)).isEmpty();
    }
  }

  /** An interface of somebody is taken over, or given back. */
  private static final class Adopting extends Story {
    private final boolean givingBack;
    private final FakeNetworkInterface foreign;

    Adopting(boolean givingBack) {
      this.givingBack = givingBack;
      context.configure("adopt", "true");
      ec2.networkInterface(
          FakeRegion.SUBNET,
          Map.of("Name", "theirs"),
          OpenSession.block("10.64.0.16"),
          OpenSession.block("10.64.0.99"),
          OpenSession.block("2001:db8:64:0:77::/80"));
      foreign = ec2.networkInterfaces().get(0);
    }

    @Override
    void begin(ProviderSession session) {
      if (givingBack) {
        attachAll(session, List.of(FOREIGN_ADDRESS));
      }
    }

    @Override
    void run(ProviderSession session) {
      if (givingBack) {
        session.detach(session.attached(OwnerScope.ALL));
      } else {
        assertThat(session.attach(List.of(FOREIGN_ADDRESS))).hasSize(1);
      }
    }

    @Override
    void finish(ProviderSession session) {
      if (!givingBack) {
        attachAll(session, List.of(FOREIGN_ADDRESS));
        assertThat(ec2.networkInterfaces())
            .singleElement()
            .satisfies(
                eni -> {
                  assertThat(eni.id()).isEqualTo(foreign.id());
                  assertThat(eni.blocks()).containsAll(foreign.blocks()).hasSize(4);
                });
      }
      session.detach(session.attached(OwnerScope.ALL));
      assertThat(ec2.networkInterfaces()).containsExactly(foreign);
    }
  }

  @FunctionalInterface
  private interface Begin {
    Story story();
  }

  private static void atEachCall(Fault cut, Begin begin) {
    int calls = 0;
    while (begin.story().isCutOff(cut, calls)) {
      calls++;
    }
    assertThat(calls).as("calls of the whole story").isGreaterThan(4);
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void attaching_is_finished_by_the_next_run(Fault cut) {
    atEachCall(cut, () -> new Attaching(List.of(), REQUESTS));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void changing_is_finished_by_the_next_run(Fault cut) {
    atEachCall(cut, () -> new Attaching(REQUESTS, OTHERS));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void detaching_is_finished_by_the_next_run(Fault cut) {
    atEachCall(cut, Detaching::new);
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void taking_over_is_finished_by_the_next_run(Fault cut) {
    atEachCall(cut, () -> new Adopting(false));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void giving_back_is_finished_by_the_next_run(Fault cut) {
    atEachCall(cut, () -> new Adopting(true));
  }
}
