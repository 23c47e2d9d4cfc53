package io.dualstack.spi.openstack;

import static io.dualstack.spi.openstack.Cells.block;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import io.dualstack.testkit.cloud.Fault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Prefixes behind a router and from subnet pools, also when a run is cut off at any request. */
class DelegatedPrefixTest {
  private final FakeCloud cloud = new FakeCloud();
  private final String router = cloud.neutron.create("routers", "{\"name\": \"r\"}");
  private final Cells cells = Cells.of(cloud);

  DelegatedPrefixTest() {
    cloud.neutron.connect(router, cloud.subnetV6);
    cells.routeBy(router);
  }

  @AfterEach
  void close() {
    cells.close();
    cloud.close();
  }

  private List<String> routes() {
    List<String> routes = new ArrayList<>();
    for (JsonNode route : cells.all("routers").get(0).path("routes")) {
      routes.add(route.path("destination").asText() + " via " + route.path("nexthop").asText());
    }
    return routes;
  }

  private List<JsonNode> ports() {
    return cells.all("ports").stream()
        .filter(port -> port.path("name").asText().startsWith("dualstack-"))
        .toList();
  }

  private List<String> pairs() {
    return ports().stream()
        .flatMap(port -> port.path("allowed_address_pairs").findValuesAsText("ip_address").stream())
        .toList();
  }

  /** What was taken from the pool. */
  private List<String> taken() {
    return cells.all("subnets").stream()
        .filter(subnet -> subnet.path("subnetpool_id").asText().equals(cloud.poolV6))
        .map(subnet -> subnet.path("cidr").asText())
        .toList();
  }

  private NicRequest routed(String owner, String address, String prefix) {
    return cells.nic(owner, block("v6", address), block("routed", prefix));
  }

  @Test
  void a_prefix_off_the_link_has_a_route_and_loses_it() {
    AttachedNic nic =
        cells.attach(routed("cf/cell/0", "2001:db8:64::10", "2001:db8:99:1::/64")).nic();
    assertThat(routes()).containsExactly("2001:db8:99:1::/64 via 2001:db8:64::10");

    cells.attach(routed("cf/cell/0", "2001:db8:64::11", "2001:db8:99:2::/64"));
    assertThat(routes()).containsExactly("2001:db8:99:2::/64 via 2001:db8:64::11");
    assertThat(pairs()).containsExactly("2001:db8:99:2::/64");

    cells.session.detach(List.of(nic));
    assertThat(routes()).isEmpty();
    assertThat(ports()).isEmpty();
  }

  @Test
  void a_prefix_on_the_link_needs_no_route() {
    cells.properties("link", cloud.properties(NicPlan.ROUTER, router));

    cells.attach(
        cells.nic(
            "cf/cell/0", block("v6", "2001:db8:64::10"), block("link", "2001:db8:64:0:1::/80")));

    assertThat(routes()).isEmpty();
    assertThat(pairs()).containsExactly("2001:db8:64:0:1::/80");
  }

  @Test
  void a_routed_prefix_needs_an_address_of_its_family() {
    ProviderException refusal =
        cells.fail(
            cells.nic(
                "cf/cell/0", block("v4", "10.64.0.16"), block("routed", "2001:db8:99:1::/64")));

    assertThat(refusal.reason()).isEqualTo(Reason.REFUSED);
    assertThat(ports()).isEmpty();
  }

  @Test
  void a_route_of_somebody_else_to_the_prefix_is_a_conflict_and_stays() {
    cloud.neutron.create(
        "ports",
        "{\"network_id\": \"%s\", \"fixed_ips\": [{\"ip_address\": \"2001:db8:64::99\"}]}"
            .formatted(cloud.network));
    String theirs = "2001:db8:99:1::/64 via 2001:db8:64::99";
    cloud.neutron.change("routers", router, routesJson("2001:db8:99:1::/64", "2001:db8:64::99"));

    assertThat(cells.fail(routed("cf/cell/0", "2001:db8:64::10", "2001:db8:99:1::/64")).reason())
        .isEqualTo(Reason.CONFLICT);

    assertThat(routes()).containsExactly(theirs);
    assertThat(ports()).isEmpty();
  }

  @Test
  void a_route_that_leads_to_nobody_gives_way() {
    cloud.neutron.change("routers", router, routesJson("2001:db8:99:1::/64", "2001:db8:64::99"));

    cells.attach(routed("cf/cell/0", "2001:db8:64::10", "2001:db8:99:1::/64"));

    assertThat(routes()).containsExactly("2001:db8:99:1::/64 via 2001:db8:64::10");
  }

  private static String routesJson(String destination, String nexthop) {
    return "{\"routes\": [{\"destination\": \"%s\", \"nexthop\": \"%s\"}]}"
        .formatted(destination, nexthop);
  }

  @Test
  void a_router_that_is_gone_keeps_no_nic_from_being_removed() {
    AttachedNic nic =
        cells.attach(routed("cf/cell/0", "2001:db8:64::10", "2001:db8:99:1::/64")).nic();
    cloud.neutron.remove("routers", router);

    cells.session.detach(List.of(nic));

    assertThat(ports()).isEmpty();
    assertThat(cells.fail(routed("cf/cell/0", "2001:db8:64::10", "2001:db8:99:1::/64")).reason())
        .isEqualTo(Reason.REFUSED);
  }

