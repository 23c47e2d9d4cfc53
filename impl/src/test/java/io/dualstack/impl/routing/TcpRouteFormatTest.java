package io.dualstack.impl.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dualstack.RouteRefusedException;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.routing.ModificationTag;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.TcpRoute;
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

class TcpRouteFormatTest {
  private static final RouteFormats FORMATS = new WireRouteFormats();

  @Test
  void without_an_ipv6_backend_every_byte_is_as_it_was() {
    TcpRoute plain = TcpRoute.plain("g1", 1024, RouteHost.parse("10.0.0.1"), 8080);
    TcpRoute full =
        new TcpRoute(
            "g1",
            1025,
            "10.0.0.2",
            61000,
            61001,
            "a.example.com",
            "b.internal",
            "i1",
            new ModificationTag("t1", 7),
            60,
            "s1",
            true,
            List.of("h2", "http/1.1"),
            true,
            Map.of());

    GoldenFiles.of("routing/tcp-ipv4")
        .assertMatch(
            Map.of(
                "routes.json", new String(FORMATS.tcpRoutes(List.of(plain, full)), UTF_8) + "\n"));
  }

  @Test
  void what_has_no_name_here_is_written_again() {
    String json =
        "[{\"router_group_guid\":\"g\",\"backend_port\":0,\"backend_tls_port\":0,"
            + "\"backend_ip\":\"\",\"instance_id\":\"\",\"port\":0,"
            + "\"modification_tag\":{\"guid\":\"\",\"index\":0},\"isolation_segment\":\"\","
            + "\"later\":{\"x\":1.50}}]";

    assertThat(new String(FORMATS.tcpRoutes(parse(json)), UTF_8)).isEqualTo(json);
  }

  private static List<TcpRoute> parse(String json) {
    return FORMATS.parseTcpRoutes(json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|''",
        "[1]|/0",
        "[{},{\"port\":65536}]|/1/port",
        "[{\"backend_port\":-1}]|/0/backend_port",
        "[{\"ttl\":\"x\"}]|/0/ttl",
        "[{\"modification_tag\":{\"index\":-1}}]|/0/modification_tag/index",
        "[{\"terminate_frontend_tls\":1}]|/0/terminate_frontend_tls"
      })
  void what_the_routing_api_could_not_read_is_refused_by_its_place(String json, String path) {
    RouteRefusedException refused =
        catchThrowableOfType(RouteRefusedException.class, () -> parse(json));

    assertThat(refused.path()).isEqualTo(path);
  }

  @Property(tries = 200)
  void what_is_written_is_read_again(@ForAll("routes") List<TcpRoute> routes) {
    assertThat(FORMATS.parseTcpRoutes(FORMATS.tcpRoutes(routes))).isEqualTo(routes);
  }

  @Provide
  static Arbitrary<List<TcpRoute>> routes() {
    Arbitrary<String> texts = Arbitraries.strings().withCharRange(' ', '\u07ff').ofMaxLength(8);
    Arbitrary<Integer> ports = Arbitraries.integers().between(0, 65535);
    Arbitrary<ModificationTag> tags =
        Combinators.combine(texts, Arbitraries.longs().between(0, ModificationTag.LARGEST_INDEX))
            .as(ModificationTag::new);
    return Combinators.combine(
            Combinators.combine(texts, texts, texts, texts, texts, texts)
                .as((a, b, c, d, e, f) -> List.of(a, b, c, d, e, f)),
            ports,
            ports,
            Arbitraries.integers(),
            tags,
            Arbitraries.integers().injectNull(0.2),
            Arbitraries.of(true, false),
            texts.list().ofMaxSize(2))
        .as(
            (names, port, backendPort, tls, tag, ttl, flag, alpns) ->
                new TcpRoute(
                    names.get(0),
                    port,
                    names.get(1),
                    backendPort,
                    tls,
                    names.get(2),
                    names.get(3),
                    names.get(4),
                    tag,
                    ttl,
                    names.get(5),
                    flag,
                    alpns,
                    !flag,
                    Map.of("x", names.get(0))))
        .list()
        .ofMaxSize(3);
  }
}
