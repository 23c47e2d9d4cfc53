package io.dualstack.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.Meters;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpPrefix;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerMetersTest {
  private static final Map<String, String> CELLS = Map.of("network", "cells");

  @Test
  void numbers_are_kept_by_name_and_labels() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Meters meters = new MicrometerMeters(registry);

    meters.count("commitSteps", Map.of(), 3);
    meters.count("commitSteps", Map.of(), 4);
    meters.gauge("subnetBlocks", CELLS, 7);
    meters.gauge("subnetBlocks", CELLS, 5);
    meters.gauge("subnetBlocks", Map.of("network", "others"), 2);
    meters.time("allocate", Map.of("outcome", "ok"), Duration.ofMillis(20));
    meters.time("allocate", Map.of("outcome", "ok"), Duration.ofMillis(10));

    assertThat(registry.get("dualstack.commit.steps").counter().count()).isEqualTo(7);
    assertThat(registry.get("dualstack.subnet.blocks").tag("network", "cells").gauge().value())
        .isEqualTo(5);
    assertThat(registry.get("dualstack.subnet.blocks").tag("network", "others").gauge().value())
        .isEqualTo(2);
    assertThat(
            registry
                .get("dualstack.allocate")
                .tag("outcome", "ok")
                .timer()
                .totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(30);
  }

  @Test
  void gauges_stay_when_nobody_but_the_registry_is_left() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new MicrometerMeters(registry).gauge("subnetBlocks", 7);

    System.gc();

    assertThat(registry.get("dualstack.subnet.blocks").gauge().value()).isEqualTo(7);
  }

  @Test
  void prometheus_reads_what_an_open_library_told() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Subnet subnet = Subnet.of(IpPrefix.parse("2001:db8::/64")).prefixLength(66).build();
    try (Dualstack dualstack =
        Dualstack.builder().meters(new MicrometerMeters(registry, "ips")).build()) {
      dualstack
          .allocator()
          .define(NetworkSet.of(new NetworkDefinition.Manual("cells", List.of(subnet))));
      dualstack.allocator().allocate(AllocationRequest.forOwner("cf/cell/0").from("cells").build());
      dualstack.measure();
      dualstack.measureForecast(Duration.ofDays(14));
    }

    assertThat(registry.scrape().lines())
        .contains(
            "ips_allocate_seconds_count{outcome=\"ok\"} 1",
            "ips_commit_steps_total 2.0",
            "ips_subnet_blocks{network=\"cells\",range=\"2001:db8::/64\",space=\"default\"} 4.0",
            "ips_subnet_available{network=\"cells\",range=\"2001:db8::/64\",space=\"default\"} 1.0",
            "ips_subnet_until_full_seconds{network=\"cells\",range=\"2001:db8::/64\",space=\"default\"}"
                + " +Inf");
  }
}
