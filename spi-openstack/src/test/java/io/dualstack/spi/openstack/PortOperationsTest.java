package io.dualstack.spi.openstack;

import static io.dualstack.spi.openstack.Cells.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of NICs in Neutron. */
class PortOperationsTest {
  private final FakeCloud cloud = new FakeCloud();
  private final Cells cells = Cells.of(cloud);

  @AfterEach
  void close() {
    cells.close();
    cloud.close();
  }

  private JsonNode port() {
    assertThat(cells.all("ports")).hasSize(1);
    return cells.all("ports").get(0);
  }

  @Test
  void a_nic_is_one_port_with_both_families_and_its_prefix_as_address_pair() {
    cloud.neutron.forgetRequests();

    cells.attach(
        cells.nic(
            "cf/cell/0",
            block("v4", "10.64.0.16"),
            block("v6", "2001:db8:64::10"),
            block("link", "2001:db8:64:0:1::/80")));

    assertThat(port().path("fixed_ips").toString())
        .isEqualTo(
            "[{\"subnet_id\":\"%s\",\"ip_address\":\"10.64.0.16\"},{\"subnet_id\":\"%s\",\"ip_address\":\"2001:db8:64::10\"}]"
                .formatted(cloud.subnetV4, cloud.subnetV6));
    assertThat(port().path("allowed_address_pairs").findValuesAsText("ip_address"))
        .containsExactly("2001:db8:64:0:1::/80");
    assertThat(port().path("description").asText())
        .isEqualTo("dualstack:1 default life cf%2Fcell%2F0%2F0");
    assertThat(cloud.neutron.requests())
        .as("one call makes it")
        .filteredOn(request -> !request.method().equals("GET") && request.path().contains("ports"))
        .hasSize(1);
  }

  @Test
  void security_groups_are_named_or_given_by_id_else_those_of_the_settings() {
    String web = cloud.neutron.create("security-groups", "{\"name\": \"web\"}");
    cells.context.configure("security_groups", "web");
    cells.reopen();
    cells.attach(cells.nic("cf/cell/0", block("v4", "10.64.0.16")));
    assertThat(port().path("security_groups").toString()).isEqualTo("[\"" + web + "\"]");

    cells.properties("v6", Map.of(NicPlan.NET, cloud.network, NicPlan.GROUPS, List.of("no-such")));
    assertThat(cells.fail(cells.nic("cf/cell/1", block("v6", "2001:db8:64::11"))))
        .hasMessageContaining("no-such")
        .extracting(ProviderException::reason)
        .isEqualTo(Reason.REFUSED);
  }

  @Test
  void owners_that_no_description_can_hold_are_known_all_the_same() {
    String owner = "cf/" + "ünïcödé-".repeat(60);
    NicRequest request = cells.nic(owner, block("v4", "10.64.0.16"));

    AttachedNic nic = cells.attach(request).nic();
    cells.reopen();

    assertThat(port().path("description").asText().length()).isLessThan(255);
    assertThat(cells.session.attached(OwnerScope.ALL)).containsExactly(nic);
    assertThat(cells.attach(request).changed()).isFalse();
  }

  @Test
  void ports_of_other_foundations_in_the_project_are_none_of_ours() {
    cells.attach(cells.nic("cf/cell/0", block("v4", "10.64.0.16")));
    Cells other = new Cells(cloud, cloud.context().configure("foundation", "other"));

    assertThat(other.session.attached(OwnerScope.ALL)).isEmpty();
    assertThat(other.fail(other.nic("cf/cell/0", block("v4", "10.64.0.16"))))
        .hasMessageContaining(port().path("id").asText())
        .extracting(ProviderException::reason)
        .isEqualTo(Reason.CONFLICT);
    other.close();
  }

