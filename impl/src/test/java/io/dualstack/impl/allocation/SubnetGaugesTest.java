package io.dualstack.impl.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.Forecast;
import io.dualstack.impl.metrics.RecordingMeters;
import io.dualstack.net.IpPrefix;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubnetGaugesTest {
  @Test
  void forecasts_are_in_seconds_and_never_is_infinite() {
    RecordingMeters meters = new RecordingMeters();
    IpPrefix filling = IpPrefix.parse("10.0.0.0/24");
    IpPrefix emptying = IpPrefix.parse("10.0.1.0/24");

    new SubnetGauges(meters, AddressSpace.DEFAULT)
        .forecasts(
            List.of(
                new Forecast("a", filling, Duration.ofDays(7), 12.5, Duration.ofDays(2)),
                new Forecast("a", emptying, Duration.ofDays(7), -1, null)));

    assertThat(meters.gauges("subnetGrowthPerDay"))
        .isEqualTo(Map.of(labels(filling), 12.5, labels(emptying), -1.0));
    assertThat(meters.gauges("subnetUntilFullSeconds"))
        .isEqualTo(Map.of(labels(filling), 172_800.0, labels(emptying), Double.POSITIVE_INFINITY));
  }

  private static Map<String, String> labels(IpPrefix range) {
    return Map.of("space", "default", "network", "a", "range", range.toString());
  }
}
