package io.dualstack.impl.policy.cloud;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.ClientTls;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.http.Query;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * UAA and Cloud Controller on the loopback address, as far as they are asked. Pages are small,
 * whatever the caller asks for.
 */
public final class FakeCloud implements AutoCloseable {

  private static final String CLIENT = "network-policy";
  private static final String SECRET = "s3:cret";

  private final HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, ObjectNode> tokens = new TreeMap<>();
  private final Map<String, String> apps = new TreeMap<>();
  private final Map<String, Set<String>> developers = new TreeMap<>();
  private final List<ObjectNode> securityGroups = new ArrayList<>();
  private @Nullable String latestUpdate;
  private Runnable afterPage = () -> {};
  private static final int PER_PAGE = 2;
  private boolean away;

  private FakeCloud(HttpServer server) {
    this.server = server;
  }

  /** Starts both. */
  public static FakeCloud start() throws IOException {
    return start("127.0.0.1");
  }

  /** Starts both on an address. */
  public static FakeCloud start(String address) throws IOException {
    FakeCloud[] made = new FakeCloud[1];
    HttpServer server =
        Plain.start(
            new InetSocketAddress(address, 0),
            exchange -> Plain.send(exchange, made[0].answer(exchange)));
    made[0] = new FakeCloud(server);
    return made[0];
  }

  // What there is

  /** Issues a token of somebody. */
  public synchronized void token(String token, String subject, String userName, String... scopes) {
    ObjectNode claims = JsonBody.object().put("sub", subject).put("client_id", "cf");
    if (!userName.isEmpty()) {
      claims.put("user_id", subject).put("user_name", userName);
    }
    List.of(scopes).forEach(claims.putArray("scope")::add);
    tokens.put(token, claims);
  }

  /** Puts an application into a space. */
  public synchronized void app(String app, String space) {
    apps.put(app, space);
  }

  /** Removes an application. */
  public synchronized void removeApp(String app) {
    apps.remove(app);
  }

  /** Makes somebody a developer. */
  public synchronized void developer(String user, String... spaces) {
    developers.put(user, Set.of(spaces));
  }

  /** Adds a security group with one rule, bound to a space for running. */
  public synchronized ObjectNode securityGroup(String guid, String space) {
    ObjectNode group = JsonBody.object().put("guid", guid).put("name", "n-" + guid);
    group.putObject("globally_enabled").put("running", false).put("staging", true);
    group
        .putArray("rules")
        .addObject()
        .put("protocol", "icmp")
        .put("destination", "not looked at")
        .putNull("type")
        .put("code", 0);
    ObjectNode related = group.putObject("relationships");
    related.putObject("staging_spaces").putArray("data");
    related.putObject("running_spaces").putArray("data").addObject().put("guid", space);
    securityGroups.add(group);
    return group;
  }

  /** Removes all security groups. */
  public synchronized void removeSecurityGroups() {
    securityGroups.clear();
  }

  /** Sets when security groups changed last; null when that is not known. */
  public synchronized void latestUpdate(@Nullable String time) {
    latestUpdate = time;
  }

  /** Does something after each page of security groups. */
  public synchronized void afterPage(Runnable action) {
    afterPage = action;
  }

  /** Answers every request by 503, or no longer. */
  public synchronized void away(boolean isAway) {
    away = isAway;
  }

  /** Returns method and path of each request, and forgets them. */
  public List<String> takeRequests() {
    List<String> taken = List.copyOf(requests);
    requests.clear();
    return taken;
  }

  // Who asks

  /** Returns where both are. */
  public URI url() {
    InetSocketAddress address = server.getAddress();
    return URI.create(
        "http://%s:%d"
            .formatted(IpAddress.of(address.getAddress()).toUriHost(), address.getPort()));
  }

  private RemoteService remote() {
    return RemoteService.of(url(), Duration.ofSeconds(60), (ClientTls) null);
  }

  /** Returns a client that UAA knows. */
  public Uaa uaa() {
    return new Uaa(remote(), CLIENT, SECRET);
  }

  /** Returns a client that UAA does not know. */
  public Uaa strangeUaa() {
    return new Uaa(remote(), CLIENT, "wrong");
  }

  /** Returns a client of Cloud Controller. */
  public CloudController controller() {
    return new CloudController(remote(), uaa()::ownToken, 3);
  }

  /** Returns a client of Cloud Controller's internal API. */
  public LatestUpdate latestUpdate() {
    return new LatestUpdate(remote());
  }

  // Answers

  private synchronized Answer answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (away) {
      return Answer.error(503, "away");
    }
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    return switch (path) {
      case "/check_token" -> isClient(authorization) ? checkToken(body) : refused();
      case "/oauth/token" ->
          isClient(authorization) && body.startsWith("grant_type=client_credentials")
              ? Answer.ok("{\"access_token\":\"own\",\"expires_in\":600}")
              : refused();
      case "/internal/v4/asg_latest_update" ->
          latestUpdate == null
              ? Answer.error(404, "unknown")
              : Answer.ok("{\"last_update\":\"" + latestUpdate + "\"}");
      default ->
          "bearer own".equals(authorization) ? resources(path, Query.of(exchange)) : refused();
    };
  }

  private static boolean isClient(String authorization) {
    return ("Basic "
            + Base64.getEncoder()
                .encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8)))
        .equals(authorization);
  }

  private static Answer refused() {
    return Answer.error(401, "unauthorized");
  }

  private Answer checkToken(String body) {
    ObjectNode claims = tokens.get(body.replaceFirst("^token=", ""));
    return claims == null ? Answer.error(400, "invalid_token") : Answer.ok(JsonBody.bytes(claims));
  }

  private Answer resources(String path, Query query) {
    List<ObjectNode> found = new ArrayList<>();
    switch (path) {
      case "/v3/apps" -> {
        Set<String> guids = query.list("guids");
        apps.forEach(
            (app, space) -> {
              if (guids.contains(app)) {
                found.add(inSpace(JsonBody.object().put("guid", app), space));
              }
            });
      }
      case "/v3/roles" -> {
        if (query.text("types").filter("space_developer"::equals).isPresent()) {
          query
              .list("user_guids")
              .forEach(
                  user ->
                      developers.getOrDefault(user, Set.of()).stream()
                          .sorted()
                          .forEach(space -> found.add(inSpace(JsonBody.object(), space))));
        }
      }
      case "/v3/security_groups" -> found.addAll(securityGroups);
      default -> {
        return Answer.error(404, "not found");
      }
    }
    Answer answer = page(found, Integer.parseInt(query.text("page").orElse("1")));
    if (path.equals("/v3/security_groups")) {
      afterPage.run();
    }
    return answer;
  }

  private Answer page(List<ObjectNode> all, int page) {
    ObjectNode document = JsonBody.object();
    ObjectNode pagination = document.putObject("pagination").put("total_results", all.size());
    if (all.size() > page * PER_PAGE) {
      pagination.putObject("next").put("href", "https://elsewhere/page");
    } else {
      pagination.putNull("next");
    }
    ArrayNode resources = document.putArray("resources");
    all.stream().skip((page - 1L) * PER_PAGE).limit(PER_PAGE).forEach(resources::add);
    return Answer.ok(JsonBody.bytes(document));
  }

  private static ObjectNode inSpace(ObjectNode resource, String space) {
    resource.putObject("relationships").putObject("space").putObject("data").put("guid", space);
    return resource;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
