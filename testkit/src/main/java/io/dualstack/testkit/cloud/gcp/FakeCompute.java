package io.dualstack.testkit.cloud.gcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.net.IpAddress;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.FakeServer;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compute Engine's API for one region of one project, as far as networks need it: addresses,
 * subnetworks, the NICs of instances, operations. Requests are checked strictly: a key, a parameter
 * or a filter that it doesn't know is refused. It asks for no credentials.
 *
 * <p>Operations, as {@link io.dualstack.testkit.cloud.Faults#next} names them: {@code
 * addresses.insert}, {@code addresses.delete}, {@code addresses.get}, {@code addresses.list},
 * {@code subnetworks.get}, {@code subnetworks.list}, {@code instances.get}, {@code
 * instances.aggregatedList}, {@code instances.updateNetworkInterface}, {@code regions.get}, {@code
 * operations.get}, {@code operations.wait}.
 *
 * <p>What the real service does beyond that isn't there: it makes no instances by its API, keeps no
 * networks, and answers at once where the real one takes a while, unless a test says otherwise.
 * Thread-safe.
 */
public final class FakeCompute extends FakeServer {
  private static final String ROOT = "https://www.googleapis.com/compute/v1/";

  private final String project;
  private final String region;
  private final Map<String, FakeSubnetwork> subnetworks = new LinkedHashMap<>();
  private final Instances instances;
  private final Addresses addresses;
  private final Operations operations = new Operations();
  private final Pages pages = new Pages();
  private OffsetDateTime time = OffsetDateTime.parse("2026-01-01T00:00:00.001-08:00");
  private final Map<String, Deque<Runnable>> before = new HashMap<>();

  /**
   * Starts to listen, with no subnetwork.
   *
   * @param project the project
   * @param region the region
   */
  public FakeCompute(String project, String region) {
    this.project = project;
    this.region = region;
    this.instances =
        new Instances(this::url, zone -> projectUrl(project) + "/zones/" + zone, this::tick);
    this.addresses = new Addresses(this::subnetwork, instances, this::tick);
  }

  /** A time after all earlier ones, as resources have it that say when they were made. */
  private String tick() {
    time = time.plus(1, ChronoUnit.MILLIS);
    return time.toString();
  }

  // What a test sets up

  /**
   * Adds a subnetwork, in place of one of the same project and name.
   *
   * @param subnetwork the subnetwork
   */
  public synchronized void add(FakeSubnetwork subnetwork) {
    subnetworks.put(url(subnetwork), subnetwork);
  }

