package io.dualstack.impl.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.AgentConfig.VtepConfig;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OverlayEntriesTest {

  private static final OverlayEntries NOTHING = new OverlayEntries(Map.of(), Map.of(), Map.of());
  private static final CellLease OWN = lease("10.0.0.1", "10.255.30.0/24");

  private final AgentConfig config =
      new AgentConfig(
          OWN.underlayIp(),
          List.of(IpPrefix.parse("10.255.0.0/16"), IpPrefix.parse("10.96.0.0/16")),
          24,
          LeaseKind.BLOCK,
          new VtepConfig("silk-vtep", 1, 4789, null),
          Path.of("store.json"),
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Ipv6.OFF,
          null,
          null);

  private static CellLease lease(String underlayIp, String subnet) {
    return CellLease.of(IpAddress.parse(underlayIp), IpPrefix.parse(subnet));
  }

  private List<String> commands(OverlayEntries found, CellLease... leases) {
    OverlayEntries wanted = OverlayEntries.wanted(config, OWN, List.of(leases));
    List<String> all = new ArrayList<>(wanted.bridgeCommands(found, "silk-vtep"));
    all.addAll(wanted.ipCommands(found, "silk-vtep"));
    return all;
  }

  @Test
  void a_new_cell_gets_a_forwarding_entry_a_neighbor_and_a_route_in_this_order() {
    assertThat(commands(NOTHING, OWN, lease("10.0.0.2", "10.255.31.0/24")))
        .containsExactly(
            "fdb replace ee:ee:0a:ff:1f:00 dev silk-vtep dst 10.0.0.2 self permanent",
            "neighbor replace 10.255.31.0 lladdr ee:ee:0a:ff:1f:00 dev silk-vtep nud permanent",
            "route replace 10.255.31.0/24 via 10.255.31.0 dev silk-vtep src 10.255.30.0");
  }

  @Test
  void what_is_there_is_left_alone() {
    OverlayEntries there =
        OverlayEntries.wanted(config, OWN, List.of(lease("10.0.0.2", "10.255.31.0/24")));

    assertThat(commands(there, OWN, lease("10.0.0.2", "10.255.31.0/24"))).isEmpty();
  }

  @Test
  void a_cell_that_left_takes_its_entries_with_it_the_route_before_the_neighbor() {
    OverlayEntries there =
        OverlayEntries.wanted(config, OWN, List.of(lease("10.0.0.2", "10.255.31.0/24")));

    assertThat(commands(there, OWN))
        .containsExactly(
            "fdb delete ee:ee:0a:ff:1f:00 dev silk-vtep dst 10.0.0.2 self",
            "route delete 10.255.31.0/24 via 10.255.31.0 dev silk-vtep",
            "neighbor delete 10.255.31.0 dev silk-vtep");
  }

  @Test
  void a_subnet_that_moved_changes_only_what_is_behind_its_hardware_address() {
    OverlayEntries there =
        OverlayEntries.wanted(config, OWN, List.of(lease("10.0.0.2", "10.255.31.0/24")));

    assertThat(commands(there, lease("10.0.0.3", "10.255.31.0/24")))
        .containsExactly(
            "fdb delete ee:ee:0a:ff:1f:00 dev silk-vtep dst 10.0.0.2 self",
            "fdb replace ee:ee:0a:ff:1f:00 dev silk-vtep dst 10.0.0.3 self permanent");
  }

  @Test
  void a_second_place_behind_a_hardware_address_is_removed() {
    MacAddress hardware = MacAddress.parse("ee:ee:0a:ff:1f:00");
    OverlayEntries found =
        new OverlayEntries(
            Map.of(),
            Map.of(),
            Map.of(hardware, Set.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.9"))));

    assertThat(
            OverlayEntries.wanted(config, OWN, List.of(lease("10.0.0.2", "10.255.31.0/24")))
                .bridgeCommands(found, "silk-vtep"))
        .containsExactly("fdb delete ee:ee:0a:ff:1f:00 dev silk-vtep dst 10.0.0.9 self");
  }

  @Test
  void leases_outside_of_the_overlay_and_the_own_ones_lead_nowhere() {
    assertThat(
            commands(
                NOTHING,
                OWN,
                lease("10.0.0.1", "10.255.77.0/24"),
                lease("10.0.0.2", "10.254.31.0/24")))
        .isEmpty();
  }

  @Test
  void a_single_address_of_the_own_network_needs_no_route() {
    assertThat(commands(NOTHING, lease("10.0.0.2", "10.255.0.7/32")))
        .containsExactly(
            "fdb replace ee:ee:0a:ff:00:07 dev silk-vtep dst 10.0.0.2 self permanent",
            "neighbor replace 10.255.0.7 lladdr ee:ee:0a:ff:00:07 dev silk-vtep nud permanent");
  }

  @Test
  void another_overlay_network_is_reached_as_if_it_were_on_the_link() {
    assertThat(commands(NOTHING, lease("10.0.0.2", "10.96.5.0/24")))
        .contains("route replace 10.96.5.0/24 via 10.96.5.0 dev silk-vtep src 10.255.30.0 onlink");
  }

  @Test
  void a_lease_is_told_from_the_device_s_address_alone() {
    assertThat(OverlayNetworks.subnetOf(config, IpAddress.parse("10.255.30.0")))
        .isEqualTo(IpPrefix.parse("10.255.30.0/24"));
    assertThat(OverlayNetworks.subnetOf(config, IpAddress.parse("10.255.0.7")))
        .isEqualTo(IpPrefix.parse("10.255.0.7/32"));
    assertThat(OverlayNetworks.subnetOf(config, IpAddress.parse("10.96.0.255")))
        .isEqualTo(IpPrefix.parse("10.96.0.255/32"));
    assertThat(OverlayNetworks.subnetOf(config, IpAddress.parse("10.254.3.0")))
        .isEqualTo(IpPrefix.parse("10.254.3.0/24"));
    assertThat(OverlayNetworks.subnetOf(config, IpAddress.parse("10.255.30.1")))
        .isEqualTo(IpPrefix.parse("10.255.30.1/32"));
  }
}
