package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.director.Deployment;
import io.dualstack.director.InstanceGroup;
import org.junit.jupiter.api.Test;

/**
 * Files as large foundations have them. Their size alone is the test: nothing here is quadratic.
 */
class LargeFilesTest {

  private static final int NETWORKS = 200;
  private static final int SUBNETS = 10;
  private static final int GROUPS = 2_000;
  private static final int INSTANCES = 10;

  @Test
  void of_twenty_thousand_instances_on_two_hundred_networks_are_read() {
    String cloudConfig = cloudConfig();
    String manifest = manifest(false);

    Deployment read = Annotated.read(cloudConfig, manifest);

    assertThat((cloudConfig + manifest).lines().count()).isGreaterThan(50_000);
    assertThat(read.warnings()).isEmpty();
    assertThat(read.networks().manual()).hasSize(NETWORKS);
    assertThat(read.networks().manual()).extracting(Manual::subnets).allMatch(s -> s.size() == 10);
    assertThat(read.groups()).hasSize(GROUPS);
    assertThat(read.groups().stream().mapToInt(InstanceGroup::instances).sum()).isEqualTo(20_000);
  }

  @Test
  void with_a_mistake_in_every_group_are_reported_in_full() {
    assertThat(Annotated.findings(cloudConfig(), manifest(true)))
        .hasSize(GROUPS)
        .extracting(Diagnostic::code)
        .containsOnly("InstanceGroupNetworkInstanceIpMismatch");
  }

  private static String cloudConfig() {
    StringBuilder text = new StringBuilder("azs: [{name: z1}]\nnetworks:\n");
    for (int network = 0; network < NETWORKS; network++) {
      text.append("- name: n").append(network).append("\n  subnets:\n");
      for (int subnet = 0; subnet < SUBNETS; subnet++) {
        String start = "10.%d.%d".formatted(network, subnet);
        text.append("  - range: ").append(start).append(".0/24\n");
        text.append("    gateway: ").append(start).append(".1\n");
        text.append("    az: z1\n    static:\n");
        for (int item = 0; item < 10; item++) {
          text.append("    - ").append(start).append('.').append(10 + 10 * item);
          text.append('-').append(start).append('.').append(19 + 10 * item).append('\n');
        }
        text.append("    cloud_properties:\n      subnet: s\n      security_groups: [a, b]\n");
      }
    }
    return text.toString();
  }

  private static String manifest(boolean withMistakes) {
    StringBuilder text = new StringBuilder("name: large\ninstance_groups:\n");
    for (int group = 0; group < GROUPS; group++) {
      int network = group % NETWORKS;
      int subnet = group / NETWORKS;
      text.append("- name: g").append(group).append("\n  azs: [z1]\n  instances: ");
      text.append(INSTANCES).append("\n  networks:\n  - name: n").append(network);
      text.append("\n    static_ips:\n");
      for (int instance = 0; instance < (withMistakes ? 9 : INSTANCES); instance++) {
        text.append("    - 10.%d.%d.%d\n".formatted(network, subnet, 10 + instance));
      }
    }
    return text.toString();
  }
}