  /**
   * Makes an instance with one NIC, of IPv4 alone, as somebody else would.
   *
   * @param zone its zone
   * @param name its name
   * @param subnetwork the name of a subnetwork
   * @param address its address, reserved or not
   * @throws IllegalArgumentException if another instance has the address
   */
  public synchronized void createInstance(
      String zone, String name, String subnetwork, IpAddress address) {
    FakeSubnetwork in =
        subnetworks.values().stream()
            .filter(one -> one.name().equals(subnetwork))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(subnetwork + ": is no subnetwork"));
    instances.create(zone, name, in, address);
  }

  /**
   * Deletes an instance as somebody else would. Deleting twice is deleting once.
   *
   * @param zone its zone
   * @param name its name
   */
  public synchronized void deleteInstance(String zone, String name) {
    instances.delete(zone, name);
  }

  /**
   * Changes the NIC of an instance as somebody else would.
   *
   * @param zone its zone
   * @param name its name
   * @param patch the JSON of a NetworkInterface, without its fingerprint
   */
  public synchronized void updateInstance(String zone, String name, String patch) {
    String fingerprint = nic(zone, name).path("fingerprint").asText();
    instances.update(
        zone, name, "nic0", patch.replaceFirst("\\{", "{\"fingerprint\":\"" + fingerprint + "\","));
  }

  /**
   * Lets listings of addresses show changes that are made from now on only later.
   *
   * @param listings how many listings don't show a change yet; 0 for none
   */
  public synchronized void lag(int listings) {
    addresses.lag(listings);
  }

  /**
   * Lets operations that are begun from now on take a while.
   *
   * @param looks how often one must be asked about until it is done; 0 if it is done at once, 1 at
   *     the start
   */
  public synchronized void pending(int looks) {
    operations.looks(looks);
  }

  /**
   * Limits how many addresses can be reserved.
   *
   * @param most the limit; 1000 at the start
   */
  public synchronized void quota(int most) {
    addresses.quota(most);
  }

  /**
   * Limits how much a page of a listing has, whatever is asked for.
   *
   * @param most the limit; 500 at the start
   */
  public synchronized void pageSize(int most) {
    pages.limit(most);
  }

  /**
   * Lets something happen between two requests, just before the next of an operation.
   *
   * @param operation the operation's name
   * @param happening what happens
   */
  public synchronized void beforeNext(String operation, Runnable happening) {
    before.computeIfAbsent(operation, key -> new ArrayDeque<>()).add(happening);
  }

  /**
   * Releases a reserved address, as somebody else would.
   *
   * @param name the name of the resource
   */
  public synchronized void releaseAddress(String name) {
    addresses.delete(name);
  }

  // What a test looks at

  /**
   * Returns the address resources as the API would describe them.
   *
   * @return JSON objects, in the order they were made
   */
  public synchronized List<String> addresses() {
    return addresses.all().stream().map(ObjectNode::toString).toList();
  }

  /**
   * Returns the NIC of an instance as the API would describe it.
   *
   * @param zone the instance's zone
   * @param name the instance's name
   * @return a JSON object
   * @throws IllegalArgumentException if there is no such instance
   */
  public synchronized String networkInterface(String zone, String name) {
    try {
      return nic(zone, name).toString();
    } catch (Refusal e) {
      throw new IllegalArgumentException(name + ": is no instance in " + zone, e);
    }
  }

  private ObjectNode nic(String zone, String name) {
    return (ObjectNode) instances.get(zone, name).path("networkInterfaces").get(0);
  }

  // Answering

  @Override
  protected String operation(FakeRequest request) {
    return ApiCall.of(request).map(ApiCall::operation).orElse("unknown");
  }

  @Override
  protected FakeAnswer answer(FakeRequest request) {
    try {
      ApiCall call = ApiCall.of(request).orElseThrow(() -> Refusal.notFound(request.path()));
      String operation = call.operation();
      Deque<Runnable> happenings = before.get(operation);
      if (happenings != null && !happenings.isEmpty()) {
        happenings.poll().run();
      }
      Pages.checkParameters(request);
      return FakeAnswer.json(200, answer(request, call, operation).toString());
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  private ObjectNode answer(FakeRequest request, ApiCall call, String operation) {
    if (!operation.startsWith("subnetworks.") && !call.project().equals(project)) {
      throw Refusal.notFound("projects/" + call.project());
    }
    if (call.kind().equals("regions") && !call.part(0).equals(region)) {
      throw Refusal.notFound("projects/" + call.project() + "/regions/" + call.part(0));
    }
    return switch (operation) {
      case "addresses.list" -> list("compute#addressList", request, addresses.listed());
      case "addresses.get" -> addresses.get(call.part(2));
      case "addresses.insert" ->
          operations.begin(
              "insert",
              "region",
              regionUrl(),
              Pages.parameter(request, "requestId"),
              () -> addresses.insert(region, regionUrl(), request.body()));
      case "addresses.delete" ->
          operations.begin(
              "delete",
              "region",
              regionUrl(),
              Pages.parameter(request, "requestId"),
              () -> addresses.delete(call.part(2)));
      case "subnetworks.list" ->
          list(
              "compute#subnetworkList",
              request,
              subnetworks.values().stream()
                  .filter(subnetwork -> owner(subnetwork).equals(call.project()))
                  .map(this::shown)
                  .toList());
      case "subnetworks.get" ->
          shown(
              subnetwork(
                  "projects/%s/regions/%s/subnetworks/%s"
                      .formatted(call.project(), region, call.part(2))));
      case "instances.get" -> instances.get(call.part(0), call.part(2));
      case "instances.aggregatedList" -> aggregated(request);
      case "instances.updateNetworkInterface" ->
          operations.begin(
              "updateNetworkInterface",
              "zone",
              projectUrl(project) + "/zones/" + call.part(0),
              Pages.parameter(request, "requestId"),
              () ->
                  instances.update(
                      call.part(0),
                      call.part(2),
                      Pages.parameter(request, "networkInterface").orElse(""),
                      request.body()));
      case "operations.get", "operations.wait" -> operations.look(call.part(2), true);
      case "regions.get" -> region();
      default -> throw Refusal.notFound(request.method() + " " + request.path());
    };
  }

  private ObjectNode list(String kind, FakeRequest request, List<ObjectNode> all) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("kind", kind);
    List<ObjectNode> page = pages.page(request, all, answer);
    if (!page.isEmpty()) {
      ArrayNode items = answer.putArray("items");
      page.forEach(items::add);
    }
    return answer;
  }

  private ObjectNode aggregated(FakeRequest request) {
    ObjectNode answer =
        JsonNodeFactory.instance.objectNode().put("kind", "compute#instanceAggregatedList");
    List<ObjectNode> page = pages.page(request, instances.all(), answer);
    answer.set("items", Instances.byZone(page));
    return answer;
  }

  private ObjectNode region() {
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "compute#region")
            .put("name", region)
            .put("selfLink", regionUrl());
    answer
        .putArray("quotas")
        .addObject()
        .put("metric", "INTERNAL_ADDRESSES")
        .put("limit", (double) addresses.quota())
        .put("usage", (double) addresses.size());
    return answer;
  }

  private ObjectNode shown(FakeSubnetwork subnetwork) {
    ObjectNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "compute#subnetwork")
            .put("name", subnetwork.name())
            .put(
                "network",
                projectUrl(owner(subnetwork)) + "/global/networks/" + subnetwork.network())
            .put("region", projectUrl(owner(subnetwork)) + "/regions/" + region)
            .put("selfLink", url(subnetwork))
            .put("ipCidrRange", subnetwork.primary().toString())
            .put("gatewayAddress", subnetwork.primary().first().plus(1).toString())
            .put("stackType", subnetwork.ipv6() == null ? "IPV4_ONLY" : "IPV4_IPV6");
    subnetwork
        .secondary()
        .forEach(
            (name, range) ->
                answer
                    .withArray("secondaryIpRanges")
                    .addObject()
                    .put("rangeName", name)
                    .put("ipCidrRange", range.toString()));
    if (subnetwork.ipv6() != null) {
      String range = subnetwork.ipv6().toString();
      answer
          .put("ipv6AccessType", subnetwork.external() ? "EXTERNAL" : "INTERNAL")
          .put("ipv6CidrRange", range)
          .put(subnetwork.external() ? "externalIpv6Prefix" : "internalIpv6Prefix", range);
    }
    return answer;
  }

  @Override
  protected FakeAnswer throttled(FakeRequest request) {
    return new Refusal(
            403,
            "rateLimitExceeded",
            "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute'.")
        .answer();
  }

  @Override
  protected FakeAnswer failed(FakeRequest request) {
    return new Refusal(503, "backendError", "Internal error. Please try again.").answer();
  }

  // Names

  private FakeSubnetwork subnetwork(String url) {
    int start = url.indexOf("projects/");
    FakeSubnetwork found = start < 0 ? null : subnetworks.get(ROOT + url.substring(start));
    if (found == null) {
      throw Refusal.notFound(url);
    }
    return found;
  }

  private String owner(FakeSubnetwork subnetwork) {
    return subnetwork.project().isEmpty() ? project : subnetwork.project();
  }

  private String url(FakeSubnetwork subnetwork) {
    return "%s/regions/%s/subnetworks/%s"
        .formatted(projectUrl(owner(subnetwork)), region, subnetwork.name());
  }

  private String regionUrl() {
    return projectUrl(project) + "/regions/" + region;
  }

  private static String projectUrl(String project) {
    return ROOT + "projects/" + project;
  }
}
