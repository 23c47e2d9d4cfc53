package io.dualstack.impl.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabAppsTest {
  @TempDir private Path folder;

  private LabApps read(String json) throws IOException {
    return LabApps.read(Files.writeString(folder.resolve("apps.json"), json));
  }

  @Test
  void the_example_is_read_without_a_warning() {
    try (LabExample example = LabExample.open()) {
      LabApps apps = LabApps.read(example.apps());

      assertThat(apps.warnings()).isEmpty();
      assertThat(apps.apps())
          .extracting(LabApps.App::name)
          .containsExactly("frontend", "backend", "worker");
      assertThat(apps.apps().get(0).groups()).hasSize(1);
      assertThat(apps.policies())
          .containsExactly(
              new NetworkPolicy(
                  "frontend",
                  new PolicyDestination.App("backend", Protocol.TCP, PortRange.single(8080))));
    }
  }

  @Test
  void what_is_left_out_has_its_usual_value() throws IOException {
    LabApps apps = read("{\"apps\": [{\"name\": \"a\"}]}");

    assertThat(apps.cells()).isEqualTo("diego_cell");
    assertThat(apps.router()).isEqualTo("router");
    assertThat(apps.control()).isEqualTo("control");
    LabApps.App app = apps.apps().get(0);
    assertThat(app.instances()).isEqualTo(1);
    assertThat(app.port()).isEqualTo(8080);
    assertThat(app.route()).isZero();
  }

  @Test
  void all_faults_are_told_with_their_pointers() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    {"apps": [{"name": "A b", "instances": 0, "security_groups": ["none"]},
                              {"name": "c", "route": 7}, {"name": "c", "route": 7}],
                     "policies": [{"source": "c", "destination": "x", "protocol": "icmp",
                                   "ports": "x"}]}
                    """))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            refused ->
                assertThat(refused.diagnostics())
                    .extracting(fault -> fault.path())
                    .containsExactlyInAnyOrder(
                        "/apps/0/name",
                        "/apps/0/security_groups",
                        "/apps/0/instances",
                        "/apps/2/name",
                        "/apps/2/route",
                        "/policies/0/destination",
                        "/policies/0/protocol",
                        "/policies/0/ports"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../groups.json", "/etc/groups.json", "a/b.json", ""})
  void files_of_groups_are_beside_it(String name) {
    assertThatThrownBy(
            () ->
                read(
                    "{\"security_groups\": [\"%s\"], \"apps\": [{\"name\": \"a\"}]}"
                        .formatted(name)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("/security_groups")
        .hasMessageContaining("\"" + name + "\": is no file beside this one");
  }

  @Test
  void more_instances_than_there_are_ports_for_are_refused() {
    String apps =
        IntStream.rangeClosed(0, 10)
            .mapToObj("{\"name\": \"a%d\", \"instances\": 100}"::formatted)
            .collect(Collectors.joining(", "));
    assertThatThrownBy(() -> read("{\"apps\": [%s]}".formatted(apps)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("have 1100 instances; a lab has at most 1000");
  }

  @Test
  void a_file_without_applications_is_refused() {
    assertThatThrownBy(() -> read("{}"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("/apps")
        .hasMessageContaining("names none; give one or more");
  }

  @Test
  void a_key_that_is_misspelt_is_warned_about() throws IOException {
    assertThat(read("{\"apps\": [{\"name\": \"a\", \"rout\": 1}]}").warnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.path()).isEqualTo("/apps/0/rout"));
  }
}