  @Test
  void without_the_extension_routes_are_replaced_guarded_by_the_revision() {
    cloud.neutron.withoutExtension("extraroute-atomic");

    cells.attach(routed("cf/cell/0", "2001:db8:64::10", "2001:db8:99:1::/64"));
    cells.attach(routed("cf/cell/1", "2001:db8:64::11", "2001:db8:99:2::/64"));

    assertThat(routes())
        .containsExactlyInAnyOrder(
            "2001:db8:99:1::/64 via 2001:db8:64::10", "2001:db8:99:2::/64 via 2001:db8:64::11");
    assertThat(cloud.neutron.requests())
        .filteredOn(
            request -> request.method().equals("PUT") && request.path().contains("/routers/"))
        .isNotEmpty()
        .allSatisfy(request -> assertThat(request.header("If-Match")).isPresent());
  }

  @Test
  void what_a_pool_picked_is_given_back_to_it() {
    NicRequest request = cells.nic("cf/cell/0", block("v6", "2001:db8:64::10"), Cells.open());
    AttachedNic nic = cells.attach(request).nic();
    assertThat(pairs()).isEqualTo(taken()).hasSize(1);
    assertThat(cells.attach(request).changed()).isFalse();

    cells.session.detach(List.of(nic));

    assertThat(taken()).isEmpty();
  }

  @Test
  void a_pool_never_gives_what_is_reserved_in_the_network() {
    // The lowest and the highest block of a network are never handed out.
    AttachedNic nic =
        cells.attach(cells.nic("cf/cell/0", block("v6", "2001:db8:64::10"), Cells.open())).nic();

    assertThat(nic.blocks().get(1).block()).isEqualTo(IpPrefix.parse("2001:db8:64:0:8001::/80"));
    assertThat(taken()).containsExactly("2001:db8:64:0:8001::/80");
    assertThat(cloud.neutron.requests())
        .as("nothing was held that had to be given back, even for a moment")
        .filteredOn(request -> request.method().equals("DELETE"))
        .isEmpty();
  }

  @Test
  void an_exhausted_pool_or_quota_is_said_and_leaves_nothing() {
    cloud.neutron.quota("subnets", 2);

    ProviderException refusal =
        cells.fail(cells.nic("cf/cell/0", block("v6", "2001:db8:64::10"), Cells.open()));

    assertThat(refusal.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(refusal).hasMessageContaining("OverQuota").hasMessageContaining("cf/cell/0");
    assertThat(ports()).isEmpty();
  }

  private NicRequest everything(int number) {
    return cells.nic(
        "cf/cell/0",
        block("v4", "10.64.0.1" + number),
        block("v6", "2001:db8:64::1" + number),
        block("routed", "2001:db8:99:%d::/64".formatted(number)),
        Cells.open());
  }

  private void detachAll() {
    cells.session.detach(cells.session.attached(OwnerScope.ALL));
    assertThat(ports()).isEmpty();
    assertThat(routes()).isEmpty();
    assertThat(taken()).isEmpty();
  }

  private void assertWhole(int number) {
    assertThat(ports()).hasSize(1);
    assertThat(routes())
        .containsExactly("2001:db8:99:%d::/64 via 2001:db8:64::1%d".formatted(number, number));
    assertThat(taken()).hasSize(1);
    assertThat(pairs())
        .containsExactlyInAnyOrder("2001:db8:99:%d::/64".formatted(number), taken().get(0));
  }

  @ParameterizedTest
  @MethodSource("io.dualstack.spi.openstack.Cells#cuts")
  void an_attach_that_is_cut_off_anywhere_is_finished_by_the_next(Fault cut) {
    cells.context.configure("attempts", "1");
    cells.reopen();

    cells.atEachRequest(
        cut,
        () -> cells.session.attach(List.of(everything(1))),
        () -> {
          cells.attach(everything(1));
          assertWhole(1);
          detachAll();
        });
  }

  @ParameterizedTest
  @MethodSource("io.dualstack.spi.openstack.Cells#cuts")
  void a_change_that_is_cut_off_anywhere_is_finished_by_the_next(Fault cut) {
    cells.context.configure("attempts", "1");
    cells.reopen();
    cells.attach(everything(1));

    cells.atEachRequest(
        cut,
        () -> cells.session.attach(List.of(everything(2))),
        () -> {
          cells.attach(everything(2));
          assertWhole(2);
          cells.attach(everything(1));
          assertWhole(1);
        });
  }

  @ParameterizedTest
  @MethodSource("io.dualstack.spi.openstack.Cells#cuts")
  void a_detach_that_is_cut_off_anywhere_is_finished_by_the_next(Fault cut) {
    cells.context.configure("attempts", "1");
    cells.reopen();
    AttachedNic[] nic = {cells.attach(everything(1)).nic()};

    cells.atEachRequest(
        cut,
        () -> cells.session.detach(List.of(nic[0])),
        () -> {
          cells.session.detach(List.of(nic[0]));
          assertThat(ports()).isEmpty();
          assertThat(routes()).isEmpty();
          assertThat(taken()).isEmpty();
          nic[0] = cells.attach(everything(1)).nic();
        });
  }
}
