package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.director.Deployment;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.NetworkUse;
import io.dualstack.net.IpSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples that are shipped with the product. */
class ExamplesTest {

  private static final Path EXAMPLES = Path.of("examples");

  @ParameterizedTest
  @CsvSource({
    "aws,cf,2,5",
    "openstack,cf,1,3",
    "rfc,cf,1,5",
    "three-azs,cf,7,48",
    "thousand-vms,thousand,40,1000"
  })
  void are_read_without_a_warning(String name, String deployment, int groups, int instances) {
    Deployment read = read(name);

    assertThat(read.warnings()).extracting(Diagnostic::toString).isEmpty();
    assertThat(read.name()).isEqualTo(deployment);
    assertThat(read.groups()).hasSize(groups);
    assertThat(read.groups().stream().mapToInt(InstanceGroup::instances).sum())
        .isEqualTo(instances);
  }

  @Test
  void of_the_rfc_put_three_networks_on_one_nic() {
    Deployment read = read("rfc");
    InstanceGroup cells = read.groups().get(0);

    assertThat(cells.enableIpv6()).isTrue();
    assertThat(cells.networks())
        .extracting(NetworkUse::network)
        .containsExactly("cells_v4", "cells_v6", "diego_cells_ipv6");
    assertThat(cells.networks()).extracting(NetworkUse::nicGroup).containsOnly(1);
    assertThat(read.networks().manual())
        .extracting(Manual::prefixLength)
        .containsExactly(32, 128, 80);
    assertThat(read.networks().find("diego_cells_ipv6"))
        .isEqualTo(
            Annotated.read(RfcExampleTest.EXAMPLE.replace("abcd...", "abcd"), null)
                .networks()
                .find("diego_cells_ipv6"));
  }

  @Test
  void of_three_zones_have_two_sizes_of_prefixes_out_of_one_network() {
    Deployment read = read("three-azs");

    assertThat(read.networks().all())
        .extracting(NetworkDefinition::name)
        .containsExactly(
            "platform", "platform_v6", "cells_prefixes", "cells", "cells_v6", "public", "errands");
    List<Integer> lengths =
        read.groups().stream()
            .flatMap(group -> group.networks().stream())
            .filter(use -> use.network().equals("cells_prefixes"))
            .map(NetworkUse::prefixLength)
            .toList();
    assertThat(lengths).containsExactly(null, 79, null);
  }

  private static Deployment read(String name) {
    Path folder = EXAMPLES.resolve(name);
    return new BoshReader()
        .read(
            DeploymentFiles.read(
                folder.resolve("cloud-config.yml"), folder.resolve("manifest.yml")),
            IpSet.empty());
  }
}
