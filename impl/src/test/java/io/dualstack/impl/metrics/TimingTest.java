package io.dualstack.impl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.AllocationConflictException;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.KernelException;
import io.dualstack.PoolExhaustedException;
import io.dualstack.StoreUnavailableException;
import io.dualstack.net.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TimingTest {
  private final RecordingMeters meters = new RecordingMeters();

  @Test
  void a_failure_is_told_by_what_a_caller_would_do_about_it() {
    for (Throwable failure :
        List.of(
            new PoolExhaustedException("cells", 80, new TreeMap<>(), "full"),
            new AllocationConflictException(IpPrefix.parse("10.0.0.1/32"), null, "taken"),
            new InvalidConfigurationException(List.of(Diagnostic.error("a", "B", "c"))),
            new StoreUnavailableException("away", true, null),
            new KernelException("ip", "no", null),
            new AssertionError())) {
      Timing.start(meters, "a").failed(failure);
    }

    assertThat(meters.outcomes("a"))
        .containsExactly("exhausted", "conflict", "invalid", "unavailable", "failed", "failed");
  }

  @Test
  void a_call_has_its_answer_and_an_outcome_beside_its_labels() {
    Map<String, String> labels = Map.of("backend", "nftables");

    assertThat(Timing.of(meters, "a", labels, () -> 7)).isEqualTo(7);
    assertThatThrownBy(
            () ->
                Timing.of(
                    meters,
                    "a",
                    labels,
                    () -> {
                      throw new IllegalStateException("kept");
                    }))
        .hasMessage("kept");

    assertThat(meters.timed("a"))
        .containsExactly(
            Map.of("backend", "nftables", "outcome", "ok"),
            Map.of("backend", "nftables", "outcome", "failed"));
    assertThat(meters.nanos("a")).isPositive();
  }

  @Test
  void what_can_end_in_one_way_has_no_outcome() {
    Timing.start(meters, "a").ended();

    assertThat(meters.timed("a")).containsExactly(Map.of());
  }

  @Test
  void none_tells_nobody() {
    Timing.NONE.ended();
    Timing.NONE.ended(Timing.OK);
    Timing.NONE.failed(new AssertionError());

    assertThat(meters.isEmpty()).isTrue();
  }
}
