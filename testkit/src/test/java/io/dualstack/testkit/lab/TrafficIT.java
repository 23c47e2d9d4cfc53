package io.dualstack.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.firewall.Service;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class TrafficIT {
  private static final List<Service> PORTS =
      List.of(Service.port(Protocol.TCP, 8080), Service.port(Protocol.UDP, 8080));

  @Test
  void an_attempt_tells_an_answer_from_a_refusal_from_silence(Lab lab) {
    LabHost left = lab.host("left");
    LabHost right = lab.host("right");
    for (IpFamily family : IpFamily.values()) {
      IpAddress target = right.address(family);
      for (Service service : PORTS) {
        assertThat(left.attempt(target, service)).isEqualTo(Attempt.REFUSED);
        try (Listener listener = right.listen(target, service)) {
          assertThat(left.attempt(target, service))
              .isEqualTo(new Attempt(Outcome.ANSWERED, Optional.of(left.address(family))));
          assertThat(listener.arrived()).isEqualTo(1);
        }
      }
      assertThat(left.attempt(target, Service.ping(family)).outcome()).isEqualTo(Outcome.ANSWERED);
      right.ip("route add blackhole " + left.address(family));
      for (Service service : PORTS) {
        assertThat(left.attempt(target, service)).isEqualTo(Attempt.LOST);
      }
      assertThat(left.attempt(target, Service.ping(family))).isEqualTo(Attempt.LOST);
      left.ip("route add unreachable 192.0.2.1", "route add unreachable 2001:db8:99::1");
      IpAddress nowhere = IpAddress.parse(family == IpFamily.IPV4 ? "192.0.2.1" : "2001:db8:99::1");
      assertThat(left.attempt(nowhere, Service.ping(family))).isEqualTo(Attempt.REFUSED);
      left.ip("route delete unreachable 192.0.2.1", "route delete unreachable 2001:db8:99::1");
    }
  }

  @Test
  void a_flow_counts_what_a_change_on_the_way_does_to_it(Lab lab) throws InterruptedException {
    LabHost left = lab.host("left");
    LabHost right = lab.host("right");
    IpAddress target = right.address(IpFamily.IPV6);
    for (Service service : PORTS) {
      Listener listener = right.listen(target, service);
      Flow flow = left.flow(target, service);

      flow.await(50);
      flow.assertAll(Outcome.ANSWERED);
      listener.close();
      flow.await(10);
      flow.close();

      assertThat(flow.outcomes().get(Outcome.ANSWERED)).isBetween(50L, listener.arrived());
      assertThat(flow.outcomes().get(Outcome.REFUSED)).isPositive();
      assertThatThrownBy(() -> flow.assertAll(Outcome.ANSWERED))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("left to " + target + ", " + service);
    }
  }

  @Test
  void every_refusal_is_told_however_many_there_are(Lab lab) {
    LabHost left = lab.host("left");
    LabHost right = lab.host("right");
    for (int i = 0; i < 500; i++) {
      for (IpFamily family : IpFamily.values()) {
        assertThat(left.attempt(right.address(family), Service.port(Protocol.UDP, 8080)))
            .as("attempt %d by %s", i, family)
            .isEqualTo(Attempt.REFUSED);
      }
    }
  }

  @Test
  void a_matrix_names_every_deviation_and_what_arrived_against_it(Lab lab)
      throws InterruptedException {
    LabHost left = lab.host("left");
    LabHost right = lab.host("right");
    IpAddress target = right.address(IpFamily.IPV6);
    Service tcp = Service.port(Protocol.TCP, 8080);
    Service ping = Service.ping(IpFamily.IPV6);
    ReachabilityMatrix open =
        ReachabilityMatrix.empty()
            .expecting(left, right, target, tcp, Outcome.ANSWERED)
            .expecting(left, right, target, ping, Outcome.ANSWERED);

    open.assertHolds();

    assertThat(open.size()).isEqualTo(2);
    Service udp = Service.port(Protocol.UDP, 8081);
    assertThatThrownBy(open.expecting(left, right, target, udp, Outcome.REFUSED)::assertHolds)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 of 3 are not as expected")
        .hasMessageContaining(
            "left to right, udp/8081 at %s: ANSWERED although it arrived; expected REFUSED"
                .formatted(target));
    right.ip("route add blackhole " + left.address(IpFamily.IPV6));
    assertThatThrownBy(
            () ->
                ReachabilityMatrix.empty()
                    .expecting(left, right, target, udp, Outcome.LOST)
                    .assertHolds())
        .as("the answer is lost, but the question was not")
        .hasMessageContaining("LOST although it arrived");
  }
}
