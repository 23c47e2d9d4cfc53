package io.dualstack.impl.policy.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.metrics.PrometheusMeters;
import io.dualstack.impl.policy.cloud.FakeCloud;
import io.dualstack.impl.policy.store.memory.MemoryPolicyStore;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyStore;
import io.dualstack.testkit.TestClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The external API as people's tools see it, with UAA and Cloud Controller behind it. */
class ExternalPolicyApiTest {

  private static final String ADMIN = "bearer admin";
  private static final String JO = "Bearer jo";

  private final PolicyStore store = new MemoryPolicyStore(2, TestClock.atNoon());
  private final PrometheusMeters meters = PrometheusMeters.of("the test", "policy_server");
  private final HttpClient client = HttpClient.newHttpClient();
  private FakeCloud cloud;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    cloud = FakeCloud.start();
    cloud.token("admin", "admin-guid", "admin", "network.admin");
    cloud.token("jo", "jo-guid", "jo", "network.write");
    cloud.token("plain", "jo-guid", "jo", "cloud_controller.read");
    cloud.token("robot", "robot-client", "", "network.admin");
    for (String app : Set.of("a", "b", "c")) {
      cloud.app(app, "s-" + app);
    }
    cloud.developer("jo-guid", "s-a", "s-b", "s-z");
    server = serve(new ExternalPolicyApi.Rules(2, false, Set.of("https://ui.example")));
  }

  private HttpServer serve(ExternalPolicyApi.Rules rules) throws IOException {
    return Plain.start(
        new InetSocketAddress("127.0.0.1", 0),
        new ExternalPolicyApi(store, cloud.uaa(), cloud.controller(), rules, meters));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    cloud.close();
  }

  private HttpResponse<String> send(String method, String path, String token, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
            .method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", token);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private String call(String method, String path, String token, String body) throws Exception {
    HttpResponse<String> answer = send(method, "/networking/" + path, token, body);
    return answer.statusCode() + " " + answer.body();
  }

  private String get(String path, String token) throws Exception {
    return call("GET", "v1/external/" + path, token, "");
  }

  private String post(String path, String token, String body) throws Exception {
    return call("POST", "v1/external/" + path, token, body);
  }

  private static String policy(String source, String destination, int start, int end) {
    return """
        {"source":{"id":"%s"},"destination":{"id":"%s","protocol":"tcp","ports":{"start":%d,"end":%d}}}"""
        .formatted(source, destination, start, end);
  }

  private static String policies(String... policies) {
    return "{\"policies\":[" + String.join(",", policies) + "]}";
  }

  private static String told(String... policies) {
    return "200 {\"total_policies\":%d,\"policies\":[%s]}"
        .formatted(policies.length, String.join(",", policies));
  }

  private int stored() {
    return store.policies(PolicyFilter.ALL).size();
  }

  // Policies

  @Test
  void creates_lists_and_deletes_policies_without_telling_tags() throws Exception {
    String one = policy("a", "b", 8080, 8090);
    String two = policy("b", "c", 53, 53);

    assertThat(post("policies", ADMIN, policies(one, two))).isEqualTo("200 {}");
    assertThat(get("policies", ADMIN)).isEqualTo(told(one, two));
    assertThat(post("policies/delete", ADMIN, policies(one, one))).isEqualTo("200 {}");
    assertThat(get("policies", ADMIN)).isEqualTo(told(two));
    assertThat(get("tags", ADMIN))
        .isEqualTo(
            "200 {\"tags\":[{\"id\":\"b\",\"tag\":\"0002\",\"type\":\"app\"},"
                + "{\"id\":\"c\",\"tag\":\"0003\",\"type\":\"app\"}]}");
  }

  @Test
  void id_finds_either_end_and_wins_over_source_and_destination_which_go_together()
      throws Exception {
    String one = policy("a", "b", 1, 1);
    String two = policy("a", "c", 1, 1);
    String three = policy("b", "c", 1, 1);
    post("policies", ADMIN, policies(one, two, three));

    assertThat(get("policies?id=b", ADMIN)).isEqualTo(told(one, three));
    assertThat(get("policies?id=b,x&source_id=a&dest_id=c", ADMIN)).isEqualTo(told(one, three));
    assertThat(get("policies?source_id=a", ADMIN)).isEqualTo(told(one, two));
    assertThat(get("policies?dest_id=c", ADMIN)).isEqualTo(told(two, three));
    assertThat(get("policies?source_id=a,b&dest_id=b", ADMIN)).isEqualTo(told(one));
  }

  @Test
  void version_0_has_one_port_and_does_not_tell_what_it_has_no_words_for() throws Exception {
    String body =
        "{\"policies\":[{\"source\":{\"id\":\"a\"},\"destination\":"
            + "{\"id\":\"b\",\"protocol\":\"udp\",\"port\":53}}]}";

    assertThat(call("POST", "v0/external/policies", ADMIN, body)).isEqualTo("200 {}");
    post("policies", ADMIN, policies(policy("a", "b", 1, 2)));

    assertThat(call("GET", "v0/external/policies", ADMIN, ""))
        .isEqualTo(
            "200 {\"total_policies\":1,\"policies\":[{\"source\":{\"id\":\"a\"},"
                + "\"destination\":{\"id\":\"b\",\"protocol\":\"udp\",\"port\":53}}]}");
    assertThat(stored()).isEqualTo(2);
    assertThat(call("POST", "v0/external/policies/delete", ADMIN, body)).isEqualTo("200 {}");
    assertThat(stored()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"policies":[]}                                                  | missing policies
          {}                                                               | missing policies
          {"policies":{}}                                                  | must be an array
          {                                                                | mapper: Unexpected end-of-input
          SOURCE ''                                                        | missing source id
          DESTINATION ''                                                   | missing destination id
          PROTOCOL icmp                                                    | invalid destination protocol
          PROTOCOL TCP                                                     | invalid destination protocol
          PORTS {"start":0,"end":0}                                        | missing start port
          PORTS {}                                                         | missing start port
          PORTS {"start":-1,"end":5}                                       | invalid start port -1
          PORTS {"start":1,"end":65536}                                    | invalid end port 65536
          PORTS {"start":9,"end":8}                                        | invalid port range 9-8
          PORTS {"start":"9","end":10}                                     | must be a whole number
          TAG 0001                                                         | tags may not be given
          """)
  void each_wrong_policy_has_its_own_400(String wrong, String reason) throws Exception {
    String[] words = wrong.split(" ", 2);
    String value = words.length == 2 ? words[1].strip().replace("''", "") : "";
    String body =
        switch (words[0]) {
          case "SOURCE" -> policies(policy(value, "b", 1, 1));
          case "DESTINATION" -> policies(policy("a", value, 1, 1));
          case "PROTOCOL" -> policies(policy("a", "b", 1, 1).replace("tcp", value));
          case "PORTS" ->
              policies(policy("a", "b", 1, 1).replace("{\"start\":1,\"end\":1}", value));
          case "TAG" ->
              policies(
                  policy("a", "b", 1, 1)
                      .replace("\"id\":\"b\"", "\"id\":\"b\",\"tag\":\"" + value + "\""));
          default -> wrong;
        };

    assertThat(post("policies", ADMIN, body))
        .startsWith("400 {\"error\": \"mapper: ")
        .contains(reason);
    assertThat(post("policies/delete", ADMIN, body)).startsWith("400");
    assertThat(stored()).isZero();
  }

  @Test
  void one_wrong_policy_refuses_all_and_is_named() throws Exception {
    assertThat(post("policies", ADMIN, policies(policy("a", "b", 1, 1), policy("a", "c", 0, 1))))
        .isEqualTo("400 {\"error\": \"mapper: policies[1]: missing start port\"}");
    assertThat(stored()).isZero();
  }

  // Addresses

  private static String egress(String protocol, String ports, String ips) {
    return policies(
        """
        {"source":{"id":"a"},"destination":{"protocol":"%s","ports":%s,"ips":%s}}"""
            .formatted(protocol, ports, ips));
  }

  @Test
  void addresses_are_stored_and_told_in_canonical_text() throws Exception {
    assertThat(
            post(
                "policies",
                ADMIN,
                egress(
                    "tcp",
                    "{\"start\":443,\"end\":443}",
                    "[{\"start\":\"2001:0DB8::0001\",\"end\":\"2001:db8::00ff\"},"
                        + "{\"start\":\"192.0.2.1\",\"end\":\"192.0.2.1\"}]")))
        .isEqualTo("200 {}");

    assertThat(get("policies", ADMIN))
        .isEqualTo(
            told(
                "{\"source\":{\"id\":\"a\"},\"destination\":{\"id\":\"\",\"protocol\":\"tcp\","
                    + "\"ports\":{\"start\":443,\"end\":443},"
                    + "\"ips\":[{\"start\":\"192.0.2.1\",\"end\":\"192.0.2.1\"},"
                    + "{\"start\":\"2001:db8::1\",\"end\":\"2001:db8::ff\"}]}}"));
    assertThat(call("GET", "v0/external/policies", ADMIN, "")).isEqualTo(told());
    assertThat(
            post(
                "policies",
                ADMIN,
                egress("icmpv6", "{}", "[{\"start\":\"2001:db8::1\",\"end\":\"2001:db8::1\"}]")))
        .isEqualTo("200 {}");
    assertThat(get("policies", ADMIN)).contains("\"icmp_type\":-1,\"icmp_code\":-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tcp    | 2001:db8::2 | 2001:db8::1       | backwards
          tcp    | 2001:db8::1 | 192.0.2.1         | famil
          tcp    | 2001:db8::/64 | 2001:db8::1     | prefix
          tcp    | fe80::1%eth0 | fe80::1          | zone
          tcp    | ::ffff:192.0.2.1 | ::ffff:192.0.2.2 | IPv4-mapped
          tcp    | 010.0.0.1 | 10.0.0.1            | zero
          icmp   | 2001:db8::1 | 2001:db8::1       | use icmpv6
          icmpv6 | 192.0.2.1 | 192.0.2.1           | use icmp
          all    | 192.0.2.1 | 192.0.2.1           | invalid destination protocol
          """)
  void addresses_that_are_wrong_are_refused(
      String protocol, String start, String end, String reason) throws Exception {
    String ports = protocol.startsWith("icmp") ? "{}" : "{\"start\":1,\"end\":2}";

    assertThat(
            post(
                "policies",
                ADMIN,
                egress(
                    protocol, ports, "[{\"start\":\"%s\",\"end\":\"%s\"}]".formatted(start, end))))
        .startsWith("400 {\"error\": \"mapper: policies[0]: ")
        .contains(reason);
    assertThat(stored()).isZero();
  }

  @Test
  void addresses_are_for_administrators_to_write() throws Exception {
    String body =
        egress(
            "tcp", "{\"start\":1,\"end\":2}", "[{\"start\":\"192.0.2.1\",\"end\":\"192.0.2.1\"}]");

    assertThat(post("policies", JO, body)).startsWith("403");
    assertThat(post("policies", ADMIN, body)).startsWith("200");
    assertThat(get("policies", JO)).contains("192.0.2.1");
    assertThat(post("policies/delete", JO, body)).startsWith("403");
  }

  // Who may what

  @Test
  void a_developer_writes_and_sees_only_what_is_between_applications_of_own_spaces()
      throws Exception {
    String own = policy("a", "b", 1, 1);
    String half = policy("a", "c", 1, 1);

    assertThat(post("policies", JO, policies(own))).isEqualTo("200 {}");
    assertThat(post("policies", JO, policies(own, half)))
        .startsWith("403 {\"error\": \"one or more");
    assertThat(post("policies", JO, policies(policy("a", "unknown", 1, 1)))).startsWith("403");
    post("policies", ADMIN, policies(half));

    assertThat(get("policies", JO)).isEqualTo(told(own));
    assertThat(get("policies", ADMIN)).isEqualTo(told(own, half));
    assertThat(post("policies/delete", JO, policies(half))).startsWith("403");
    assertThat(stored()).isEqualTo(2);
  }

  @Test
  void the_quota_counts_what_is_there_and_not_for_administrators() throws Exception {
    assertThat(post("policies", JO, policies(policy("a", "b", 1, 1), policy("a", "b", 2, 2))))
        .startsWith("200");

    assertThat(post("policies", JO, policies(policy("a", "b", 3, 3))))
        .startsWith("403 {\"error\": \"policy quota exceeded: a: ");
    assertThat(post("policies", ADMIN, policies(policy("a", "b", 3, 3)))).startsWith("200");
    assertThat(stored()).isEqualTo(3);
  }

  @Test
  void the_order_of_checks_is_body_access_quota() throws Exception {
    String many =
        policies(
            IntStream.range(1, 9).mapToObj(i -> policy("c", "a", i, i)).toArray(String[]::new));

    assertThat(post("policies", JO, "nonsense")).startsWith("400");
    assertThat(post("policies", JO, many.replace("\"start\":8", "\"start\":0"))).startsWith("400");
    assertThat(post("policies", JO, many)).startsWith("403 {\"error\": \"one or more");
    cloud.app("c", "s-a");
    assertThat(post("policies", JO, many)).startsWith("403 {\"error\": \"policy quota");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "admin", "basic admin", "bearer ", "bearer unknown", "bearer a b"})
  void without_a_good_token_everything_is_401(String token) throws Exception {
    assertThat(get("policies", token)).startsWith("401 {\"error\": \"");
    assertThat(get("whoami", token)).startsWith("401");
    assertThat(post("policies", token, policies(policy("a", "b", 1, 1)))).startsWith("401");
    assertThat(stored()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, policies, 403, 200",
    "GET, whoami, 403, 403",
    "GET, tags, 403, 403",
    "POST, policies/cleanup, 403, 403"
  })
  void scopes_are_checked(String method, String path, int none, int write) throws Exception {
    assertThat(call(method, "v1/external/" + path, "bearer plain", "")).startsWith(none + " {");
    assertThat(call(method, "v1/external/" + path, JO, "")).startsWith(write + " {");
    assertThat(call(method, "v1/external/" + path, ADMIN, "")).startsWith("200 {");
  }

  @Test
  void with_self_service_developers_need_no_scope_but_for_what_is_for_administrators()
      throws Exception {
    server.stop(0);
    server = serve(new ExternalPolicyApi.Rules(2, true, Set.of()));

    assertThat(post("policies", "bearer plain", policies(policy("a", "b", 1, 1))))
        .startsWith("200");
    assertThat(post("policies", "bearer plain", policies(policy("a", "c", 1, 1))))
        .startsWith("403");
    assertThat(get("tags", "bearer plain")).startsWith("403");
    assertThat(get("whoami", "bearer plain")).startsWith("403");
  }

  @Test
  void whoami_is_the_name_of_a_user_and_the_subject_of_a_client() throws Exception {
    assertThat(get("whoami", ADMIN)).isEqualTo("200 {\"subject\":\"admin\"}");
    assertThat(get("whoami", "bearer robot")).isEqualTo("200 {\"subject\":\"robot-client\"}");
  }

  @Test
  void cleanup_deletes_and_tells_policies_of_applications_that_are_gone() throws Exception {
    String kept = policy("a", "b", 1, 1);
    String stale = policy("a", "c", 1, 1);
    post("policies", ADMIN, policies(kept, stale));
    assertThat(post("policies/cleanup", ADMIN, "")).isEqualTo(told());

    cloud.removeApp("c");

    assertThat(post("policies/cleanup", ADMIN, "")).isEqualTo(told(stale));
    assertThat(get("policies", ADMIN)).isEqualTo(told(kept));
  }

  @Test
  void a_cloud_that_is_away_is_the_servers_error_and_deletes_nothing() throws Exception {
    post("policies", ADMIN, policies(policy("a", "b", 1, 1)));
    cloud.away(true);

    assertThat(get("policies", ADMIN)).startsWith("500 {\"error\": \"");
    assertThat(post("policies/cleanup", ADMIN, "")).startsWith("500");
    assertThat(stored()).isEqualTo(1);
  }

  // HTTP

  @Test
  void errors_are_json_whatever_they_say() throws Exception {
    String answer =
        post("policies", ADMIN, policies(policy("a", "b", 1, 1)).replace("1}", "\\\"}"));

    assertThat(answer).startsWith("400 ");
    assertThat(
            JsonBody.readAny(answer.substring(4).getBytes(StandardCharsets.UTF_8))
                .path("error")
                .isTextual())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2", "V1", "v", "1", "v01"})
  void other_versions_are_406(String version) throws Exception {
    assertThat(call("GET", version + "/external/policies", ADMIN, "")).startsWith("406 {\"error\"");
    assertThat(call("GET", version + "/external/policies", "", "")).startsWith("406 {\"error\"");
  }

  @Test
  void a_body_of_10_mib_is_read_and_a_longer_one_is_not() throws Exception {
    String body = policies(policy("a", "b", 1, 1));
    String padding = " ".repeat((10 << 20) - body.length());

    assertThat(post("policies", ADMIN, body + padding + " "))
        .startsWith("400")
        .contains("too large");
    assertThat(stored()).isZero();
    assertThat(post("policies", ADMIN, body + padding)).isEqualTo("200 {}");
  }

  @Test
  void pages_of_allowed_origins_may_call() throws Exception {
    assertThat(origin("OPTIONS", "https://ui.example")).isEqualTo("200 https://ui.example");
    assertThat(origin("GET", "https://ui.example")).isEqualTo("401 https://ui.example");
    assertThat(origin("OPTIONS", "https://evil.example")).isEqualTo("200 ");
    server.stop(0);
    server = serve(new ExternalPolicyApi.Rules(2, false, Set.of("*")));
    assertThat(origin("OPTIONS", "https://any.example")).isEqualTo("200 https://any.example");
  }

  private String origin(String method, String origin) throws Exception {
    // The JDK's client lets nobody set this header unless told to at its start.
    try (var socket = new java.net.Socket("127.0.0.1", server.getAddress().getPort())) {
      socket
          .getOutputStream()
          .write(
              "%s /networking/v1/external/policies HTTP/1.1\r\nHost: x\r\nOrigin: %s\r\nConnection: close\r\n\r\n"
                  .formatted(method, origin)
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      String allowed =
          Arrays.stream(answer.split("\r\n", -1))
              .filter(
                  line ->
                      line.toLowerCase(java.util.Locale.ROOT)
                          .startsWith("access-control-allow-origin: "))
              .map(line -> line.substring("access-control-allow-origin: ".length()))
              .collect(Collectors.joining());
      return answer.split(" ", -1)[1] + " " + allowed;
    }
  }

  @Test
  void uptime_and_health_are_for_everybody() throws Exception {
    assertThat(send("GET", "/", "", "").body()).startsWith("Network policy server, up for 0");
    assertThat(send("GET", "/networking", "", "").body()).startsWith("Network policy server, up");
    assertThat(send("GET", "/health", "", "").statusCode()).isEqualTo(200);
    assertThat(send("GET", "/health", "", "").body()).isEmpty();
    assertThat(send("GET", "/nothing", "", "").statusCode()).isEqualTo(404);
    assertThat(call("PUT", "v1/external/policies", ADMIN, "")).startsWith("405");
    assertThat(call("GET", "v1/external/policies/delete", ADMIN, "")).startsWith("405");
  }

  @Test
  void requests_are_timed_and_errors_counted() throws Exception {
    get("policies", ADMIN);
    get("policies", "");

    assertThat(meters.text())
        .contains(
            "policy_server_policies_index_seconds_count 2", "policy_server_http_error_total 1.0");
  }
}
