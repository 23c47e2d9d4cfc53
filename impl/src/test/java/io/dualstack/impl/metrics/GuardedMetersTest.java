package io.dualstack.impl.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.dualstack.Meters;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardedMetersTest {
  @Test
  void what_meters_throw_does_not_get_out() {
    ThrowingMeters throwing = new ThrowingMeters();
    Meters guarded = GuardedMeters.of(throwing);

    assertThatCode(
            () -> {
              for (int i = 0; i < 3; i++) {
                guarded.count("a");
                guarded.gauge("b", 1);
                guarded.time("c", Duration.ZERO);
              }
            })
        .doesNotThrowAnyException();
    assertThat(throwing.calls()).isEqualTo(9);
  }

  @Test
  void all_is_passed_on_as_it_was_told() {
    RecordingMeters recording = new RecordingMeters();
    Meters guarded = GuardedMeters.of(recording);
    Map<String, String> labels = Map.of("network", "cells");

    guarded.count("a", labels, 3);
    guarded.count("a");
    guarded.gauge("b", labels, 2.5);
    guarded.time("c", labels, Duration.ofNanos(7));
    guarded.time("c", Duration.ofNanos(1));

    assertThat(recording.counted("a")).isEqualTo(4);
    assertThat(recording.gauges("b")).isEqualTo(Map.of(labels, 2.5));
    assertThat(recording.timed("c")).containsExactly(labels, Map.of());
    assertThat(recording.nanos("c")).isEqualTo(8);
  }

  @Test
  void none_stays_none_so_that_nothing_is_measured_for_it() {
    assertThat(GuardedMeters.of(Meters.NONE)).isSameAs(Meters.NONE);
    assertThat(Timing.start(GuardedMeters.of(Meters.NONE), "a")).isSameAs(Timing.NONE);
  }
}
