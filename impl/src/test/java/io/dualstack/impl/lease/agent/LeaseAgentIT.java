package io.dualstack.impl.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.InvalidConfigurationException;
import io.dualstack.KernelException;
import io.dualstack.LeaseConflictException;
import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import io.dualstack.impl.allocation.store.memory.MemoryAllocationStore;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Sysctl;
import io.dualstack.impl.kernel.Sysctls;
import io.dualstack.impl.lease.http.HttpLeaseRegistry;
import io.dualstack.impl.lease.http.LeaseServer;
import io.dualstack.impl.lease.registry.StoreLeaseRegistry;
import io.dualstack.lease.AgentConfig;
import io.dualstack.lease.AgentConfig.Ipv6;
import io.dualstack.lease.CellLease;
import io.dualstack.lease.LeaseKind;
import io.dualstack.lease.LeaseRegistry;
import io.dualstack.lease.RemoteLeases;
import io.dualstack.net.IpAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Agents on hosts of their own, with real VXLAN between them. */
class LeaseAgentIT extends LeaseAgentHosts {

  // The device

  @Test
  void the_device_is_what_the_lease_says() {
    LocalLeaseAgent agent = start(1);
    CellLease lease = agent.lease();

    assertThat(vtep(1))
        .contains("link/ether " + lease.hardwareAddress())
        .contains("mtu 1450")
        .contains("vxlan id 1 local 172.31.0.1 dev eth0")
        .contains("dstport 4789")
        .contains("nolearning")
        .contains("gbp")
        .contains("UP");
    assertThat(on(1, "ip", "-4", "address", "show", "dev", "silk-vtep"))
        .contains("inet " + lease.overlayIp() + "/16 scope link silk-vtep");
    assertThat(agent.networks().overlaySubnet()).isEqualTo(lease.overlaySubnet());
    assertThat(agent.networks().mtu()).isEqualTo(1450);
    assertThat(agent.networks().ipv6()).isEmpty();
  }

