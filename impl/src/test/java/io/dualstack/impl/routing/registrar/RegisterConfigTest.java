package io.dualstack.impl.routing.registrar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a registrar's file says, what of it is refused, and what is told of its routes. */
class RegisterConfigTest {
  private static final String SERVERS =
      "\"message_bus_servers\": [{\"host\": \"10.0.0.4:4222\", \"user\": \"u\", \"password\": \"p\"}]";

  @TempDir private Path folder;

  private RegisterConfig read(String json) throws IOException {
    return RegisterConfig.read(Files.writeString(folder.resolve("registrar.json"), json));
  }

  private RegisterConfig route(String members) throws IOException {
    return read(
        """
        {%s, "host": "10.0.0.9", "availability_zone": "z1", "routes": [
          {"name": "r", "uris": ["r.example.com"], "registration_interval": "20s"%s}]}
        """
            .formatted(SERVERS, members));
  }

  private String message(RegisterConfig config) {
    return new String(config.routes().get(0).message("ID", config.availabilityZone()), UTF_8);
  }

  private List<String> refusals(String json) {
    return catchThrowableOfType(InvalidConfigurationException.class, () -> read(json))
        .diagnostics()
        .stream()
        .map(each -> each.path() + ": " + each.message())
        .toList();
  }

  @Test
  void the_least_that_is_told_of_a_route_says_that_there_are_no_tags() throws IOException {
    assertThat(message(route(", \"port\": 80")))
        .isEqualTo(
            "{\"uris\":[\"r.example.com\"],\"host\":\"10.0.0.9\",\"port\":80,\"tags\":null,"
                + "\"private_instance_id\":\"ID\",\"availability_zone\":\"z1\"}");
  }

