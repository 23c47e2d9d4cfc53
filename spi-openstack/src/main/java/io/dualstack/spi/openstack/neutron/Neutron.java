package io.dualstack.spi.openstack.neutron;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.spi.openstack.access.ApiFailure;
import io.dualstack.spi.openstack.access.NetworkApi;
import io.dualstack.spi.openstack.access.Patience;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of Neutron (<a href="https://docs.openstack.org/api-ref/network/v2/">Networking API
 * v2.0</a>). Every method throws {@link ApiFailure}. Thread-safe.
 */
public final class Neutron {
  private static final String PAGE = "500";
  private static final String ATOMIC_ROUTES = "extraroute-atomic";

  private final NetworkApi api;
  private final Patience patience;
  private volatile @Nullable Set<String> extensions;

  /**
   * Creates it. Contacts nobody.
   *
   * @param api the REST interface
   * @param patience how often and after how long to try again
   */
  public Neutron(NetworkApi api, Patience patience) {
    this.api = api;
    this.patience = patience;
  }

  /**
   * Returns how often and after how long to try again.
   *
   * @return the patience
   */
  public Patience patience() {
    return patience;
  }

  /**
   * Returns the project that everything is made in.
   *
   * @return its id; empty if it can't be told
   */
  public Optional<String> projectId() {
    return api.projectId();
  }

  // Ports

  /**
   * Lists ports.
   *
   * @param by what they have, by field
   * @return the ports
   */
  public List<Port> ports(Map<String, String> by) {
    return list("ports", by, Port.FIELDS).stream().map(Port::of).toList();
  }

  /**
   * Restricts a list to the project, as an operator sees those of all.
   *
   * @param by what is looked for, by field
   * @return the same with the project; as it was if the project can't be told
   */
  public Map<String, String> ofProject(Map<String, String> by) {
    Map<String, String> own = new LinkedHashMap<>(by);
    api.projectId().ifPresent(id -> own.put("project_id", id));
    return own;
  }

  /**
   * Finds a port.
   *
   * @param id its id
   * @return the port; empty if there is none
   */
  public Optional<Port> port(String id) {
    return find("ports", "port", id).map(Port::of);
  }

  /**
   * Makes a port. After an answer that doesn't tell whether it was made, looks before it tries
   * again.
   *
   * @param port what to make
   * @param look finds the port if it was made
   * @return the port
   */
  public Port createPort(ObjectNode port, Supplier<Optional<Port>> look) {
    return create("ports", "port", port, look, Port::of);
  }

  /**
   * Changes a port.
   *
   * @param port the port as it was seen; refused with 412 if it has changed since
   * @param change what to change
   * @return the port as it is now
   */
  public Port updatePort(Port port, ObjectNode change) {
    JsonNode body = api.put("/ports/" + port.id(), wrapped("port", change), port.revision());
    return Port.of(body.path("port"));
  }

  /**
   * Removes a port. One that is gone is no error.
   *
   * @param id its id
   */
  public void deletePort(String id) {
    api.delete("/ports/" + id);
  }

  // Networks and subnets

  /**
   * Lists the networks that can be seen.
   *
   * @param by what they have, by field
   * @return the networks
   */
  public List<NeutronNetwork> networks(Map<String, String> by) {
    return list("networks", by, List.of()).stream().map(NeutronNetwork::of).toList();
  }

  /**
   * Finds a network.
   *
   * @param id its id
   * @return the network; empty if there is none
   */
  public Optional<NeutronNetwork> network(String id) {
    return find("networks", "network", id).map(NeutronNetwork::of);
  }

  /**
   * Makes a network.
   *
   * @param network what to make
   * @param look finds the network if it was made
   * @return the network
   */
  public NeutronNetwork createNetwork(ObjectNode network, Supplier<Optional<NeutronNetwork>> look) {
    return create("networks", "network", network, look, NeutronNetwork::of);
  }

  /**
   * Lists subnets.
   *
   * @param by what they have, by field
   * @return the subnets
   */
  public List<NeutronSubnet> subnets(Map<String, String> by) {
    return list("subnets", by, List.of()).stream().map(NeutronSubnet::of).toList();
  }

  /**
   * Makes a subnet.
   *
   * @param subnet what to make
   * @param look finds the subnet if it was made
   * @return the subnet
   */
  public NeutronSubnet createSubnet(ObjectNode subnet, Supplier<Optional<NeutronSubnet>> look) {
    return create("subnets", "subnet", subnet, look, NeutronSubnet::of);
  }

  /**
   * Removes a subnet. One that is gone is no error.
   *
   * @param id its id
   */
  public void deleteSubnet(String id) {
    api.delete("/subnets/" + id);
  }

  // Subnet pools

  /**
   * Lists the subnet pools that can be seen.
   *
   * @return the pools
   */
  public List<SubnetPool> subnetPools() {
    return list("subnetpools", Map.of(), List.of()).stream().map(SubnetPool::of).toList();
  }

  /**
   * Finds a subnet pool.
   *
   * @param id its id
   * @return the pool; empty if there is none
   */
  public Optional<SubnetPool> subnetPool(String id) {
    return find("subnetpools", "subnetpool", id).map(SubnetPool::of);
  }

  // Routers

