package io.dualstack.impl.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.testkit.constraint.Family;
import io.dualstack.workload.InstanceRecord;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import io.dualstack.workload.PreferredAddress;
import io.dualstack.workload.ProcessStats;
import io.dualstack.workload.WorkloadFormats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.WithNull;
import org.jspecify.annotations.Nullable;

/** What is written is read as it was, whatever the values. */
class InstanceFormatsProperties {
  private static final WorkloadFormats FORMATS = new DiegoFormats();

  private static NetInfo at(
      PreferredAddress preferred, @Nullable IpAddress ipv6, PortMapping port) {
    return new NetInfo(
        IpAddress.parse("10.0.16.4"),
        List.of(port),
        IpAddress.parse("10.255.3.7"),
        preferred,
        ipv6,
        Map.of());
  }

  @Property
  void stats_survive_a_round_trip(
      @ForAll @Family(IpFamily.IPV6) @WithNull IpAddress ipv6,
      @ForAll @IntRange(min = 1, max = 65535) int containerPort,
      @ForAll @IntRange(max = 65535) int hostPort,
      @ForAll @IntRange(max = 65535) int tlsPort,
      @ForAll @LongRange(min = 0) long uptime,
      @ForAll @WithNull Boolean routable,
      @ForAll @WithNull String details) {
    PortMapping port = new PortMapping(containerPort, hostPort, tlsPort, tlsPort);
    List<ProcessStats> stats =
        List.of(
            new ProcessStats(
                "web",
                0,
                "RUNNING",
                routable,
                at(PreferredAddress.UNKNOWN, native6(ipv6), port),
                Duration.ofSeconds(uptime),
                details,
                details,
                Map.of()));

    assertThat(FORMATS.parseProcessStats(FORMATS.processStats(stats))).isEqualTo(stats);
  }

  @Property
  void records_survive_a_round_trip(
      @ForAll @Family(IpFamily.IPV6) @WithNull IpAddress ipv6,
      @ForAll PreferredAddress preferred,
      @ForAll @LongRange(min = 0) long since,
      @ForAll String text) {
    List<InstanceRecord> records =
        List.of(
            new InstanceRecord(
                text,
                7,
                text,
                text,
                text,
                at(preferred, native6(ipv6), PortMapping.of(8080, 61000)),
                "RUNNING",
                Instant.ofEpochSecond(0, since),
                Map.of("later", text)));

    assertThat(FORMATS.parseInstanceRecords(FORMATS.instanceRecords(records))).isEqualTo(records);
  }

  /** A mapped address is no container's. */
  private static @Nullable IpAddress native6(@Nullable IpAddress address) {
    return address == null || address.isIpv4Mapped() ? null : address;
  }
}