  @Test
  void a_device_that_can_not_be_made_leaves_nothing_behind() {
    AgentConfig config = Configs.of("172.31.0.77", LeaseKind.BLOCK, folder.resolve("store.json"));

    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> start(1, config, registry))
        .withMessageContaining("172.31.0.77");
    assertThat(on(1, "ip", "link", "show")).doesNotContain("silk-vtep");
  }

  // Two cells

  @Test
  void two_cells_converge_and_their_containers_reach_each_other() {
    LocalLeaseAgent one = start(1);
    LocalLeaseAgent two = start(2);
    poll(one, two);
    IpAddress first = container(1, one);
    IpAddress second = container(2, two);

    assertReaches(1, first, second);
    assertReaches(2, second, first);
    assertReaches(1, one.lease().overlayIp(), two.lease().overlayIp());
    assertThat(entries(1).lines().map(String::strip))
        .contains(
            "%s via %s src %s"
                .formatted(
                    two.lease().overlaySubnet(), two.lease().overlayIp(), one.lease().overlayIp()),
            "%s lladdr %s PERMANENT"
                .formatted(two.lease().overlayIp(), two.lease().hardwareAddress()),
            two.lease().hardwareAddress() + " dst 172.31.0.2 self permanent");
    assertThat(meters.text())
        .contains("silk_daemon_renew_success_total 2.0")
        .contains("silk_daemon_converge_success_total 2.0")
        .contains("silk_daemon_number_leases 2.0");
  }

  @Test
  void only_changes_are_written() {
    LocalLeaseAgent one = start(1);
    LocalLeaseAgent two = start(2);
    Converger converger = new Converger(namespace(1), config(1, LeaseKind.BLOCK));

    assertThat(converger.converge(one.lease(), registry.leases())).isEqualTo(3);
    assertThat(converger.converge(one.lease(), registry.leases())).isZero();
    on(1, "ip", "neighbor", "del", two.lease().overlayIp() + "", "dev", "silk-vtep");
    assertThat(converger.converge(one.lease(), registry.leases())).isEqualTo(1);
    assertThat(converger.converge(one.lease(), List.of())).isEqualTo(3);
    assertThat(entries(1)).doesNotContain("via", "PERMANENT", "permanent");
  }

  @Test
  void entries_of_others_on_the_device_are_left_alone_unless_they_lead_into_the_overlay() {
    LocalLeaseAgent one = start(1);
    on(1, "ip", "route", "add", "192.0.2.0/24", "dev", "silk-vtep");
    on(1, "ip", "route", "add", "10.255.99.0/24", "via", "10.255.99.0", "dev", "silk-vtep");

    one.poll();

    assertThat(entries(1)).contains("192.0.2.0/24").doesNotContain("10.255.99.0");
  }

  @Test
  void two_hundred_cells_are_one_batch_and_none_once_they_are_there() {
    LocalLeaseAgent one = start(1);
    List<CellLease> leases = new ArrayList<>();
    for (int cell = 1; cell <= 200; cell++) {
      leases.add(
          CellLease.of(IpAddress.parse("10.1.0.0").plus(cell), POOL.subnet(LeaseKind.BLOCK, cell)));
    }
    leases.removeIf(lease -> lease.overlaySubnet().equals(one.lease().overlaySubnet()));
    Converger converger = new Converger(namespace(1), config(1, LeaseKind.BLOCK));

    assertThat(converger.converge(one.lease(), leases)).isEqualTo(3 * leases.size());
    assertThat(converger.converge(one.lease(), leases)).isZero();
  }

  @Test
  void a_single_address_reaches_a_block_and_back() {
    LocalLeaseAgent single = start(1, config(1, LeaseKind.SINGLE_ADDRESS), registry);
    LocalLeaseAgent block = start(2);
    poll(single, block);

    assertThat(single.lease().kind()).isEqualTo(LeaseKind.SINGLE_ADDRESS);
    assertReaches(1, single.lease().overlayIp(), container(2, block));
    assertReaches(2, block.lease().overlayIp(), single.lease().overlayIp());
  }

  // Restart

  @Test
  void a_restart_finds_the_lease_on_the_device_and_breaks_nothing() {
    LocalLeaseAgent one = start(1);
    LocalLeaseAgent two = start(2);
    poll(one, two);
    IpAddress from = container(1, one);
    IpAddress to = container(2, two);
    String device = vtep(1);
    String before = entries(1);

    one.close();
    assertReaches(1, from, to);
    LocalLeaseAgent again = start(1);
    assertReaches(1, from, to);
    again.poll();

    assertThat(again.lease()).isEqualTo(one.lease());
    assertThat(vtep(1)).isEqualTo(device);
    assertThat(entries(1)).isEqualTo(before);
    assertReaches(1, from, to);
  }

  @Test
  void a_single_address_survives_a_restart_too() {
    LocalLeaseAgent one = start(1, config(1, LeaseKind.SINGLE_ADDRESS), registry);
    String device = vtep(1);
    one.close();

    LocalLeaseAgent again = start(1, config(1, LeaseKind.SINGLE_ADDRESS), registry);

    assertThat(again.lease()).isEqualTo(one.lease());
    assertThat(vtep(1)).isEqualTo(device);
  }

  @Test
  void a_registry_that_lost_its_memory_learns_the_lease_from_the_cell() {
    CellLease lease = start(1).lease();
    StoreLeaseRegistry empty =
        new StoreLeaseRegistry(new MemoryAllocationStore(), POOL, Clock.systemUTC(), new Random(1));

    assertThat(start(1, config(1, LeaseKind.BLOCK), empty).lease()).isEqualTo(lease);
    assertThat(empty.leases()).containsExactly(lease);
  }

  @Test
  void a_lease_refused_at_a_restart_is_replaced_when_no_container_depends_on_it() {
    CellLease lost = start(1).lease();
    giveAway(lost);

    CellLease fresh = start(1).lease();

    assertThat(fresh.overlaySubnet()).isNotEqualTo(lost.overlaySubnet());
    assertThat(vtep(1)).contains(fresh.hardwareAddress().toString());
  }

  @Test
  void a_lease_refused_at_a_restart_stays_when_containers_depend_on_it() throws Exception {
    CellLease lost = start(1).lease();
    giveAway(lost);
    Files.writeString(folder.resolve("store-1.json"), "{\"c1\":{}}\n");
    String device = vtep(1);

    assertThatExceptionOfType(LeaseConflictException.class)
        .isThrownBy(() -> start(1))
        .withMessageContaining("1 containers depend on it");
    assertThat(vtep(1)).isEqualTo(device);
  }

  private void giveAway(CellLease lease) {
    registry.release(lease.underlayIp());
    registry.renew(CellLease.of(IpAddress.parse("10.0.0.200"), lease.overlaySubnet()));
  }

  @Test
  void a_device_outside_of_the_overlay_is_replaced() {
    on(1, "ip", "link", "add", "silk-vtep", "type", "vxlan", "id", "1", "dstport", "4789");
    on(1, "ip", "address", "add", "172.16.0.0/12", "dev", "silk-vtep");

    CellLease lease = start(1).lease();

    assertThat(vtep(1)).contains(lease.hardwareAddress().toString());
  }

  @Test
  void a_device_of_the_name_that_is_no_vxlan_is_not_touched() {
    on(1, "ip", "link", "add", "silk-vtep", "type", "bridge");

    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> start(1))
        .withMessageContaining("no VXLAN device");
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(
            () -> LocalLeaseAgent.tearDown(config(1, LeaseKind.BLOCK), namespace(1), registry));
    assertThat(on(1, "ip", "link", "show")).contains("silk-vtep");
  }

  @Test
  void a_device_that_was_made_by_half_is_made_again() {
    on(1, "ip", "link", "add", "silk-vtep", "type", "vxlan", "id", "1", "dstport", "4789");

    CellLease lease = start(1).lease();

    assertThat(vtep(1)).contains(lease.hardwareAddress().toString());
  }

  // Partition

  @Test
  void while_the_registry_is_away_everything_stays_and_the_cell_goes_on() {
    SwitchableRegistry switchable = new SwitchableRegistry(registry);
    LocalLeaseAgent one = start(1, config(1, LeaseKind.BLOCK), switchable);
    LocalLeaseAgent two = start(2);
    poll(one, two);
    IpAddress from = container(1, one);
    IpAddress to = container(2, two);

    switchable.setAway(true);
    nanos.addAndGet(Duration.ofHours(1).toNanos() - 1);
    one.poll();

    assertThat(one.failure()).isNotDone();
    assertReaches(1, from, to);
    switchable.setAway(false);
    one.poll();
    switchable.setAway(true);
    nanos.addAndGet(Duration.ofHours(1).toNanos() - 1);
    one.poll();
    assertThat(one.failure()).isNotDone();
    nanos.incrementAndGet();
    one.poll();
    assertThat(one.failure())
        .isCompletedWithValueMatching(
            reason -> reason.getMessage().contains("longer than tolerated"));
    assertReaches(1, from, to);
    assertThat(meters.text()).contains("silk_daemon_renew_failure_total 3.0");
  }

  @Test
  void a_refused_renewal_ends_the_agent_at_once() {
    LocalLeaseAgent one = start(1);
    giveAway(one.lease());

    one.poll();

    assertThat(one.failure())
        .isCompletedWithValueMatching(LeaseConflictException.class::isInstance);
  }

  @Test
  void a_start_without_the_registry_fails_and_leaves_the_device_alone() {
    LocalLeaseAgent one = start(1);
    one.close();
    String device = vtep(1);
    SwitchableRegistry switchable = new SwitchableRegistry(registry);
    switchable.setAway(true);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> start(1, config(1, LeaseKind.BLOCK), switchable));
    assertThat(vtep(1)).isEqualTo(device);
  }

  @Test
  void a_failed_convergence_is_counted_and_tried_again() {
    LocalLeaseAgent one = start(1);
    on(1, "ip", "link", "del", "silk-vtep");

    one.poll();

    assertThat(one.failure()).isNotDone();
    assertThat(meters.text()).contains("silk_daemon_converge_failure_total 1.0");
  }

  // IPv6

  @Test
  void a_prefix_is_told_to_plugins_on_a_host_with_ipv6() throws Exception {
    LocalLeaseAgent agent = start(1, config(1, Ipv6.WHEN_POSSIBLE, PREFIX), registry);

    assertThat(told(agent))
        .isEqualTo(
            "{\"overlay_subnet\":\"%s\",\"mtu\":1450,\"ipv6_prefix\":\"2001:db8:0:1::/80\"}"
                .formatted(agent.lease().overlaySubnet()));
  }

  @Test
  void on_a_host_without_ipv6_the_answer_is_as_it_ever_was() throws Exception {
    disableIpv6();

    LocalLeaseAgent agent = start(1, config(1, Ipv6.WHEN_POSSIBLE, PREFIX), registry);

    assertThat(told(agent))
        .isEqualTo(
            "{\"overlay_subnet\":\"%s\",\"mtu\":1450}".formatted(agent.lease().overlaySubnet()));
  }

  @Test
  void the_strict_switch_refuses_such_a_host_before_anything_is_done() {
    disableIpv6();

    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> start(1, config(1, Ipv6.REQUIRED, PREFIX), registry))
        .withMessageContaining("disable_ipv6");
    assertThat(registry.leases()).isEmpty();
    assertThat(on(1, "ip", "link", "show")).doesNotContain("silk-vtep");
  }

  private void disableIpv6() {
    Sysctls.write(namespace(1), List.of(new Sysctl("ipv6/conf/all/disable_ipv6", "1")));
  }

  private static String told(LocalLeaseAgent agent) throws Exception {
    int port = agent.serve(ANY, Map.of()).getPort();
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
            BodyHandlers.ofString())
        .body();
  }

  // Over HTTP, and the end

  @Test
  void a_partition_from_a_real_server_over_tls_heals() throws Exception {
    TestAuthority authority = TestAuthority.in(folder, "ca");
    TestAuthority.Identity server = authority.issue("server");
    TestAuthority.Identity client = authority.issue("client");
    MutualTls tls =
        MutualTls.read(
            authority.certificate(),
            server.certificate(),
            server.key(),
            new MutualTls.Names("", "", ""));
    TlsServer serving = LeaseServer.start(ANY, tls, registry, Meters.NONE);
    InetSocketAddress address = serving.address();
    LeaseRegistry remote =
        HttpLeaseRegistry.open(
            new RemoteLeases(
                URI.create("https://127.0.0.1:" + address.getPort()),
                authority.certificate(),
                client.certificate(),
                client.key(),
                Duration.ofSeconds(60)));
    LocalLeaseAgent one = start(1, config(1, LeaseKind.BLOCK), remote);
    LocalLeaseAgent two = start(2, config(2, LeaseKind.BLOCK), remote);
    poll(one, two);
    IpAddress from = container(1, one);
    IpAddress to = container(2, two);
    assertReaches(1, from, to);

    serving.close();
    poll(one, two);
    assertReaches(1, from, to);
    try (TlsServer back = LeaseServer.start(address, tls, registry, Meters.NONE)) {
      poll(one, two);

      assertThat(back.address()).isEqualTo(address);
      assertThat(one.failure()).isNotDone();
      assertThat(meters.text())
          .contains("silk_daemon_renew_failure_total 2.0")
          .contains("silk_daemon_renew_success_total 4.0");
      assertReaches(2, to, from);
    }
  }

  @Test
  void tearing_down_leaves_neither_device_nor_lease_and_can_be_repeated() {
    LocalLeaseAgent one = start(1);
    one.close();
    Namespace host = namespace(1);

    LocalLeaseAgent.tearDown(config(1, LeaseKind.BLOCK), host, registry);
    LocalLeaseAgent.tearDown(config(1, LeaseKind.BLOCK), host, registry);

    assertThat(registry.leases()).isEmpty();
    assertThat(on(1, "ip", "link", "show")).doesNotContain("silk-vtep");
  }

  @Test
  void tearing_down_removes_the_device_also_when_the_registry_is_away() {
    LocalLeaseAgent one = start(1);
    one.close();
    SwitchableRegistry switchable = new SwitchableRegistry(registry);
    switchable.setAway(true);

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(
            () -> LocalLeaseAgent.tearDown(config(1, LeaseKind.BLOCK), namespace(1), switchable));
    assertThat(on(1, "ip", "link", "show")).doesNotContain("silk-vtep");
  }
}
