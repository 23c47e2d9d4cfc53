package io.dualstack.impl.policy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.StoreUnavailableException;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.http.MutualTls;
import io.dualstack.impl.http.RemoteService;
import io.dualstack.impl.http.TestAuthority;
import io.dualstack.impl.http.TestAuthority.Identity;
import io.dualstack.impl.http.TlsServer;
import io.dualstack.impl.metrics.PrometheusMeters;
import io.dualstack.impl.policy.store.memory.MemoryPolicyStore;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpRange;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.GroupRule;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyFilter;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyStore;
import io.dualstack.policy.PolicyTag;
import io.dualstack.testkit.TestClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The internal API as cells see it, byte for byte, over real TLS on the loopback address. */
class InternalPolicyServerTest {

  private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
  private static final MutualTls.Names NAMES =
      new MutualTls.Names("/ca_cert_file", "/server_cert_file", "/server_key_file");

  @TempDir private static Path folder;
  private static TestAuthority authority;
  private static Identity serverIdentity;
  private static Identity clientIdentity;

  private final PolicyStore store = new MemoryPolicyStore(2, TestClock.atNoon());
  private final PrometheusMeters meters = PrometheusMeters.of("the test", "policy_server");
  private TlsServer server;
  private HttpClient client;

  @BeforeAll
  static void issue_certificates() {
    authority = TestAuthority.in(folder, "ca");
    serverIdentity = authority.issue("server");
    clientIdentity = authority.issue("client");
  }

