package io.dualstack.testkit.cloud.gcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fake refuses what the service refuses, without any client's help. */
class FakeComputeTest {
  private static final String REGION = "/compute/v1/projects/p/regions/r1";
  private static final String CELLS = "projects/p/regions/r1/subnetworks/cells";

  private final FakeCompute compute = new FakeCompute("p", "r1");

  @BeforeEach
  void add_a_subnetwork() {
    compute.add(
        FakeSubnetwork.of("cf", "cells", IpPrefix.parse("10.0.0.0/29"))
            .withInternalIpv6(IpPrefix.parse("fd20::/64")));
  }

  @AfterEach
  void close() {
    compute.close();
  }

  private record Answer(int statusCode, String body) {}

  private Answer send(String method, String path, String body) throws IOException {
    URL url = URI.create(compute.endpoint() + path).toURL();
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setRequestMethod(method.equals("PATCH") ? "POST" : method);
    connection.setRequestProperty("X-HTTP-Method-Override", method);
    if (!body.isEmpty()) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(body.getBytes(UTF_8));
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(status, new String(in.readAllBytes(), UTF_8));
    }
  }

  private Answer insert(String fields) throws Exception {
    return send(
        "POST",
        REGION + "/addresses",
        "{\"subnetwork\":\"%s\",\"addressType\":\"INTERNAL\",%s}".formatted(CELLS, fields));
  }

  private void assertRefused(Answer answer, int status, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"reason\":\"" + reason + "\"");
    assertThat(compute.addresses()).isEmpty();
  }

  @Test
  void refuses_keys_and_values_that_the_service_does_not_know() throws Exception {
    assertRefused(insert("\"name\":\"a\",\"labels\":{}"), 400, "invalid");
    assertRefused(insert("\"name\":\"Not A Name\""), 400, "invalid");
    assertRefused(insert("\"name\":\"a\",\"purpose\":\"VPC_PEERING\""), 400, "invalid");
    assertRefused(insert("\"name\":\"a\",\"prefixLength\":28"), 400, "invalid");
    assertRefused(insert("\"name\":\"a\",\"address\":\"10.0.0.6\""), 400, "invalid");
    assertRefused(
        insert("\"name\":\"a\",\"ipVersion\":\"IPV6\",\"ipv6EndpointType\":\"NETLB\""),
        400,
        "invalid");
    assertRefused(
        insert(
            "\"name\":\"a\",\"ipVersion\":\"IPV6\",\"ipv6EndpointType\":\"VM\","
                + "\"address\":\"fd20::1\""),
        400,
        "invalid");
    assertRefused(send("GET", REGION + "/addresses?colour=blue", ""), 400, "invalidParameter");
    assertRefused(send("GET", REGION + "/addresses?filter=name%3Da", ""), 400, "invalid");
    assertRefused(send("GET", REGION + "/addresses/a", ""), 404, "notFound");
  }

  @Test
  void one_identifier_is_one_change() throws Exception {
    String path = REGION + "/addresses?requestId=6f0c9f29-6b0b-4d5b-9d9f-1f3a35a2f1c4";
    String body = "{\"name\":\"a\",\"addressType\":\"INTERNAL\",\"subnetwork\":\"" + CELLS + "\"}";

    Answer first = send("POST", path, body);
    Answer second = send("POST", path, body);

    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(insert("\"name\":\"a\"").statusCode()).isEqualTo(409);
  }

  @Test
  void what_is_in_use_shows_when_the_operation_is_done() throws Exception {
    insert("\"name\":\"a\",\"address\":\"10.0.0.2\"");

    Answer begun = insert("\"name\":\"b\",\"address\":\"10.0.0.2\"");
    Answer done = send("POST", REGION + "/operations/operation-2/wait", "");

    assertThat(begun.body()).contains("RUNNING");
    assertThat(done.body()).contains("DONE", "IP_IN_USE_BY_ANOTHER_RESOURCE");
    assertThat(compute.addresses()).hasSize(1);
  }

  @Test
  void a_range_is_used_up_after_all_but_the_four_that_the_service_keeps() throws Exception {
    for (int i = 0; i < 4; i++) {
      insert("\"name\":\"a" + i + "\"");
    }

    insert("\"name\":\"b\"");
    Answer done = send("POST", REGION + "/operations/operation-5/wait", "");

    assertThat(done.body()).contains("IP_SPACE_EXHAUSTED");
    assertThat(compute.addresses()).hasSize(4);
  }

  @Test
  void an_instance_uses_what_is_reserved_and_keeps_it_when_that_is_released() throws Exception {
    insert("\"name\":\"a\",\"address\":\"10.0.0.2\"");

    compute.createInstance("r1-b", "vm", "cells", IpAddress.parse("10.0.0.2"));

    assertThat(compute.addresses().get(0)).contains("IN_USE", "/zones/r1-b/instances/vm");
    assertThat(send("DELETE", REGION + "/addresses/a", "").statusCode()).isEqualTo(200);
    assertThat(compute.networkInterface("r1-b", "vm")).contains("10.0.0.2");
  }

  @Test
  void a_nic_is_changed_by_whoever_has_seen_it_as_it_is() throws Exception {
    compute.createInstance("r1-b", "vm", "cells", IpAddress.parse("10.0.0.2"));
    String path =
        "/compute/v1/projects/p/zones/r1-b/instances/vm/updateNetworkInterface?networkInterface=nic0";

    assertThat(send("PATCH", path, "{\"stackType\":\"IPV4_IPV6\"}").statusCode()).isEqualTo(400);
    assertThat(
            send("PATCH", path, "{\"fingerprint\":\"b2xk\",\"stackType\":\"IPV4_IPV6\"}")
                .statusCode())
        .isEqualTo(412);
  }

  @Test
  void a_listing_lags_behind_if_it_is_told_to() throws Exception {
    compute.lag(1);
    insert("\"name\":\"a\"");

    assertThat(send("GET", REGION + "/addresses", "").body()).doesNotContain("items");
    assertThat(send("GET", REGION + "/addresses", "").body()).contains("\"name\":\"a\"");
  }
}