  @Test
  void a_prefix_that_overlaps_the_pairs_of_a_foreign_port_is_refused_though_neutron_would_not() {
    String foreign =
        cloud.neutron.create(
            "ports",
            "{\"network_id\": \"%s\", \"fixed_ips\": [], \"allowed_address_pairs\": [{\"ip_address\": \"2001:db8:64:0:1:2::/96\"}]}"
                .formatted(cloud.network));

    ProviderException refusal =
        cells.fail(
            cells.nic(
                "cf/cell/0",
                block("v6", "2001:db8:64::10"),
                block("link", "2001:db8:64:0:1::/80")));

    assertThat(refusal.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(refusal).hasMessageContaining("2001:db8:64:0:1::/80").hasMessageContaining(foreign);
    assertThat(cells.all("ports")).hasSize(1);
  }

  @Test
  void an_unused_port_that_a_lost_run_left_behind_gives_way() {
    Cells lost = Cells.of(cloud);
    lost.attach(lost.nic("cf/old/0", block("v4", "10.64.0.16")));
    lost.close();

    cells.attach(cells.nic("cf/new/0", block("v4", "10.64.0.16")));

    assertThat(port().path("description").asText()).contains("cf%2Fnew");
  }

  @Test
  void one_that_came_since_the_last_look_gives_way_when_neutron_says_so() {
    cells.attach(cells.nic("cf/cell/0", block("v4", "10.64.0.15")));
    Cells lost = Cells.of(cloud);
    lost.attach(lost.nic("cf/old/0", block("v4", "10.64.0.16")));
    lost.close();

    cells.attach(cells.nic("cf/new/0", block("v4", "10.64.0.16")));

    assertThat(cells.all("ports")).hasSize(2);
  }

  @Test
  void a_left_behind_port_that_a_machine_uses_stays() {
    Cells lost = Cells.of(cloud);
    AttachedNic nic = lost.attach(lost.nic("cf/old/0", block("v4", "10.64.0.16"))).nic();
    lost.close();
    cloud.neutron.change(
        "ports", nic.id(), "{\"device_id\": \"vm\", \"device_owner\": \"compute:az\"}");

    assertThat(cells.fail(cells.nic("cf/new/0", block("v4", "10.64.0.16"))).reason())
        .isEqualTo(Reason.CONFLICT);
  }

  @Test
  void a_port_in_use_by_a_server_is_not_removed_under_it() {
    AttachedNic nic = cells.attach(cells.nic("cf/cell/0", block("v4", "10.64.0.16"))).nic();
    cloud.neutron.change(
        "ports", nic.id(), "{\"device_id\": \"vm-1\", \"device_owner\": \"compute:az\"}");

    assertThatThrownBy(() -> cells.session.detach(List.of(nic)))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("in use by server vm-1");

    cloud.neutron.change("ports", nic.id(), "{\"device_id\": \"\", \"device_owner\": \"\"}");
    cells.session.detach(List.of(nic));
    assertThat(cells.all("ports")).isEmpty();
  }

  @Test
  void a_port_that_another_changes_meanwhile_is_read_again() {
    AttachedNic nic = cells.attach(cells.nic("cf/cell/0", block("v4", "10.64.0.16"))).nic();
    cloud
        .neutron
        .faults()
        .next(
            "PUT port",
            new Fault.Answered(
                FakeAnswer.json(
                    412,
                    "{\"NeutronError\": {\"type\": \"RevisionNumberConstraintFailed\", \"message\": \"changed\"}}")));

    assertThat(cells.attach(cells.nic("cf/cell/0", block("v4", "10.64.0.17"))).nic().id())
        .isEqualTo(nic.id());
    assertThat(port().path("fixed_ips").findValuesAsText("ip_address"))
        .containsExactly("10.64.0.17");
  }

  @Test
  void a_foreign_port_is_adopted_and_given_back_as_it_was() {
    cloud.neutron.create(
        "ports",
        "{\"network_id\": \"%s\", \"name\": \"mine\", \"description\": \"by hand\", \"fixed_ips\": [{\"ip_address\": \"10.64.0.16\"}]}"
            .formatted(cloud.network));
    cells.context.configure("adopt", "true");
    cells.reopen();

    AttachedNic nic =
        cells
            .attach(
                cells.nic(
                    "cf/cell/0",
                    block("v4", "10.64.0.16"),
                    block("v6", "2001:db8:64::10"),
                    block("link", "2001:db8:64:0:1::/80")))
            .nic();
    assertThat(port().path("name").asText()).startsWith("dualstack-");
    cells.reopen();
    cells.session.detach(List.of(nic));

    assertThat(port().path("name").asText()).isEqualTo("mine");
    assertThat(port().path("description").asText()).isEqualTo("by hand");
    assertThat(port().path("fixed_ips").findValuesAsText("ip_address"))
        .containsExactly("10.64.0.16");
    assertThat(port().path("allowed_address_pairs")).isEmpty();
  }

  @Test
  void networks_of_one_nic_that_lie_on_different_neutron_networks_are_refused_by_name() {
    cells.properties("v6", Map.of(NicPlan.NET, "another"));

    assertThat(
            cells.fail(
                cells.nic("cf/cell/0", block("v4", "10.64.0.16"), block("v6", "2001:db8:64::10"))))
        .hasMessageContaining("network v6: cloud_properties.net_id")
        .extracting(ProviderException::reason)
        .isEqualTo(Reason.REFUSED);
    assertThat(cells.all("ports")).isEmpty();
  }

  @Test
  void addresses_that_neutron_adds_by_itself_are_nobodys() {
    cloud.neutron.create(
        "subnets",
        "{\"network_id\": \"%s\", \"cidr\": \"2001:db8:77::/64\", \"ipv6_address_mode\": \"slaac\", \"ipv6_ra_mode\": \"slaac\"}"
            .formatted(cloud.network));
    NicRequest request = cells.nic("cf/cell/0", block("v4", "10.64.0.16"));

    cells.attach(request);

    assertThat(port().path("fixed_ips")).hasSize(2);
    assertThat(cells.attach(request).changed()).isFalse();
    cells.attach(cells.nic("cf/cell/0", block("v4", "10.64.0.17")));
    assertThat(port().path("fixed_ips")).hasSize(2);
  }

  private NicRequest open(String range) {
    cells.context.define(
        NetworkSet.of(
            new Manual(
                "open",
                List.of(
                    Subnet.of(IpPrefix.parse(range))
                        .chooser(PrefixChooser.PROVIDER)
                        .cloudProperties(Map.of(NicPlan.NET, cloud.network))
                        .build()))));
    cells.properties.put("open", Map.of(NicPlan.NET, cloud.network));
    return cells.nic("cf/cell/0", NicBlock.toBeChosen("open", IpFamily.IPV4, 32));
  }

  @Test
  void an_address_that_neutron_picks_is_of_the_networks_own_subnet() {
    cloud.neutron.create(
        "subnets", "{\"network_id\": \"%s\", \"cidr\": \"10.65.0.0/20\"}".formatted(cloud.network));

    AttachedNic nic = cells.attach(open("10.65.0.0/20")).nic();

    assertThat(IpPrefix.parse("10.65.0.0/20").contains(nic.blocks().get(0).block())).isTrue();
  }

  @Test
  void an_address_that_the_network_may_not_hand_out_is_given_back_and_told() {
    ProviderException refusal = cells.fail(open("10.64.4.0/24"));

    assertThat(refusal.reason()).isEqualTo(Reason.REFUSED);
    assertThat(refusal).hasMessageContaining("network open: Neutron picked [10.64.0.2/32]");
    assertThat(cells.all("ports")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_lost_answer_makes_no_second_port(boolean isDone) {
    cloud.neutron.faults().next("POST ports", isDone ? Fault.CUT_AFTER : Fault.CUT_BEFORE);

    AttachedNic nic = cells.attach(cells.nic("cf/cell/0", block("v4", "10.64.0.16"))).nic();

    assertThat(port().path("id").asText()).isEqualTo(nic.id());
    assertThat(cloud.neutron.requests())
        .filteredOn(request -> request.method().equals("POST") && request.path().endsWith("/ports"))
        .hasSize(isDone ? 1 : 2);
  }

  @Test
  void what_neutron_can_not_do_is_refused_with_what_it_can_before_anybody_is_asked() {
    NicBlock[] blocks = new NicBlock[12];
    blocks[0] = block("v6", "2001:db8:64::10");
    for (int i = 1; i < blocks.length; i++) {
      blocks[i] = block("link", "2001:db8:64:0:%x::/80".formatted(i));
    }
    cloud.neutron.forgetRequests();

    ProviderException refusal = cells.fail(cells.nic("cf/cell/0", blocks));

    assertThat(refusal.reason()).isEqualTo(Reason.NOT_SUPPORTED);
    assertThat(refusal).hasMessageContaining("11 IPv6 prefixes on one NIC; use at most 10");
    assertThat(cloud.neutron.requests()).isEmpty();
  }

  @Test
  void all_pages_of_a_list_are_read() {
    cloud.neutron.pageSize(3);
    for (int i = 0; i < 10; i++) {
      cells.attach(cells.nic("cf/cell/" + i, block("v4", "10.64.0." + (20 + i))));
    }

    assertThat(cells.session.attached(OwnerScope.ALL)).hasSize(10);
  }

  @Test
  void lists_that_lag_behind_are_waited_for() {
    cloud.neutron.listsLagBehind(2);
    NicRequest request =
        cells.nic(
            "cf/cell/0", block("v6", "2001:db8:64::10"), block("link", "2001:db8:64:0:1::/80"));

    AttachedNic nic = cells.attach(request).nic();

    assertThat(cells.attach(request).changed()).isFalse();
    cells.session.detach(List.of(nic));
    assertThat(cells.attach(request).changed()).isTrue();
  }
}
