package io.dualstack.impl.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.firewall.BackendKind;
import io.dualstack.net.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LabRehearsalTest {
  private static final LabPlace PLACE = new LabPlace("rehearsal");

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void the_example_is_planned_and_compiled_without_a_kernel(BackendKind backend) {
    try (LabExample example = LabExample.open()) {
      LabRehearsal rehearsal =
          LabRehearsal.of(
              PLACE, example.cloudConfig(), example.manifest(), example.apps(), backend);

      assertThat(rehearsal.view().plan().cells()).hasSize(2);
      assertThat(rehearsal.view().records()).hasSize(5);
      assertThat(inputs(rehearsal, "underlay"))
          .contains("route add 2001:db8:4e04:d139:1::/80 via 2001:db8:4e04:d139::4 dev fabric");
      assertThat(inputs(rehearsal, "vm-diego-cell-0"))
          .contains("route add unreachable 2001:db8:4e04:d139:1::/80", "10.0.16.4");
      List<Check> checks = LabChecks.of(rehearsal.view(), true);
      assertThat(checks).hasSize(49);
      assertThat(checks)
          .filteredOn(check -> check.rule().equals("policy") && check.family() == IpFamily.IPV6)
          .isNotEmpty()
          .allMatch(check -> check.servers().isEmpty());
      assertThat(checks)
          .filteredOn(check -> check.rule().equals("no ingress"))
          .isNotEmpty()
          .allMatch(check -> check.expectation().equals("refused"));
    }
  }

  private static String inputs(LabRehearsal rehearsal, String host) {
    return rehearsal.inputs().stream()
        .filter(input -> input.namespace().equals(PLACE.namespace(host)))
        .map(input -> input.input().text())
        .reduce("", String::concat);
  }

  @Test
  void networks_that_are_the_labs_own_are_refused() throws IOException {
    try (LabExample example = LabExample.open()) {
      Path cloudConfig =
          Files.writeString(
              folder.resolve("cloud-config.yml"),
              Files.readString(example.cloudConfig())
                  .replace("10.0.16.0/20", "10.255.16.0/20")
                  .replace("10.0.16.1", "10.255.16.1"));
      assertThatThrownBy(
              () ->
                  LabRehearsal.of(
                      PLACE, cloudConfig, example.manifest(), example.apps(), BackendKind.NFTABLES))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("10.255.16.0/20")
          .hasMessageContaining("10.255.0.0/16 is the lab's own; use another range");
    }
  }

  @Test
  void machines_that_would_share_a_namespace_are_refused() throws IOException {
    try (LabExample example = LabExample.open()) {
      Path manifest =
          Files.writeString(
              folder.resolve("manifest.yml"),
              Files.readString(example.manifest())
                  + """

                    - name: diego.cell
                      instances: 1
                      azs: [z1]
                      networks: *dual_stack
                  """);
      assertThatThrownBy(
              () ->
                  LabRehearsal.of(
                      PLACE, example.cloudConfig(), manifest, example.apps(), BackendKind.NFTABLES))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("would have the same namespace as diego_cell/0");
    }
  }

  @Test
  void a_role_that_no_group_has_is_refused() throws IOException {
    Path apps =
        Files.writeString(
            folder.resolve("apps.json"),
            "{\"router\": \"gorouter\", \"apps\": [{\"name\": \"a\"}]}");
    try (LabExample example = LabExample.open()) {
      assertThatThrownBy(
              () ->
                  LabRehearsal.of(
                      PLACE, example.cloudConfig(), example.manifest(), apps, BackendKind.NFTABLES))
          .isInstanceOf(InvalidConfigurationException.class)
          .hasMessageContaining("/router")
          .hasMessageContaining("\"gorouter\": is no instance group with an instance");
    }
  }
}