  @BeforeEach
  void serve() throws IOException {
    server = InternalPolicyServer.start(ANY, tls(authority, serverIdentity), store, meters);
    MutualTls tls = tls(authority, clientIdentity);
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls.context())
            .sslParameters(tls.clientParameters())
            .build();
  }

  @AfterEach
  void stop() {
    server.close();
    store.close();
  }

  private static MutualTls tls(TestAuthority trusted, Identity own) {
    return MutualTls.read(trusted.certificate(), own.certificate(), own.key(), NAMES);
  }

  private URI uri(String path) {
    return URI.create("https://127.0.0.1:" + server.address().getPort() + path);
  }

  private String call(String method, String path, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri("/networking/v1/internal/" + path))
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }

  private String get(String path) throws Exception {
    return call("GET", path, "");
  }

  private PolicyServerClient remote(Identity identity) {
    return new PolicyServerClient(
        RemoteService.of(uri("/"), Duration.ofSeconds(60), tls(authority, identity)));
  }

  private PolicyServerClient remote() {
    return remote(clientIdentity);
  }

  private static NetworkPolicy policy(String source, String destination, int first, int last) {
    return new NetworkPolicy(
        source, new PolicyDestination.App(destination, Protocol.TCP, PortRange.of(first, last)));
  }

  private static NetworkPolicy egress(Traffic traffic, String range) {
    return new NetworkPolicy(
        "a", new PolicyDestination.Addresses(List.of(IpRange.parse(range)), traffic));
  }

  private void create(NetworkPolicy... policies) {
    store.create(List.of(policies), 100);
  }

  // Policies

  @Test
  void tells_policies_with_their_tags() throws Exception {
    assertThat(get("policies")).isEqualTo("200 {\"total_policies\":0,\"policies\":[]}");

    create(policy("a", "b", 8080, 8090), policy("b", "c", 53, 53));

    String first =
        "{\"source\":{\"id\":\"a\",\"tag\":\"0001\"},\"destination\":{\"id\":\"b\",\"tag\":\"0002\","
            + "\"protocol\":\"tcp\",\"ports\":{\"start\":8080,\"end\":8090}}}";
    String second =
        "{\"source\":{\"id\":\"b\",\"tag\":\"0002\"},\"destination\":{\"id\":\"c\",\"tag\":\"0003\","
            + "\"protocol\":\"tcp\",\"ports\":{\"start\":53,\"end\":53}}}";
    assertThat(get("policies"))
        .isEqualTo("200 {\"total_policies\":2,\"policies\":[" + first + "," + second + "]}");
    assertThat(get("policies?id=c,x"))
        .isEqualTo("200 {\"total_policies\":1,\"policies\":[" + second + "]}");
    assertThat(get("policies?id=a"))
        .isEqualTo("200 {\"total_policies\":1,\"policies\":[" + first + "]}");
  }

  @Test
  void addresses_are_told_only_to_who_asks_so_that_agents_of_today_see_what_they_saw()
      throws Exception {
    create(
        policy("a", "b", 1, 1),
        egress(
            new Traffic.Ports(Protocol.UDP, List.of(PortRange.single(53))),
            "2001:db8::1-2001:db8::ff"),
        egress(new Traffic.Icmp(IpFamily.IPV6, -1, -1), "2001:db8::1"));

    assertThat(get("policies")).startsWith("200 {\"total_policies\":1").doesNotContain("ips");
    assertThat(get("policies?egress=true"))
        .startsWith("200 {\"total_policies\":3")
        .contains(
            "{\"source\":{\"id\":\"a\",\"tag\":\"0001\"},\"destination\":{\"id\":\"\","
                + "\"protocol\":\"udp\",\"ports\":{\"start\":53,\"end\":53},"
                + "\"ips\":[{\"start\":\"2001:db8::1\",\"end\":\"2001:db8::ff\"}]}}")
        .contains("\"icmp_type\":-1,\"icmp_code\":-1");
    assertThat(remote().policies(Set.of())).isEqualTo(store.policies(PolicyFilter.ALL));
    assertThat(remote().policies(Set.of("b")))
        .isEqualTo(store.policies(PolicyFilter.touching(Set.of("b"))));
  }

  @Test
  void tells_when_policies_changed_last_in_nanoseconds() throws Exception {
    long before = remote().lastUpdated();

    create(policy("a", "b", 1, 1));

    assertThat(get("policies_last_updated"))
        .isEqualTo(
            "200 " + (TestClock.atNoon().instant().getEpochSecond() * 1_000_000_000L + 1_000));
    assertThat(remote().lastUpdated()).isGreaterThan(before);
  }

  @Test
  void any_version_will_do_for_what_is_only_read() throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri("/networking/v0/internal/policies")).build(),
            BodyHandlers.ofString());

    assertThat(answer.body()).isEqualTo("{\"total_policies\":0,\"policies\":[]}");
  }

  // Security groups

  private static BoundSecurityGroup group(
      String guid, boolean running, @Nullable Integer type, String... spaces) {
    return new BoundSecurityGroup(
        guid,
        "n-" + guid,
        List.of(new GroupRule("icmp", "10.0.0.0/8,::/0", "", type, null, "say \"hi\"", true)),
        false,
        running,
        Set.of(),
        Set.of(spaces));
  }

  @Test
  void rules_are_text_that_holds_json_and_null_is_0_there() throws Exception {
    store.replaceSecurityGroups(List.of(group("g", true, null, "s")));

    assertThat(get("security_groups"))
        .isEqualTo(
            "200 {\"next\":0,\"security_groups\":[{\"guid\":\"g\",\"name\":\"n-g\",\"rules\":"
                + "\"[{\\\"protocol\\\":\\\"icmp\\\",\\\"destination\\\":\\\"10.0.0.0/8,::/0\\\","
                + "\\\"ports\\\":\\\"\\\",\\\"type\\\":0,\\\"code\\\":0,"
                + "\\\"description\\\":\\\"say \\\\\\\"hi\\\\\\\"\\\",\\\"log\\\":true}]\","
                + "\"staging_default\":false,\"running_default\":true,"
                + "\"staging_space_guids\":[],\"running_space_guids\":[\"s\"]}]}");
  }

  @Test
  void of_three_groups_a_limit_of_two_tells_two_and_where_the_third_is() throws Exception {
    store.replaceSecurityGroups(
        List.of(group("a", true, 8), group("b", false, 8, "s"), group("c", true, 8)));

    assertThat(get("security_groups?limit=2&space_guids=s"))
        .startsWith("200 {\"next\":3,")
        .contains("\"guid\":\"a\"", "\"guid\":\"b\"")
        .doesNotContain("\"guid\":\"c\"");
    assertThat(get("security_groups?limit=2&space_guids=s&from=3"))
        .startsWith("200 {\"next\":0,")
        .contains("\"guid\":\"c\"")
        .doesNotContain("\"guid\":\"b\"");
  }

  @Test
  void without_spaces_only_default_groups_are_told() throws Exception {
    store.replaceSecurityGroups(List.of(group("bound", false, 8, "s"), group("free", true, 8)));

    assertThat(get("security_groups")).contains("\"free\"").doesNotContain("\"bound\"");
    assertThat(get("security_groups?space_guids=s,t")).contains("\"free\"", "\"bound\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"from=x", "limit=1.5", "limit=two", "from=0x10"})
  void what_is_no_number_is_the_servers_error(String query) throws Exception {
    assertThat(get("security_groups?" + query))
        .startsWith("500 {\"error\": \"")
        .contains("must be a whole number");
  }

  @Test
  void a_client_gets_all_pages() {
    List<BoundSecurityGroup> groups = new ArrayList<>();
    for (int i = 0; i < 5_001; i++) {
      groups.add(group("g" + i, i % 2 == 0, 3, i % 2 == 0 ? "t" : "s"));
    }
    store.replaceSecurityGroups(groups);

    assertThat(remote().securityGroups(Set.of("s")))
        .extracting(BoundSecurityGroup::guid)
        .containsExactlyElementsOf(groups.stream().map(BoundSecurityGroup::guid).toList());
    assertThat(remote().securityGroups(Set.of())).hasSize(2_501);
  }

  // Tags

  @Test
  void the_same_id_and_type_get_the_same_tag_and_another_type_is_an_error() throws Exception {
    String wish = "{\"id\":\"INGRESS_ROUTER\",\"type\":\"router\"}";
    String tag = "200 {\"id\":\"INGRESS_ROUTER\",\"tag\":\"0001\",\"type\":\"router\"}";

    assertThat(call("PUT", "tags", wish)).isEqualTo(tag);
    assertThat(call("PUT", "tags", "{\"ID\":\"INGRESS_ROUTER\",\"Type\":\"router\"}"))
        .isEqualTo(tag);
    assertThat(call("PUT", "tags", "{\"id\":\"INGRESS_ROUTER\",\"type\":\"app\"}"))
        .startsWith("500 {\"error\": \"")
        .contains("is of type router and not app");
    assertThat(remote().tag("INGRESS_ROUTER", "router"))
        .isEqualTo(new PolicyGroup("INGRESS_ROUTER", "router", new PolicyTag(1, 2)));
  }

  @Test
  void bodies_that_are_no_json_are_refused() throws Exception {
    assertThat(call("PUT", "tags", "{")).startsWith("400 {\"error\": \"unmarshal-request: ");
    assertThat(call("PUT", "tags", "[]")).startsWith("400");
    assertThat(call("PUT", "tags", "{\"id\":1,\"type\":\"app\"}")).startsWith("400");
    assertThat(call("PUT", "tags", "{\"id\":\"" + "x".repeat(1 << 16) + "\"}")).startsWith("400");
  }

  // Who may ask

  @Test
  void other_paths_and_methods_are_not_there() throws Exception {
    assertThat(get("nothing")).startsWith("404");
    assertThat(get("policies/x")).startsWith("404");
    assertThat(call("POST", "policies", "")).startsWith("405");
    assertThat(get("tags")).startsWith("405");
  }

  @Test
  void refuses_clients_of_another_authority() {
    TestAuthority stranger = TestAuthority.in(folder, "stranger");

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> remote(stranger.issue("strange")).lastUpdated());
  }

  @Test
  void a_store_that_is_away_is_the_servers_error_and_is_counted() throws Exception {
    store.close();

    assertThat(get("policies")).startsWith("500 {\"error\": \"");
    assertThat(get("policies_last_updated")).startsWith("500");
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> remote().policies(Set.of()))
        .satisfies(failure -> assertThat(failure.retryable()).isTrue());
    assertThat(meters.text())
        .contains("policy_server_http_error_total 3.0", "policy_server_internal_policies_seconds");
  }
}
