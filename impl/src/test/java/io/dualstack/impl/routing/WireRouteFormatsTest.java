package io.dualstack.impl.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dualstack.RouteRefusedException;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.net.IpAddress;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouterStart;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireRouteFormatsTest {
  private static final RouteFormats FORMATS = new WireRouteFormats();

  // Bytes

  private static RouteMessage instance(String host) {
    return RouteMessage.to(RouteHost.parse(host), List.of("app.example.com", "app.example.com/api"))
        .port(61000)
        .tlsPort(61001)
        .protocol("http2")
        .app("b0c1a2d3")
        .instance("8a7f-guid", "0")
        .serverCertDomainSan("8a7f-guid")
        .isolationSegment("segment-1")
        .routeServiceUrl("https://service.example.com")
        .endpointUpdatedAtNanos(1748779200000000000L)
        .tags(Map.of("process_id", "p1", "component", "route-emitter"))
        .availabilityZone("z1")
        .options(Map.of("loadbalancing", "round-robin"))
        .build();
  }

  private static RouteMessage plain(String host) {
    return RouteMessage.to(RouteHost.parse(host), List.of("db.example.com")).port(8080).build();
  }

  private static String text(RouteMessage message, RouteAudience audience) {
    return new String(FORMATS.message(message, audience), UTF_8) + "\n";
  }

  @Test
  void without_an_ipv6_host_every_byte_is_as_it_was() {
    GoldenFiles.of("routing/ipv4")
        .assertMatch(
            Map.of(
                "instance.json", text(instance("10.0.1.5"), RouteAudience.ROUTER),
                "plain.json", text(plain("10.0.1.5"), RouteAudience.ROUTER),
                "name.json", text(plain("db.service.internal"), RouteAudience.ROUTER),
                "internal.json",
                    text(
                        RouteMessage.to(
                                RouteHost.parse("10.255.7.2"),
                                List.of("app.apps.internal", "0.app.apps.internal"))
                            .app("b0c1a2d3")
                            .instance("", "0")
                            .tags(Map.of("component", "route-emitter"))
                            .build(),
                        RouteAudience.SERVICE_DISCOVERY),
                "start.json",
                    new String(
                            FORMATS.start(
                                new RouterStart("0-7f3c", List.of("10.0.0.9"), 20, 120, Map.of())),
                            UTF_8)
                        + "\n"));
  }

  @ParameterizedTest
  @CsvSource({"10.0.1.5, ROUTER", "2001:db8::5, ROUTER", "2001:db8::5, SERVICE_DISCOVERY"})
  void only_the_host_differs_between_the_families(String host, RouteAudience audience) {
    String family4 = text(instance("10.0.1.5"), audience);
    String expected = audience.hostText(RouteHost.parse(host));

    assertThat(text(instance(host), audience))
        .isEqualTo(family4.replace("\"10.0.1.5\"", "\"" + expected + "\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2001:db8::1", "2001:DB8::1", "2001:db8:0::1", "[2001:db8::1]", "[2001:DB8::0:1]"})
  void every_form_of_an_ipv6_host_is_read_and_one_is_written(String host) {
    RouteMessage read = parse("{\"host\":\"%s\",\"port\":80,\"uris\":[\"a\"]}".formatted(host));

    assertThat(read.host()).isEqualTo(RouteHost.of(IpAddress.parse("2001:db8::1")));
    assertThat(text(read, RouteAudience.ROUTER)).contains("\"host\":\"[2001:db8::1]\"");
    assertThat(text(read, RouteAudience.SERVICE_DISCOVERY)).contains("\"host\":\"2001:db8::1\"");
  }

  private static RouteMessage parse(String json) {
    return FORMATS.parseMessage(json.getBytes(UTF_8));
  }

  // Reading

  @Test
  void what_has_no_name_here_is_written_again() {
    String json =
        "{\"host\":\"10.0.0.1\",\"port\":80,\"uris\":[],"
            + "\"options\":{\"hash_header\":\"X\",\"hash_balance\":1.250,\"more\":null},"
            + "\"allowed_sources\":{\"apps\":[\"a\"],\"any\":false},\"later\":[1,2.50,\"x\",{}],"
            + "\"none\":null}";

    assertThat(text(parse(json), RouteAudience.ROUTER)).isEqualTo(json + "\n");
  }

  @Test
  void null_is_nothing_and_keys_are_read_in_any_case_as_go_does() {
    RouteMessage read =
        parse(
            "{\"Host\":\"10.0.0.1\",\"port\":null,\"URIs\":[\"a\"],\"tags\":null,\"app\":null,"
                + "\"options\":null,\"uris\":null}");

    assertThat(read)
        .isEqualTo(
            RouteMessage.to(RouteHost.parse("10.0.0.1"), List.of())
                .others(Map.of("URIs", List.of("a")))
                .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"uris\":[]}|/host|Host",
        "{\"host\":\"10.0.0.256\"}|/host|Host",
        "{\"host\":\"::ffff:10.0.0.1\"}|/host|Host",
        "{\"host\":7}|/host|Malformed",
        "{\"host\":\"a\",\"port\":65536}|/port|Malformed",
        "{\"host\":\"a\",\"port\":-1}|/port|Malformed",
        "{\"host\":\"a\",\"port\":1.5}|/port|Malformed",
        "{\"host\":\"a\",\"port\":\"80\"}|/port|Malformed",
        "{\"host\":\"a\",\"tls_port\":65536}|/tls_port|Malformed",
        "{\"host\":\"a\",\"uris\":\"a\"}|/uris|Malformed",
        "{\"host\":\"a\",\"uris\":[\"a\",1]}|/uris/1|Malformed",
        "{\"host\":\"a\",\"tags\":{\"x/y\":1}}|/tags/x~1y|Malformed",
        "{\"host\":\"a\",\"options\":[]}|/options|Malformed",
        "[]|''|Malformed",
        "null|''|Malformed",
        "|''|Malformed",
        "{\"host\":\"a\"} x|''|Malformed"
      })
  void what_routers_would_drop_is_refused_by_its_place(String json, String path, String rule) {
    RouteRefusedException refused =
        catchThrowableOfType(RouteRefusedException.class, () -> parse(json == null ? "" : json));

    assertThat(refused.path()).isEqualTo(path);
    assertThat(refused.rule()).isEqualTo(rule);
    assertThat(refused).hasMessageStartingWith(path.isEmpty() ? "is no JSON" : path + ": ");
  }

  @Test
  void a_router_that_says_little_is_understood() {
    RouterStart start =
        FORMATS.parseStart("{\"minimumRegisterIntervalInSeconds\":5,\"x\":1}".getBytes(UTF_8));

    assertThat(start).isEqualTo(new RouterStart("", List.of(), 5, 0, Map.of("x", 1)));
  }

  // Round trips

  @Property(tries = 300)
  void what_is_written_is_read_again(
      @ForAll("messages") RouteMessage message, @ForAll RouteAudience audience) {
    byte[] json = FORMATS.message(message, audience);

    assertThat(FORMATS.parseMessage(json)).isEqualTo(message);
    assertThat(FORMATS.message(FORMATS.parseMessage(json), audience)).isEqualTo(json);
  }

  @Property(tries = 100)
  void what_a_router_says_is_read_again(
      @ForAll("texts") String id,
      @ForAll("listsOfTexts") List<String> hosts,
      @ForAll("numbers") int interval,
      @ForAll("numbers") int threshold) {
    RouterStart start = new RouterStart(id, hosts, interval, threshold, Map.of("other", "x"));

    assertThat(FORMATS.parseStart(FORMATS.start(start))).isEqualTo(start);
  }

  @Provide
  static Arbitrary<String> texts() {
    return Arbitraries.strings().withCharRange(' ', '\u07ff').ofMaxLength(12);
  }

  @Provide
  static Arbitrary<List<String>> listsOfTexts() {
    return texts().list().ofMaxSize(3);
  }

  @Provide
  static Arbitrary<Integer> numbers() {
    return Arbitraries.integers().between(0, Integer.MAX_VALUE);
  }

  private static Arbitrary<RouteHost> hosts() {
    return Arbitraries.oneOf(
        Arbitraries.defaultFor(IpAddress.class)
            .filter(address -> !address.isIpv4Mapped())
            .map(RouteHost::of),
        Arbitraries.of("db", "db.internal", "Cell-1.10.bosh").map(RouteHost::parse));
  }

  private static Arbitrary<Map<String, Object>> jsonMembers() {
    Arbitrary<Object> values =
        Arbitraries.oneOf(
            texts().map(text -> (Object) text),
            Arbitraries.integers().map(number -> (Object) number),
            Arbitraries.bigDecimals().ofScale(3).map(number -> (Object) number),
            Arbitraries.of(true, false).map(flag -> (Object) flag),
            listsOfTexts().map(list -> (Object) list),
            Arbitraries.just((Object) Map.of("inner", new BigDecimal("1.50"))));
    return Arbitraries.maps(Arbitraries.of("x1", "x2", "x3", "x/~ é"), values)
        .ofMaxSize(3)
        .map(LinkedHashMap::new);
  }

  @Provide
  static Arbitrary<RouteMessage> messages() {
    Arbitrary<Integer> ports = Arbitraries.integers().between(0, 65535);
    Arbitrary<RouteMessage.Builder> started =
        Combinators.combine(hosts(), listsOfTexts(), ports, ports)
            .as((host, uris, port, tls) -> RouteMessage.to(host, uris).port(port).tlsPort(tls));
    Arbitrary<RouteMessage.Builder> named =
        Combinators.combine(started, texts(), texts(), texts(), texts(), texts(), texts(), texts())
            .as(
                (builder, app, protocol, id, index, san, segment, service) ->
                    builder
                        .app(app)
                        .protocol(protocol)
                        .instance(id, index)
                        .serverCertDomainSan(san)
                        .isolationSegment(segment)
                        .routeServiceUrl(service));
    return Combinators.combine(
            named,
            Arbitraries.integers(),
            Arbitraries.longs(),
            Arbitraries.maps(texts(), texts()).ofMaxSize(3),
            texts(),
            jsonMembers(),
            jsonMembers())
        .as(
            (builder, stale, updated, tags, zone, options, others) ->
                builder
                    .staleThresholdSeconds(stale)
                    .endpointUpdatedAtNanos(updated)
                    .tags(tags)
                    .availabilityZone(zone)
                    .options(options)
                    .others(others)
                    .build());
  }
}
