package io.dualstack.impl.director;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.director.InstanceId;
import io.dualstack.director.PlannedInstance;
import io.dualstack.host.DefaultFor;
import io.dualstack.host.NetworkType;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.host.BoshHostFormats;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {

  @TempDir private Path folder;

  private static VmNetwork network(String name, String address) {
    return new VmNetwork(
        name,
        NetworkType.MANUAL,
        IpPrefix.parse(address + "/32"),
        IpPrefix.parse("10.0.0.0/24"),
        IpAddress.parse("10.0.0.1"),
        List.of(),
        name.equals("first") ? Set.of(DefaultFor.DNS, DefaultFor.GATEWAY) : Set.of(),
        null,
        null,
        false,
        Map.of());
  }

  private static PlannedInstance machine(String group, VmNetwork... networks) {
    return new PlannedInstance(
        new InstanceId("cf", group, 0), "life", "z1", List.of(), List.of(networks), false);
  }

  private int write(PlannedInstance... instances) {
    return new HostFiles(new BoshHostFormats(), folder).write(List.of(instances));
  }

  @Test
  void writes_each_file_once_and_then_only_what_changed() {
    VmNetwork first = network("first", "10.0.0.2");

    assertThat(write(machine("cell", first))).isEqualTo(3);
    assertThat(write(machine("cell", first))).isZero();
    assertThat(write(machine("cell", network("first", "10.0.0.3")))).isEqualTo(3);
  }

  @Test
  void names_interfaces_in_order_and_removes_the_unit_of_a_nic_that_is_gone() {
    write(machine("cell", network("first", "10.0.0.2"), network("second", "10.0.0.3")));
    Path units = folder.resolve("cf/cell/0/systemd/network");
    assertThat(units.resolve("10_eth1.network")).content().contains("Address=10.0.0.3/24");

    write(machine("cell", network("first", "10.0.0.2")));

    assertThat(units.resolve("10_eth0.network")).exists();
    assertThat(units.resolve("10_eth1.network")).doesNotExist();
  }

  @Test
  void removes_the_files_of_a_released_machine_and_leaves_foreign_ones() throws Exception {
    write(machine("cell", network("first", "10.0.0.2")));
    Path home = folder.resolve("cf/cell/0");
    Files.writeString(home.resolve("notes.txt"), "mine");

    assertThat(write(machine("cell"))).isEqualTo(3);

    assertThat(home.resolve("settings.json")).doesNotExist();
    assertThat(home.resolve("notes.txt")).exists();
  }

  @Test
  void refuses_a_name_that_leads_out_of_the_directory() {
    PlannedInstance escaping =
        new PlannedInstance(
            new InstanceId("..", "..", 0),
            "life",
            null,
            List.of(),
            List.of(network("first", "10.0.0.2")),
            false);

    assertThatThrownBy(() -> write(escaping)).isInstanceOf(InvalidConfigurationException.class);
    assertThat(folder).isEmptyDirectory();
  }
}
