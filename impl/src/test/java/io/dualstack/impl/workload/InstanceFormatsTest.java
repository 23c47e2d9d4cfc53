package io.dualstack.impl.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.net.IpAddress;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceFormatsTest {
  private static final WorkloadFormats FORMATS = new DiegoFormats();
  private static final IpAddress CELL = IpAddress.parse("10.0.16.4");
  private static final IpAddress IPV4 = IpAddress.parse("10.255.3.7");
  private static final List<PortMapping> PORTS =
      List.of(new PortMapping(8080, 61000, 61001, 61002), PortMapping.of(2222, 61003));

  private static NetInfo at(
      PreferredAddress preferred, @Nullable IpAddress ipv6, List<PortMapping> ports) {
    return new NetInfo(CELL, ports, IPV4, preferred, ipv6, Map.of());
  }

  private static List<ProcessStats> stats(@Nullable IpAddress ipv6) {
    NetInfo starting =
        new NetInfo(
            IpAddress.parse("10.0.16.5"),
            List.of(),
            null,
            PreferredAddress.UNKNOWN,
            null,
            Map.of());
    return List.of(
        new ProcessStats(
            "web",
            0,
            "RUNNING",
            true,
            at(PreferredAddress.UNKNOWN, ipv6, PORTS),
            Duration.ofSeconds(9042),
            null,
            null,
            Map.of("mem_quota", 1073741824)),
        new ProcessStats(
            "web", 1, "STARTING", false, starting, Duration.ZERO, "shared", null, Map.of()),
        new ProcessStats(
            "web", 2, ProcessStats.DOWN, null, null, Duration.ZERO, null, "no room", Map.of()));
  }

  private static List<InstanceRecord> records(@Nullable IpAddress ipv6) {
    return List.of(
        new InstanceRecord(
            "p",
            0,
            "cf-apps",
            "i",
            "cell-1",
            at(PreferredAddress.HOST, ipv6, PORTS),
            "RUNNING",
            Instant.ofEpochSecond(1764345600, 1),
            Map.of("crash_count", 0)),
        new InstanceRecord(
            "p",
            1,
            "cf-apps",
            "",
            "",
            new NetInfo(null, List.of(), null, PreferredAddress.UNKNOWN, null, Map.of()),
            "UNCLAIMED",
            Instant.EPOCH,
            Map.of()));
  }

  @Test
  void without_ipv6_every_byte_is_as_it_was() {
    GoldenFiles.of("workload/ipv4")
        .assertMatch(
            Map.of(
                "stats.json", FORMATS.processStats(stats(null)) + "\n",
                "records.json", FORMATS.instanceRecords(records(null)) + "\n"));
  }

  @Test
  void with_ipv6_one_field_is_added_and_nothing_else_changes() {
    IpAddress ipv6 = IpAddress.parse("2001:db8::7");

    assertThat(FORMATS.processStats(stats(ipv6)))
        .isEqualTo(
            FORMATS
                .processStats(stats(null))
                .replace(
                    "\"10.255.3.7\",",
                    "\"10.255.3.7\",\"instance_internal_ipv6\":\"2001:db8::7\","));
    assertThat(FORMATS.instanceRecords(records(ipv6)))
        .isEqualTo(
            FORMATS
                .instanceRecords(records(null))
                .replace("\"HOST\",", "\"HOST\",\"instance_ipv6_address\":\"2001:db8::7\","));
  }

  @Test
  void both_are_read_as_they_were_written() {
    IpAddress ipv6 = IpAddress.parse("2001:db8::7");

    assertThat(FORMATS.parseProcessStats(FORMATS.processStats(stats(ipv6)))).isEqualTo(stats(ipv6));
    assertThat(FORMATS.parseInstanceRecords(FORMATS.instanceRecords(records(ipv6))))
        .isEqualTo(records(ipv6));
  }

  @Test
  void fields_of_later_versions_are_kept_digit_by_digit() {
    String json =
        "{\"resources\":[{\"type\":\"web\",\"index\":0,\"state\":\"STOPPING\",\"host\":\"10.0.0.1\","
            + "\"instance_internal_ip\":\"10.255.0.1\",\"instance_ports\":[],\"uptime\":1,"
            + "\"isolation_segment\":null,\"details\":null,\"usage\":{\"cpu\":0.10,\"x\":null}}]}";

    assertThat(FORMATS.processStats(FORMATS.parseProcessStats(json))).isEqualTo(json);
  }

  @Test
  void addresses_of_an_instance_that_is_down_are_passed_over() {
    ProcessStats down =
        FORMATS
            .parseProcessStats(
                "{\"pagination\":{},\"resources\":[{\"state\":\"DOWN\",\"host\":\"10.0.0.1\"}]}")
            .get(0);

    assertThat(down.place()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|/resources",
        "{\"resources\":1}|/resources",
        "{\"resources\":[1]}|/resources/0",
        "{\"resources\":[{}]}|/resources/0",
        "{\"resources\":[{\"state\":\"R\",\"index\":-1}]}|/resources/0/index",
        "{\"resources\":[{\"state\":\"R\",\"uptime\":1.5}]}|/resources/0/uptime",
        "{\"resources\":[{\"state\":\"R\",\"routable\":\"x\"}]}|/resources/0/routable",
        "{\"resources\":[{\"state\":\"R\",\"Host\":\"x\"}]}|/resources/0/Host",
        "{\"resources\":[{\"state\":\"R\",\"instance_internal_ip\":\"::1\"}]}"
            + "|/resources/0/instance_internal_ip",
        "{\"resources\":[{\"state\":\"R\",\"instance_internal_ipv6\":\"10.0.0.1\"}]}"
            + "|/resources/0/instance_internal_ipv6",
        "{\"resources\":[{\"state\":\"R\",\"instance_ports\":[{\"internal\":70000}]}]}"
            + "|/resources/0/instance_ports/0/internal",
      })
  void what_is_wrong_with_stats_is_told_by_its_pointer(String json, String pointer) {
    assertThat(faults(() -> FORMATS.parseProcessStats(json)))
        .extracting(Diagnostic::path)
        .containsExactly(pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|``",
        "{}|/actual_lrps",
        "{\"actual_lrps\":[{\"state\":\"RUNNING\"}]}|/actual_lrps/0",
        "{\"actual_lrps\":[{\"state\":\"CLAIMED\",\"address\":\"10.0.0.1\"}]}|/actual_lrps/0",
        "{\"actual_lrps\":[{\"state\":\"X\",\"since\":9223372036854775808}]}|/actual_lrps/0/since",
        "{\"actual_lrps\":[{\"state\":\"X\",\"instance_ipv6_address\":\"::ffff:10.0.0.1\"}]}"
            + "|/actual_lrps/0/instance_ipv6_address",
      })
  void what_is_wrong_with_records_is_told_by_its_pointer(String json, String pointer) {
    assertThat(faults(() -> FORMATS.parseInstanceRecords(json)))
        .extracting(Diagnostic::path)
        .containsExactly(pointer);
  }

  private static List<Diagnostic> faults(Runnable reader) {
    return catchThrowableOfType(InvalidConfigurationException.class, reader::run).diagnostics();
  }

  @Test
  void a_fault_names_value_and_remedy() {
    assertThat(
            faults(
                () ->
                    FORMATS.parseProcessStats(
                        "{\"resources\":[{\"state\":\"R\",\"uptime\":-1,\"Host\":\"x\"}]}")))
        .extracting(Diagnostic::message)
        .containsExactly(
            "-1: must be a whole number from 0 to 9223372036854775807",
            "is a field of the format; write it in lower case");
  }

  @Test
  void what_is_kept_cannot_be_changed() {
    NetInfo read = FORMATS.parseNetInfo("{\"later\":{\"list\":[1]}}");

    assertThat(read.otherFields()).isUnmodifiable();
    assertThat(read.otherFields().get("later"))
        .asInstanceOf(map(String.class, List.class))
        .isUnmodifiable()
        .hasEntrySatisfying("list", list -> assertThat(list).isUnmodifiable());
  }

  @Test
  void an_empty_or_null_address_is_that_of_a_peer_without_ipv6() {
    for (String ipv6 : List.of("\"\"", "null")) {
      assertThat(
              FORMATS.parseProcessStats(
                  "{\"resources\":[{\"state\":\"RUNNING\",\"host\":\"10.0.0.1\","
                      + "\"instance_internal_ip\":\"10.255.0.1\",\"instance_internal_ipv6\":%s}]}"
                          .formatted(ipv6)))
          .singleElement()
          .satisfies(instance -> assertThat(instance.place().orElseThrow().ipv6()).isEmpty());
    }
  }
}
