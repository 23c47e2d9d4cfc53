package io.dualstack.spi.gcp;

import static io.dualstack.net.IpFamily.IPV6;
import static io.dualstack.spi.gcp.FakeProject.ZONE;
import static io.dualstack.spi.gcp.FakeProject.block;
import static io.dualstack.spi.gcp.FakeProject.open;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.client.util.GenericData;
import com.google.api.services.compute.model.Address;
import com.google.api.services.compute.model.NetworkInterface;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpAddress;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import io.dualstack.testkit.cloud.FakeRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is sent, request by request, as the files beside this class record it. What was sent is in
 * {@code target/requests} to compare with.
 */
class RecordedRequestsTest {
  private final FakeProject project = new FakeProject();

  @AfterEach
  void close() {
    project.close();
  }

  private NicRequest all() {
    return project.nic(
        "cf/cell/0",
        block("v4", "10.0.0.9"),
        block("pods", "10.9.0.32/28"),
        block("v6", "2001:db8:1:2:7::/96"));
  }

  @Test
  void reserve() throws IOException {
    project.attach(all());

    assertRecorded("reserve");
  }

  @Test
  void reserve_what_the_service_picks() throws IOException {
    project.define(PrefixChooser.PROVIDER);

    project.attach(project.nic("cf/cell/0", block("v4", "10.0.0.9"), open("v6", IPV6, 96)));

    assertRecorded("reserve-picked");
  }

  @Test
  void update_an_instance() throws IOException {
    project.attach(all());
    project.compute.createInstance(ZONE, "vm-0", "cells", IpAddress.parse("10.0.0.9"));
    project.compute.forgetRequests();

    project.attach(all());

    assertRecorded("update-instance");
  }

  @Test
  void release() throws IOException {
    AttachedNic nic = project.attach(all()).nic();
    project.compute.forgetRequests();

    project.session().detach(List.of(nic));

    assertRecorded("release");
  }

  private void assertRecorded(String name) throws IOException {
    List<FakeRequest> requests = project.compute.requests();
    requests.stream()
        .filter(request -> !request.body().isEmpty())
        .forEach(RecordedRequestsTest::assertKnownBody);
    String sent =
        withoutChance(
            requests.stream().map(RecordedRequestsTest::shown).collect(Collectors.joining("\n")));
    Path copy = Path.of("target/requests", name + ".txt");
    Files.createDirectories(copy.getParent());
    Files.writeString(copy, sent);
    try (InputStream recorded = getClass().getResourceAsStream("requests/" + name + ".txt")) {
      assertThat(recorded).as("record of %s", name).isNotNull();
      assertThat(sent).isEqualTo(new String(recorded.readAllBytes(), UTF_8));
    }
  }

  /** The name of what the service picks is random, and read back at once. */
  private static String withoutChance(String sent) {
    Matcher picked = Pattern.compile("GET \\S+/addresses/(\\S+)").matcher(sent);
    return picked.find() ? sent.replace(picked.group(1), "PICKED") : sent;
  }

  /** Every key of a body is one that the client's own model of the service knows. */
  private static void assertKnownBody(FakeRequest request) {
    Class<? extends GenericJson> type =
        request.path().endsWith("/updateNetworkInterface") ? NetworkInterface.class : Address.class;
    assertKnown(FakeProject.parsed(request.body(), type));
  }

  private static void assertKnown(Object value) {
    if (value instanceof GenericData data) {
      assertThat(data.getUnknownKeys().keySet()).as("%s", data).isEmpty();
      data.values().forEach(RecordedRequestsTest::assertKnown);
    } else if (value instanceof Collection<?> values) {
      values.forEach(RecordedRequestsTest::assertKnown);
    }
  }

  private static String shown(FakeRequest request) {
    String query = request.uri().getRawQuery();
    StringBuilder text = new StringBuilder(request.method());
    request
        .header("X-HTTP-Method-Override")
        .ifPresent(method -> text.append(" (").append(method).append(')'));
    text.append(' ').append(request.path());
    if (query != null) {
      for (String parameter : query.split("&")) {
        text.append("\n  ? ").append(URLDecoder.decode(parameter, UTF_8));
      }
    }
    text.append('\n');
    if (!request.body().isEmpty()) {
      text.append(pretty(request.body()));
    }
    return text.toString()
        .replaceAll("requestId=[0-9a-f-]{36}", "requestId=UUID")
        .replaceAll("\"fingerprint\": \"[^\"]+\"", "\"fingerprint\": \"FINGERPRINT\"");
  }

  private static String pretty(String json) {
    try {
      return GsonFactory.getDefaultInstance()
              .toPrettyString(FakeProject.parsed(json, GenericJson.class))
              .strip()
          + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