  /**
   * Finds a router.
   *
   * @param id its id
   * @return the router; empty if there is none
   */
  public Optional<Router> router(String id) {
    return find("routers", "router", id).map(Router::of);
  }

  /**
   * Changes the extra routes of a router, and no others than these.
   *
   * @param router the router as it was seen; refused with 412 if it has changed since and the
   *     service can only replace all routes
   * @param gone routes to remove
   * @param more routes to add
   */
  public void changeRoutes(
      Router router, Collection<Router.Route> gone, Collection<Router.Route> more) {
    String path = "/routers/" + router.id();
    if (extensions().contains(ATOMIC_ROUTES)) {
      if (!gone.isEmpty()) {
        api.put(path + "/remove_extraroutes", routes(gone), null);
      }
      if (!more.isEmpty()) {
        api.put(path + "/add_extraroutes", routes(more), null);
      }
    } else if (!gone.isEmpty() || !more.isEmpty()) {
      List<Router.Route> all = new ArrayList<>(router.routes());
      all.removeAll(gone);
      all.addAll(more);
      api.put(path, routes(all), router.revision());
    }
  }

  private static ObjectNode routes(Collection<Router.Route> routes) {
    ObjectNode router = JsonNodeFactory.instance.objectNode();
    ArrayNode array = router.putArray("routes");
    routes.forEach(
        route ->
            array
                .addObject()
                .put("destination", route.destination().toString())
                .put("nexthop", route.nexthop().toString()));
    return wrapped("router", router);
  }

  // Security groups, quotas, extensions

  /**
   * Finds security groups by name or id.
   *
   * @param nameOrId the name or the id
   * @return the ids of those that can be used
   */
  public List<String> securityGroups(String nameOrId) {
    List<String> ids = new ArrayList<>();
    for (String field : List.of("id", "name")) {
      Map<String, String> by = new LinkedHashMap<>(Map.of(field, nameOrId));
      if (field.equals("name")) {
        api.projectId().ifPresent(id -> by.put("project_id", id));
      }
      list("security-groups", by, List.of("id")).forEach(group -> ids.add(Json.text(group, "id")));
      if (!ids.isEmpty()) {
        break;
      }
    }
    return ids;
  }

  /**
   * Returns how many more of a resource the project may have.
   *
   * @param resource its name, such as {@code port}
   * @return the number; empty if there is no limit, or if it can't be told
   */
  public Optional<Integer> quotaLeft(String resource) {
    Optional<String> project = api.projectId();
    if (project.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode quota =
          api.get("/quotas/" + project.get() + "/details", Map.of()).path("quota").path(resource);
      Optional<Integer> limit = Json.number(quota, "limit");
      return limit
          .filter(most -> most >= 0)
          .map(
              most ->
                  most
                      - Json.number(quota, "used").orElse(0)
                      - Json.number(quota, "reserved").orElse(0));
    } catch (ApiFailure failure) {
      if (failure.status() == 404 || failure.status() == 403) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private Set<String> extensions() {
    Set<String> known = extensions;
    if (known == null) {
      known = new HashSet<>();
      for (JsonNode extension : api.get("/extensions", Map.of()).path("extensions")) {
        known.add(Json.text(extension, "alias"));
      }
      extensions = Set.copyOf(known);
    }
    return known;
  }

  // Shared

  private <T> T create(
      String path,
      String kind,
      ObjectNode what,
      Supplier<Optional<T>> look,
      Function<JsonNode, T> read) {
    if (api.namesProjects()) {
      api.projectId().ifPresent(id -> what.put("project_id", id));
    }
    for (int tried = 1; ; tried++) {
      try {
        return read.apply(api.post("/" + path, wrapped(kind, what)).path(kind));
      } catch (ApiFailure failure) {
        if (!failure.isDoubtful() || tried >= patience.attempts()) {
          throw failure;
        }
        patience.await(tried, null);
        Optional<T> made = look.get();
        if (made.isPresent()) {
          return made.get();
        }
      }
    }
  }

  private Optional<JsonNode> find(String path, String kind, String id) {
    try {
      return Optional.of(api.get("/" + path + "/" + id, Map.of()).path(kind));
    } catch (ApiFailure failure) {
      if (failure.status() == 404) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** All pages of a list. */
  private List<JsonNode> list(String path, Map<String, String> by, List<String> fields) {
    String collection = path.replace('-', '_');
    Map<String, List<String>> query = new LinkedHashMap<>();
    by.forEach((field, value) -> query.put(field, List.of(value)));
    if (!fields.isEmpty()) {
      query.put("fields", fields);
    }
    query.put("limit", List.of(PAGE));
    List<JsonNode> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (true) {
      JsonNode page = api.get("/" + path, query);
      String last = "";
      for (JsonNode one : page.path(collection)) {
        last = Json.text(one, "id");
        if (seen.add(last)) {
          all.add(one);
        }
      }
      boolean more = false;
      for (JsonNode link : page.path(collection + "_links")) {
        more |= Json.text(link, "rel").equals("next");
      }
      if (!more || last.isEmpty()) {
        return all;
      }
      query.put("marker", List.of(last));
    }
  }

  private static ObjectNode wrapped(String kind, ObjectNode what) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set(kind, what);
    return body;
  }
}