  @Test
  void all_that_can_be_told_is_in_the_originals_order() throws IOException {
    RegisterConfig config =
        route(
            """
            , "type": "http", "host": "[2001:DB8::9]", "protocol": "http2", "port": 80, "tls_port": 443,
              "tags": {"b": "<2>", "a": "1"}, "route_service_url": "https://rs.example.com",
              "server_cert_domain_san": "r.internal", "options": {"loadbalancing": "round-robin"},
              "health_check": {"name": "h", "script_path": "/bin/h"}
            """);

    assertThat(message(config))
        .isEqualTo(
            "{\"uris\":[\"r.example.com\"],\"host\":\"[2001:db8::9]\",\"protocol\":\"http2\","
                + "\"port\":80,\"tls_port\":443,\"tags\":{\"a\":\"1\",\"b\":\"\\u003c2\\u003e\"},"
                + "\"route_service_url\":\"https://rs.example.com\",\"private_instance_id\":\"ID\","
                + "\"server_cert_domain_san\":\"r.internal\",\"availability_zone\":\"z1\","
                + "\"options\":{\"loadbalancing\":\"round-robin\"}}");
    assertThat(config.routes().get(0).healthCheck())
        .isEqualTo(new HealthCheck("h", Path.of("/bin/h"), Duration.ofSeconds(10)));
    assertThat(config.unregistrations()).isEqualTo(5);
    assertThat(config.nats().servers()).hasToString("[10.0.0.4:4222]");
    assertThat(config.nats().user()).isEqualTo("u");
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void tags_that_are_there_and_empty_are_told_so() throws IOException {
    assertThat(message(route(", \"port\": 80, \"tags\": {}, \"options\": {}")))
        .contains("\"tags\":{}")
        .doesNotContain("options");
  }

  @Test
  void every_fault_is_told_with_its_place() {
    assertThat(
            refusals(
                """
                {"message_bus_servers": [{"host": "nats"}], "unregistration_message_limit": 0,
                 "routes": [{"uris": [""], "registration_interval": "20"},
                            {"name": "b", "host": "h", "port": 0, "uris": ["b"], "protocol": "h2",
                             "route_service_url": "http://x", "registration_interval": "1s",
                             "options": {"loadbalancing": "hash"},
                             "health_check": {"name": "n", "script_path": "", "timeout": "1s"}}]}
                """))
        .satisfiesExactlyInAnyOrder(
            each ->
                assertThat(each).startsWith("/message_bus_servers/0/host: \"nats\": has no port"),
            each -> assertThat(each).startsWith("/unregistration_message_limit: 0: must be"),
            each -> assertThat(each).startsWith("/routes/0/name: is missing"),
            each -> assertThat(each).startsWith("/routes/0/host: is missing here and for all"),
            each -> assertThat(each).startsWith("/routes/0/port: is missing, and so is tls_port"),
            each -> assertThat(each).startsWith("/routes/0/uris/0: is empty"),
            each ->
                assertThat(each)
                    .startsWith("/routes/0/registration_interval: \"20\": is no time")
                    .contains("write 20s"),
            each -> assertThat(each).startsWith("/routes/1/port: 0: must be"),
            each ->
                assertThat(each)
                    .startsWith(
                        "/routes/1/protocol: \"h2\": is unknown; use one of [http1, http2]"),
            each ->
                assertThat(each)
                    .startsWith("/routes/1/route_service_url: \"http://x\": routers take https://"),
            each ->
                assertThat(each)
                    .startsWith("/routes/1/options/loadbalancing: \"hash\": is unknown"),
            each -> assertThat(each).startsWith("/routes/1/health_check/script_path: is missing"),
            each ->
                assertThat(each)
                    .startsWith("/routes/1/health_check/timeout: 1000 ms: is not shorter"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"type\": \"tcp\" | /type: \"tcp\": only routes of HTTP",
        "\"sni_port\": 443 | /sni_port: is of routes of TCP",
        "\"external_port\": 1024 | /external_port: is of routes of TCP",
        "\"allowed_sources\": {\"any\": true} | /allowed_sources: is not done",
        "\"prepend_instance_index\": true | /prepend_instance_index: is not done"
      })
  void what_is_not_done_is_refused_and_not_passed_over(String member, String refusal) {
    assertThat(
            refusals(
                """
                {%s, "host": "h", "routes": [
                  {"name": "r", "uris": ["r"], "port": 1, "registration_interval": "1s", %s}]}
                """
                    .formatted(SERVERS, member)))
        .singleElement()
        .asString()
        .startsWith("/routes/0" + refusal);
  }

  @Test
  void files_that_come_and_go_and_servers_that_differ_are_refused() {
    assertThat(
            refusals(
                """
                {"message_bus_servers": [{"host": "a:1", "user": "u"}, {"host": "b:1", "user": "v"}],
                 "dynamic_config_globs": ["/x/*.yml"]}
                """))
        .satisfiesExactlyInAnyOrder(
            each -> assertThat(each).startsWith("/message_bus_servers: users or passwords differ"),
            each -> assertThat(each).startsWith("/dynamic_config_globs: files that come and go"));
    assertThat(refusals("{}"))
        .singleElement()
        .asString()
        .startsWith("/message_bus_servers: names none");
  }

  @Test
  void tls_is_by_three_files_if_it_is_on() throws IOException {
    String tls =
        """
        {%s, "routes": [], "nats_mtls_config": {"enabled": %s, "ca_path": "/ca", "cert_path": "/c",
                                                "key_path": "/k"}}
        """;
    assertThat(read(tls.formatted(SERVERS, "false")).nats().tls()).isNull();
    assertThat(read(tls.formatted(SERVERS, "true")).nats().tls())
        .hasToString("NatsTls[ca=/ca, certificate=/c, key=/k]");
  }

  @Test
  void a_key_that_nobody_knows_is_warned_of_wherever_it_is() throws IOException {
    assertThat(route(", \"port\": 80, \"prot\": \"http1\"").warnings())
        .extracting(Diagnostic::path)
        .containsExactly("/routes/0/prot");
  }

  @ParameterizedTest
  @CsvSource({
    "20s, 20000",
    "500ms, 500",
    "1m30s, 90000",
    "1.5h, 5400000",
    ".5s, 500",
    "1h0m1s, 3601000"
  })
  void times_are_read_as_go_does(String text, long milliseconds) {
    assertThat(GoDuration.parse(text)).isEqualTo(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @CsvSource({"''", "20", "0s", "-1s", "1d", "s", "1s 2s", "1ns", "99999999999h"})
  void what_is_no_time_is_refused(String text) {
    assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> GoDuration.parse(text)))
        .hasMessageStartingWith("\"" + text + "\": is no time");
  }
}
