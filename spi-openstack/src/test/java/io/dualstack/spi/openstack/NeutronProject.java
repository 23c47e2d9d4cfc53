package io.dualstack.spi.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.spi.openstack.access.AccessConfig;
import io.dualstack.spi.openstack.access.AccessConfigReader;
import io.dualstack.spi.openstack.access.NetworkApi;
import io.dualstack.spi.openstack.access.Patience;
import io.dualstack.spi.openstack.access.Surroundings;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a test needs in a project of a Neutron that isn't a fake: a network and subnets as {@link
 * FakeCloud} has them, and a foundation of its own.
 */
final class NeutronProject implements AutoCloseable {
  private final Map<String, String> settings = new LinkedHashMap<>();
  final NetworkApi api;
  private final Deque<String> made = new ArrayDeque<>();
  final String network;

  /** Makes it, reached by these settings and by the environment. */
  NeutronProject(Map<String, String> settings) {
    this.settings.putAll(settings);
    this.settings.put("foundation", UUID.randomUUID().toString().substring(0, 8));
    AccessConfig config =
        new AccessConfigReader(settings, Surroundings.ofThisProcess(), new ArrayList<>()).read();
    Patience patience =
        new Patience(config.attempts(), wait -> Thread.sleep(wait.toMillis()), Math::random);
    api = new NetworkApi(config, Clock.systemUTC(), patience);
    network = make("networks", "network", object().put("name", "dualstack-test"));
    make("subnets", "subnet", subnet(4, "10.64.0.0/20", "10.64.0.1").put("enable_dhcp", false));
    make(
        "subnets",
        "subnet",
        subnet(6, "2001:db8:64::/64", "2001:db8:64::1")
            .put("ipv6_address_mode", "dhcpv6-stateful")
            .put("ipv6_ra_mode", "dhcpv6-stateful"));
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode subnet(int version, String cidr, String gateway) {
    return object()
        .put("network_id", network)
        .put("ip_version", version)
        .put("cidr", cidr)
        .put("gateway_ip", gateway);
  }

  String make(String collection, String singular, ObjectNode what) {
    if (api.namesProjects()) {
      api.projectId().ifPresent(id -> what.put("project_id", id));
    }
    ObjectNode body = object();
    body.set(singular, what);
    String id = api.post("/" + collection, body).path(singular).path("id").asText();
    made.push("/" + collection + "/" + id);
    return id;
  }

  String pool(String prefix, int shortest) {
    ObjectNode pool =
        object()
            .put("name", "dualstack-test")
            .put("min_prefixlen", shortest)
            .put("default_prefixlen", shortest);
    pool.putArray("prefixes").add(prefix);
    return make("subnetpools", "subnetpool", pool);
  }

  List<JsonNode> ports() {
    List<JsonNode> ports = new ArrayList<>();
    api.get("/ports", Map.of("network_id", List.of(network))).path("ports").forEach(ports::add);
    return ports;
  }

  /** Removes a port behind the provider's back. */
  void removePort(String id) {
    remove("/ports/" + id);
  }

  Map<String, String> settings() {
    return settings;
  }

  InMemoryProviderContext context() {
    InMemoryProviderContext context = new InMemoryProviderContext(Clock.systemUTC());
    settings.forEach(context::configure);
    return context;
  }

  /** Removes what was made, with the ports on it, and what pools gave. */
  @Override
  public void close() {
    for (JsonNode port : ports()) {
      remove("/ports/" + port.path("id").asText());
    }
    for (JsonNode subnet : api.get("/subnets", Map.of()).path("subnets")) {
      String pool = "/subnetpools/" + subnet.path("subnetpool_id").asText();
      if (made.contains(pool)) {
        remove("/subnets/" + subnet.path("id").asText());
        String holder = "/networks/" + subnet.path("network_id").asText();
        if (!made.contains(holder)) {
          made.add(holder);
        }
      }
    }
    while (!made.isEmpty()) {
      remove(made.pop());
    }
  }

  private void remove(String path) {
    if (!api.delete(path)) {
      made.remove(path);
    }
  }
}
