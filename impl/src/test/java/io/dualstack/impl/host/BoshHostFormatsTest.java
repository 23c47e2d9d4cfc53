package io.dualstack.impl.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.host.AgentHints;
import io.dualstack.host.HostFormats;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.golden.GoldenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each kind of machine is told, as it must stay. The IPv4-only files are those of today. */
class BoshHostFormatsTest {

  private final HostFormats formats = new BoshHostFormats();

  static List<Machine> machines() {
    return Machine.all();
  }

  static Stream<Machine> machinesWithoutIpv6() {
    return Machine.withoutIpv6();
  }

  @ParameterizedTest
  @MethodSource("machines")
  void writes_the_golden_files(Machine machine) {
    Map<String, String> files =
        new TreeMap<>(formats.networkdFiles(machine.networks(), machine.interfaces()));
    files.put("networks.json", formats.networksHash(machine.networks()));
    files.put("settings.json", formats.agentSettings(machine.settings()));

    GoldenFiles.of("host/" + machine).assertMatch(files);
  }

  @ParameterizedTest
  @MethodSource("machines")
  void reads_the_golden_settings(Machine machine) {
    String settings = GoldenFiles.of("host/" + machine).read("settings.json");

    assertThat(formats.parseAgentSettings(settings)).isEqualTo(machine.settings());
  }

  @ParameterizedTest
  @MethodSource("machines")
  void reads_the_golden_hash(Machine machine) {
    String hash = GoldenFiles.of("host/" + machine).read("networks.json");

    List<VmNetwork> toldByTheDirector =
        machine.networks().stream().map(BoshHostFormatsTest::withoutAgent).toList();
    assertThat(formats.parseNetworksHash(hash)).isEqualTo(toldByTheDirector);
  }

  @ParameterizedTest
  @MethodSource("machinesWithoutIpv6")
  void a_machine_without_ipv6_has_no_trace_of_it(Machine machine) {
    Map<String, String> files = formats.networkdFiles(machine.networks(), machine.interfaces());

    assertThat(String.join("", files.values()).replace("eth0:1", ""))
        .doesNotContain(":")
        .doesNotContainIgnoringCase("ipv6");
    assertThat(formats.agentSettings(machine.settings())).doesNotContainIgnoringCase("ipv6");
  }

  @Test
  void every_golden_directory_belongs_to_a_machine() throws IOException {
    try (Stream<Path> directories = Files.list(Path.of("src/test/resources/golden/host"))) {
      assertThat(directories.map(directory -> directory.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(Machine.all().stream().map(Machine::name).toList());
    }
  }

  private static VmNetwork withoutAgent(VmNetwork network) {
    VmNetwork bare = network.withMac(null).withHints(AgentHints.NONE);
    return new VmNetwork(
        bare.name(),
        bare.type(),
        bare.block(),
        bare.range(),
        bare.gateway(),
        bare.dns(),
        bare.defaults(),
        bare.nicGroup(),
        null,
        false,
        bare.cloudProperties());
  }
}
