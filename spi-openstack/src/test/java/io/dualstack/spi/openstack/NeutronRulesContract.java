package io.dualstack.spi.openstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.spi.openstack.access.ApiFailure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of Neutron that the provider counts on: what the fake does, Neutron itself does too.
 */
abstract class NeutronRulesContract {
  private NeutronProject project;

  /** A project that nothing else is in. */
  abstract NeutronProject project();

  @BeforeEach
  void make_the_project() {
    project = project();
  }

  private void refused(int status, String type, Runnable what) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            ApiFailure.class,
            failure -> {
              assertThat(failure.type()).isEqualTo(type);
              assertThat(failure.status()).isEqualTo(status);
              assertThat(failure.isDoubtful()).isFalse();
            });
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) Cells.json(text);
  }

  private String port(String fields) {
    return project.make(
        "ports", "port", json("{\"network_id\": \"%s\", %s}".formatted(project.network, fields)));
  }

  private String subnet(String network, String fields) {
    return project.make(
        "subnets", "subnet", json("{\"network_id\": \"%s\", %s}".formatted(network, fields)));
  }

  private static String ip(String address) {
    return "\"fixed_ips\": [{\"ip_address\": \"" + address + "\"}]";
  }

  private JsonNode get(String id) {
    return project.api.get("/ports/" + id, Map.of()).path("port");
  }

  private JsonNode change(String id, String fields, Long revision) {
    return project.api.put("/ports/" + id, json("{\"port\": {" + fields + "}}"), revision);
  }

  @Test
  void an_address_is_one_ports() {
    port(ip("10.64.0.16"));

    refused(409, "IpAddressAlreadyAllocated", () -> port(ip("10.64.0.16")));
  }

  @Test
  void an_address_is_of_a_subnet() {
    refused(400, "InvalidIpForNetwork", () -> port(ip("10.99.0.1")));
    String id = port(ip("10.64.0.16"));
    String subnet = get(id).path("fixed_ips").path(0).path("subnet_id").asText();
    refused(
        400,
        "InvalidIpForSubnet",
        () ->
            change(
                id,
                "\"fixed_ips\": [{\"subnet_id\": \"%s\", \"ip_address\": \"10.99.0.1\"}]"
                    .formatted(subnet),
                null));
  }

  @Test
  void addresses_in_automatic_subnets_are_neutrons() {
    subnet(
        project.network,
        "\"ip_version\": 6, \"cidr\": \"2001:db8:77::/64\", \"ipv6_address_mode\": \"slaac\", \"ipv6_ra_mode\": \"slaac\"");

    refused(400, "AllocationOnAutoAddressSubnet", () -> port(ip("2001:db8:77::5")));
    String id = port(ip("10.64.0.16"));
    assertThat(get(id).path("fixed_ips")).as("one asked for, one added").hasSize(2);
    change(id, ip("10.64.0.17"), null);
    assertThat(get(id).path("fixed_ips")).hasSize(2);
  }

  @Test
  void a_port_without_addresses_is_asked_for_by_an_empty_list() {
    assertThat(get(port("\"fixed_ips\": []")).path("fixed_ips")).isEmpty();
  }

  @Test
  void pairs_of_two_ports_may_overlap() {
    String pairs = ", \"allowed_address_pairs\": [{\"ip_address\": \"2001:db8:64:0:1::/80\"}]";
    port(ip("10.64.0.16") + pairs);

    JsonNode second = get(port(ip("10.64.0.17") + pairs));

    assertThat(second.path("allowed_address_pairs").path(0).path("ip_address").asText())
        .isEqualTo("2001:db8:64:0:1::/80");
    assertThat(second.path("allowed_address_pairs").path(0).path("mac_address").asText())
        .isEqualTo(second.path("mac_address").asText());
  }

  @Test
  void pairs_are_limited_and_need_port_security() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      many.append(i == 0 ? "" : ", ").append("{\"ip_address\": \"10.1.%d.0/24\"}".formatted(i));
    }
    refused(
        400,
        "AllowedAddressPairExhausted",
        () -> port(ip("10.64.0.16") + ", \"allowed_address_pairs\": [" + many + "]"));
    String id =
        port(ip("10.64.0.16") + ", \"allowed_address_pairs\": [{\"ip_address\": \"10.1.0.0/24\"}]");
    refused(
        409,
        "AddressPairAndPortSecurityRequired",
        () -> change(id, "\"port_security_enabled\": false, \"security_groups\": []", null));
  }

  @Test
  void texts_are_limited_and_fields_known() {
    String text = "x".repeat(256);
    refused(
        400,
        "HTTPBadRequest",
        () -> port(ip("10.64.0.16") + ", \"description\": \"" + text + "\""));
    refused(400, "HTTPBadRequest", () -> port(ip("10.64.0.16") + ", \"no_such\": 1"));
    refused(
        400, "HTTPBadRequest", () -> project.api.get("/ports", Map.of("no_such", List.of("1"))));
  }

  @Test
  void what_is_named_must_be_there() {
    String nowhere = "6f2a4e52-93c1-4b0e-8d55-0d6a1f7f9c11";
    refused(
        404,
        "NetworkNotFound",
        () -> project.make("ports", "port", json("{\"network_id\": \"%s\"}".formatted(nowhere))));
    refused(404, "PortNotFound", () -> get(nowhere));
    refused(
        404,
        "SecurityGroupNotFound",
        () -> port(ip("10.64.0.16") + ", \"security_groups\": [\"" + nowhere + "\"]"));
    assertThat(project.api.delete("/ports/" + nowhere)).isFalse();
  }

  @Test
  void a_change_to_an_old_revision_is_refused() {
    String id = port(ip("10.64.0.16"));
    long revision = get(id).path("revision_number").asLong();
    JsonNode changed = change(id, "\"name\": \"a\"", revision);
    assertThat(changed.path("port").path("revision_number").asLong()).isGreaterThan(revision);

    refused(412, "RevisionNumberConstraintFailed", () -> change(id, "\"name\": \"b\"", revision));
  }

  @Test
  void ports_are_found_by_name_and_by_address() {
    String id = port(ip("10.64.0.16") + ", \"name\": \"dualstack-1\"");
    port(ip("10.64.0.17"));

    for (Map.Entry<String, String> by :
        Map.of("name", "dualstack-1", "fixed_ips", "ip_address=10.64.0.16").entrySet()) {
      assertThat(
              project
                  .api
                  .get(
                      "/ports",
                      Map.of(
                          by.getKey(),
                          List.of(by.getValue()),
                          "network_id",
                          List.of(project.network),
                          "fields",
                          List.of("id", "name")))
                  .path("ports"))
          .isEqualTo(Cells.json("[{\"id\": \"" + id + "\", \"name\": \"dualstack-1\"}]"));
    }
  }

  @Test
  void lists_have_pages() {
    for (int i = 0; i < 3; i++) {
      port(ip("10.64.0.2" + i));
    }
    JsonNode page =
        project.api.get(
            "/ports", Map.of("network_id", List.of(project.network), "limit", List.of("2")));

    assertThat(page.path("ports")).hasSize(2);
    assertThat(page.path("ports_links").path(0).path("rel").asText()).isEqualTo("next");
    JsonNode next =
        project.api.get(
            "/ports",
            Map.of(
                "network_id",
                List.of(project.network),
                "limit",
                List.of("2"),
                "marker",
                List.of(page.path("ports").path(1).path("id").asText())));
    assertThat(next.path("ports")).hasSize(1);
    assertThat(page.path("ports").toString())
        .doesNotContain(next.path("ports").path(0).path("id").asText());
  }

  @Test
  void a_pool_gives_each_block_once_and_only_lengths_it_may() {
    String pool = project.pool("2001:db8:64:0:8000::/65", 66);
    String other = project.pool("2001:db8:aa::/48", 64);
    String holder = project.make("networks", "network", json("{\"name\": \"holder\"}"));
    String from =
        "\"ip_version\": 6, \"enable_dhcp\": false, \"gateway_ip\": null, \"subnetpool_id\": ";
    String of = from + "\"" + pool + "\"";

    subnet(holder, of + ", \"cidr\": \"2001:db8:64:0:9000::/80\"");
    subnet(holder, of + ", \"prefixlen\": 80");

    refused(
        500,
        "SubnetAllocationError",
        () -> subnet(holder, of + ", \"cidr\": \"2001:db8:64:0:9000::/80\""));
    refused(
        400, "MinPrefixSubnetAllocationError", () -> subnet(holder, of + ", \"prefixlen\": 64"));
    refused(
        400,
        "NetworkSubnetPoolAffinityError",
        () -> subnet(holder, from + "\"" + other + "\", \"prefixlen\": 80"));
  }

  @Test
  void subnets_of_a_network_do_not_overlap() {
    refused(
        400,
        "InvalidInput",
        () -> subnet(project.network, "\"ip_version\": 6, \"cidr\": \"2001:db8:64:0:1::/80\""));
  }

  @Test
  void extra_routes_lead_to_connected_subnets() {
    String router = project.make("routers", "router", json("{\"name\": \"r\"}"));
    String connected =
        subnet(
            project.network,
            "\"ip_version\": 6, \"cidr\": \"2001:db8:88::/64\", \"gateway_ip\": \"2001:db8:88::1\"");
    project.api.put(
        "/routers/" + router + "/add_router_interface",
        json("{\"subnet_id\": \"" + connected + "\"}"),
        null);
    String path = "/routers/" + router + "/add_extraroutes";

    JsonNode routed = project.api.put(path, route("2001:db8:99::/64", "2001:db8:88::10"), null);
    assertThat(routed.path("router").path("routes")).hasSize(1);
    assertThat(
            project
                .api
                .put(path, route("2001:db8:99::/64", "2001:db8:88::10"), null)
                .path("router")
                .path("routes"))
        .as("adding twice is adding once")
        .hasSize(1);
    refused(
        400,
        "InvalidRoutes",
        () -> project.api.put(path, route("2001:db8:98::/64", "2001:db8:89::10"), null));
    JsonNode gone =
        project.api.put(
            "/routers/" + router + "/remove_extraroutes",
            route("2001:db8:99::/64", "2001:db8:88::10"),
            null);
    assertThat(gone.path("router").path("routes")).isEmpty();
  }

  private static ObjectNode route(String destination, String nexthop) {
    return json(
        "{\"router\": {\"routes\": [{\"destination\": \"%s\", \"nexthop\": \"%s\"}]}}"
            .formatted(destination, nexthop));
  }

  @Test
  void a_routers_own_port_is_not_removed_directly() {
    String router = project.make("routers", "router", json("{\"name\": \"r\"}"));
    String connected =
        subnet(
            project.network,
            "\"ip_version\": 6, \"cidr\": \"2001:db8:88::/64\", \"gateway_ip\": \"2001:db8:88::1\"");
    project.api.put(
        "/routers/" + router + "/add_router_interface",
        json("{\"subnet_id\": \"" + connected + "\"}"),
        null);
    String port =
        project
            .api
            .get("/ports", Map.of("device_id", List.of(router)))
            .path("ports")
            .path(0)
            .path("id")
            .asText();

    refused(409, "ServicePortInUse", () -> project.api.delete("/ports/" + port));
  }
}
