package io.dualstack.testkit.cloud.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.testkit.cloud.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeServiceQuotasTest {
  private static final String QUESTION = "{\"ServiceCode\":\"vpc\",\"QuotaCode\":\"L-1\"}";

  private final FakeServiceQuotas quotas = new FakeServiceQuotas();

  @AfterEach
  void close() {
    quotas.close();
  }

  private record Answer(int statusCode, String body) {}

  private Answer send(String operation, String body, boolean isSigned) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) quotas.endpoint().resolve("/").toURL().openConnection();
    connection.setRequestProperty("X-Amz-Target", "ServiceQuotasV20190624." + operation);
    if (isSigned) {
      connection.setRequestProperty("Authorization", "AWS4-HMAC-SHA256 Credential=A");
    }
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    int status = connection.getResponseCode();
    try (InputStream answer =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(status, new String(answer.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private Answer ask(String operation, String body) throws IOException {
    return send(operation, body, true);
  }

  @Test
  void an_applied_value_and_a_default_are_two_things() throws IOException {
    quotas.quota("vpc", "L-1", 7).defaultQuota("vpc", "L-1", 5);

    assertThat(ask("GetServiceQuota", QUESTION).body()).contains("\"Value\":7.0");
    assertThat(ask("GetAWSDefaultServiceQuota", QUESTION).body()).contains("\"Value\":5.0");
  }

  @Test
  void what_was_never_changed_has_a_default_only() throws IOException {
    quotas.defaultQuota("vpc", "L-1", 5);

    assertRefused(ask("GetServiceQuota", QUESTION), "NoSuchResourceException");
    assertThat(ask("GetAWSDefaultServiceQuota", QUESTION).statusCode()).isEqualTo(200);
  }

  private static void assertRefused(Answer answer, String code) {
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"__type\":\"" + code + "\"");
  }

  @Test
  void wrong_requests_are_refused() throws IOException {
    assertRefused(send("GetServiceQuota", QUESTION, false), "MissingAuthenticationTokenException");
    assertRefused(ask("ListServices", "{}"), "UnknownOperationException");
    assertRefused(ask("GetServiceQuota", "{"), "SerializationException");
    assertRefused(ask("GetServiceQuota", "{\"ServiceCode\":\"vpc\"}"), "ValidationException");
  }

  @Test
  void it_throttles_and_fails_when_told_to() throws IOException {
    quotas.faults().next("GetServiceQuota", Fault.THROTTLED, Fault.FAILED);

    assertRefused(ask("GetServiceQuota", QUESTION), "TooManyRequestsException");
    Answer failed = ask("GetServiceQuota", QUESTION);
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).contains("ServiceException");
  }
}
