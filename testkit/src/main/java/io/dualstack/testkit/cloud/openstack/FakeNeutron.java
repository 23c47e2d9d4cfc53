package io.dualstack.testkit.cloud.openstack;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.FakeServer;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * OpenStack Networking v2.0 without a cloud: networks, subnets, subnet pools, ports, routers with
 * extra routes, security groups and quotas, with a {@link FakeKeystone} in front. It refuses what
 * Neutron refuses, with its status and error type: values that don't fit, addresses in use or
 * outside their subnet, chosen addresses in SLAAC subnets, too many address pairs or routes, prefix
 * lengths outside a pool's, changes to an old revision (412), and more than the quota. As Neutron,
 * it lets address pairs of two ports overlap.
 *
 * <p>For {@link #faults}, an operation is the method, a blank, and the collection's name for lists
 * and new resources or the singular for one resource: {@code POST ports}, {@code GET ports}, {@code
 * GET port}, {@code PUT port}, {@code DELETE port}, {@code PUT router}, {@code POST subnets}, and
 * so on; a login is {@code POST tokens}. Thread-safe.
 */
public final class FakeNeutron extends FakeServer {
  private static final String NETWORK = "/network/v2.0/";
  private static final String TOKENS = "/identity/v3/auth/tokens";
  private static final int LONGEST_TEXT = 255;

  private static final Map<String, String> SINGULAR =
      Map.of(
          "networks", "network",
          "subnets", "subnet",
          "subnetpools", "subnetpool",
          "ports", "port",
          "routers", "router",
          "security-groups", "security_group");
  private static final Map<String, String> TYPE =
      Map.of(
          "networks", "Network",
          "subnets", "Subnet",
          "subnetpools", "SubnetPool",
          "ports", "Port",
          "routers", "Router",
          "security-groups", "SecurityGroup");
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "networks", Subnets.NETWORK_FIELDS,
          "subnets", Subnets.SUBNET_FIELDS,
          "subnetpools", Subnets.POOL_FIELDS,
          "ports", Ports.FIELDS,
          "routers", Routers.FIELDS,
          "security-groups", Set.of("name", "description", "project_id", "tenant_id"));

  private final Resources resources = new Resources();
  private final Subnets subnets = new Subnets(resources);
  private final Ports ports = new Ports(resources);
  private final Routers routers = new Routers(resources);
  private final Map<String, Integer> quotas =
      new HashMap<>(Map.of("ports", 500, "networks", 100, "subnets", 100, "routers", 10));
  private final Set<String> extensions =
      new TreeSet<>(
          Set.of(
              "allowed-address-pairs",
              "extraroute",
              "extraroute-atomic",
              "port-security",
              "quota_details",
              "revision-if-match",
              "router",
              "security-group",
              "standard-attr-description",
              "standard-attr-revisions",
              "subnet_allocation"));
  private final FakeKeystone keystone;
  private boolean trusting;

  /**
   * Starts a cloud with an empty project, whose catalog has it in region {@code RegionOne}.
   *
   * @param clock tells when tokens expire
   */
  public FakeNeutron(Clock clock) {
    keystone = new FakeKeystone(clock);
    for (String one : List.of("public", "internal")) {
      keystone.endpoint("RegionOne", one, networkEndpoint());
    }
    create("security-groups", "{\"name\": \"default\"}");
  }

  /**
   * Returns where to log in.
   *
   * @return Keystone's URL, without a version
   */
  public URI authUrl() {
    return URI.create(endpoint() + "/identity");
  }

  /**
   * Returns where Neutron is, as the catalog has it.
   *
   * @return Neutron's URL, without a version
   */
  public URI networkEndpoint() {
    return URI.create(endpoint() + "/network");
  }

  /**
   * Returns the identity service.
   *
   * @return who may log in, and for how long
   */
  public FakeKeystone keystone() {
    return keystone;
  }

  /** Lets everybody in without a token, as {@code auth_strategy = noauth} does. */
  public synchronized void trustEverybody() {
    trusting = true;
  }

  /**
   * Limits a resource of the project.
   *
   * @param collection such as {@code ports}
   * @param limit how many there may be; -1 for no limit
   */
  public synchronized void quota(String collection, int limit) {
    quotas.put(collection, limit);
  }

  /**
   * Sets how many resources one page of a list has at most, whatever is asked for.
   *
   * @param size 1 or more; 1000 by default
   */
  public synchronized void pageSize(int size) {
    resources.pageSize = size;
  }

  /**
   * Lets lists lag behind: after each change, so many lists of that collection show it as it was.
   *
   * @param lists how many; 0 by default
   */
  public synchronized void listsLagBehind(int lists) {
    resources.lag = lists;
  }

  /**
   * Takes an extension away, with what it brings.
   *
   * @param alias such as {@code extraroute-atomic}
   */
  public synchronized void withoutExtension(String alias) {
    extensions.remove(alias);
  }

  /**
   * Makes a resource behind everybody's back, as an operator would.
   *
   * @param collection such as {@code networks}
   * @param json its fields; in the project unless they name another
   * @return its id
   */
  public synchronized String create(String collection, String json) {
    return Json.text(made(collection, Json.parsed(json)), "id");
  }

  /**
   * Changes a resource behind everybody's back; only ports and routers are checked.
   *
   * @param collection such as {@code ports}
   * @param id its id
   * @param json the fields to change
   */
  public synchronized void change(String collection, String id, String json) {
    ObjectNode resource = resources.get(collection, id, TYPE.getOrDefault(collection, ""));
    updated(collection, resource, Json.parsed(json));
  }

  /**
   * Removes a resource behind everybody's back.
   *
   * @param collection such as {@code ports}
   * @param id its id
   */
  public synchronized void remove(String collection, String id) {
    resources.remove(collection, id);
  }

  /**
   * Returns what there is.
   *
   * @param collection such as {@code ports}
   * @return the resources as JSON texts, in order of making
   */
  public synchronized List<String> all(String collection) {
    return resources.each(collection).stream().map(ObjectNode::toString).toList();
  }

  /**
   * Connects a subnet to a router, which gets the subnet's gateway address.
   *
   * @param routerId the router
   * @param subnetId the subnet
   */
  public synchronized void connect(String routerId, String subnetId) {
    ObjectNode done =
        routers.act(
            resources.get("routers", routerId, "Router"),
            "add_router_interface",
            Json.object().put("subnet_id", subnetId));
    resources.changed(done);
  }

  @Override
  protected String operation(FakeRequest request) {
    if (request.path().equals(TOKENS)) {
      return request.method() + " tokens";
    }
    String[] path = parts(request);
    boolean one = path.length > 1 && !path[0].equals("quotas");
    return request.method() + " " + (one ? SINGULAR.getOrDefault(path[0], path[0]) : path[0]);
  }

  private static String[] parts(FakeRequest request) {
    return request.path().startsWith(NETWORK)
        ? request.path().substring(NETWORK.length()).split("/")
        : new String[] {request.path()};
  }

  @Override
  protected synchronized FakeAnswer answer(FakeRequest request) {
    try {
      if (request.path().equals(TOKENS) && request.method().equals("POST")) {
        return keystone.logIn(Json.parsed(request.body()));
      }
      if (!request.path().startsWith(NETWORK)) {
        return FakeAnswer.empty(404);
      }
      return trusting || keystone.isGood(request.header("X-Auth-Token"))
          ? served(request, parts(request))
          : FakeKeystone.refused();
    } catch (Refused refused) {
      return refused.answer();
    }
  }

  private FakeAnswer served(FakeRequest request, String[] path) {
    String collection = path[0];
    if (collection.equals("extensions")) {
      ArrayNode list = Json.object().putArray("extensions");
      extensions.forEach(alias -> list.addObject().put("alias", alias));
      return FakeAnswer.json(200, Json.object().set("extensions", list).toString());
    }
    if (collection.equals("quotas")) {
      return FakeAnswer.json(200, quota().toString());
    }
    String singular = SINGULAR.get(collection);
    if (singular == null) {
      throw new Refused(404, "HTTPNotFound", "The resource could not be found.");
    }
    if (path.length == 1) {
      return request.method().equals("POST")
          ? answer(201, singular, made(collection, wrapped(request, singular)))
          : FakeAnswer.json(200, resources.list(collection, request.query(), seenBy()).toString());
    }
    ObjectNode resource = resources.get(collection, path[1], TYPE.getOrDefault(collection, ""));
    if (path.length == 3 && extensions.contains("extraroute-atomic")) {
      return answer(200, singular, routers.act(resource, path[2], Json.parsed(request.body())));
    }
    return switch (request.method()) {
      case "GET" -> answer(200, singular, resource);
      case "PUT" -> {
        checkRevision(resource, request.header("If-Match"));
        yield answer(200, singular, updated(collection, resource, wrapped(request, singular)));
      }
      case "DELETE" -> {
        removed(collection, path[1]);
        yield FakeAnswer.empty(204);
      }
      default -> FakeAnswer.empty(405);
    };
  }

  private String seenBy() {
    return trusting ? "" : FakeKeystone.PROJECT_ID;
  }

  private static FakeAnswer answer(int status, String singular, ObjectNode resource) {
    return FakeAnswer.json(status, Json.object().set(singular, resource).toString());
  }

  private static ObjectNode wrapped(FakeRequest request, String singular) {
    if (Json.parsed(request.body()).get(singular) instanceof ObjectNode body) {
      return body;
    }
    throw Refused.bad("Unable to find '" + singular + "' in request body");
  }

  private ObjectNode made(String collection, ObjectNode asked) {
    check(collection, asked);
    String project = Json.text(asked, "project_id");
    String owner = project.isEmpty() ? FakeKeystone.PROJECT_ID : project;
    int limit = quotas.getOrDefault(collection, -1);
    long used =
        resources.each(collection).stream()
            .filter(one -> Json.text(one, "project_id").equals(owner))
            .count();
    if (limit >= 0 && used >= limit) {
      throw new Refused(
          409,
          "OverQuota",
          "Quota exceeded for resources: ['" + SINGULAR.getOrDefault(collection, "") + "'].");
    }
    return switch (collection) {
      case "networks" -> subnets.network(asked, owner);
      case "subnets" -> subnets.subnet(asked, owner);
      case "subnetpools" -> subnets.pool(asked, owner);
      case "ports" -> ports.create(asked, owner);
      case "routers" -> routers.create(asked, owner);
      default -> resources.add(collection, asked.deepCopy(), owner);
    };
  }

  private ObjectNode updated(String collection, ObjectNode resource, ObjectNode change) {
    check(collection, change);
    return switch (collection) {
      case "ports" -> ports.update(resource, change);
      case "routers" -> routers.update(resource, change);
      default -> {
        resource.setAll(change);
        resources.changed(resource);
        yield resource;
      }
    };
  }

  private void removed(String collection, String id) {
    switch (collection) {
      case "networks" -> subnets.removeNetwork(id);
      case "subnets" -> subnets.removeSubnet(id);
      case "ports" -> ports.remove(id);
      default -> resources.remove(collection, id);
    }
  }

  private static void check(String collection, ObjectNode fields) {
    Iterator<String> names = fields.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!FIELDS.getOrDefault(collection, Set.of()).contains(name)) {
        throw Refused.bad("Unrecognized attribute(s) '" + name + "'");
      }
    }
    for (String text : List.of("name", "description")) {
      if (Json.text(fields, text).length() > LONGEST_TEXT) {
        throw Refused.bad(
            "Invalid input for %s. Reason: '%s' exceeds maximum length of %d."
                .formatted(text, Json.text(fields, text), LONGEST_TEXT));
      }
    }
  }

  private static void checkRevision(ObjectNode resource, Optional<String> match) {
    String current = "revision_number=" + resource.path("revision_number").asLong();
    if (match.isPresent() && !match.get().equals(current)) {
      throw new Refused(
          412,
          "RevisionNumberConstraintFailed",
          "Constrained to %s, but current revision is %s"
              .formatted(match.get(), resource.path("revision_number").asText()));
    }
  }

  private ObjectNode quota() {
    ObjectNode answer = Json.object();
    ObjectNode quota = answer.putObject("quota");
    quotas.forEach(
        (collection, limit) ->
            quota
                .putObject(SINGULAR.getOrDefault(collection, collection))
                .put("limit", limit)
                .put("used", resources.each(collection).size())
                .put("reserved", 0));
    return answer;
  }

  @Override
  protected FakeAnswer throttled(FakeRequest request) {
    return Refused.answer(429, "HTTPTooManyRequests", "This request was rate-limited.")
        .with("Retry-After", "1");
  }

  @Override
  protected FakeAnswer failed(FakeRequest request) {
    return Refused.answer(
        500,
        "HTTPInternalServerError",
        "Request Failed: internal server error while processing your request.");
  }
}
