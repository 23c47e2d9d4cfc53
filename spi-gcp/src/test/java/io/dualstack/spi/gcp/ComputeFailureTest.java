package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpResponseException;
import com.google.api.services.compute.model.Operation;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeFailureTest {
  @ParameterizedTest
  @CsvSource({
    "400, invalid,                           REFUSED,        false",
    "400, ipInUseByAnotherResource,          CONFLICT,       false",
    "400, resourceInUseByAnotherResource,    CONFLICT,       false",
    "400, resourceNotReady,                  UNAVAILABLE,    true",
    "401, authError,                         NOT_CONFIGURED, false",
    "403, forbidden,                         REFUSED,        false",
    "403, accessNotConfigured,               REFUSED,        false",
    "403, quotaExceeded,                     EXHAUSTED,      false",
    "403, rateLimitExceeded,                 UNAVAILABLE,    true",
    "403, userRateLimitExceeded,             UNAVAILABLE,    true",
    "404, notFound,                          REFUSED,        false",
    "409, alreadyExists,                     CONFLICT,       false",
    "409, operationInProgress,               UNAVAILABLE,    true",
    "412, conditionNotMet,                   UNAVAILABLE,    false",
    "429, '',                                UNAVAILABLE,    true",
    "500, internalError,                     UNAVAILABLE,    true",
    "502, '',                                UNAVAILABLE,    true",
    "503, backendError,                      UNAVAILABLE,    true",
    "504, '',                                UNAVAILABLE,    true",
  })
  void answers_are_judged_by_code_and_then_by_status(
      int status, String code, Reason reason, boolean again) {
    ComputeFailure failure = ComputeFailure.of(answer(status, code));

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.again()).isEqualTo(again);
  }

  @ParameterizedTest
  @CsvSource({
    "IP_IN_USE_BY_ANOTHER_RESOURCE,      CONFLICT,    false",
    "RESOURCE_ALREADY_EXISTS,            CONFLICT,    false",
    "IP_SPACE_EXHAUSTED,                 EXHAUSTED,   false",
    "IP_SPACE_EXHAUSTED_WITH_DETAILS,    EXHAUSTED,   false",
    "QUOTA_EXCEEDED,                     EXHAUSTED,   false",
    "RESOURCE_NOT_READY,                 UNAVAILABLE, true",
    "RESOURCE_OPERATION_RATE_EXCEEDED,   UNAVAILABLE, true",
    "SOMETHING_ELSE,                     REFUSED,     false",
  })
  void operations_are_judged_by_code(String code, Reason reason, boolean again) {
    Operation operation =
        new Operation()
            .setError(
                new Operation.Error()
                    .setErrors(
                        List.of(
                            new Operation.Error.Errors().setCode(code).setMessage("its words"))));

    ComputeFailure failure = ComputeFailure.of(operation);

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.again()).isEqualTo(again);
    assertThat(failure.toException("doing this"))
        .hasMessage("gcp: doing this: " + failure.message() + " (" + failure.code() + ")");
  }

  @Test
  void both_spellings_of_a_code_are_one() {
    assertThat(ComputeFailure.of(answer(409, "alreadyExists")).code())
        .isEqualTo(ComputeFailure.ALREADY_EXISTS);
    assertThat(ComputeFailure.of(answer(404, "notFound")).code())
        .isEqualTo(ComputeFailure.NOT_FOUND);
    assertThat(ComputeFailure.of(answer(412, "conditionNotMet")).code())
        .isEqualTo(ComputeFailure.STALE);
  }

  @Test
  void a_service_that_is_not_reached_is_tried_again() {
    ComputeFailure failure = ComputeFailure.of(new ConnectException("Connection refused"));

    assertThat(failure.again()).isTrue();
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void missing_credentials_are_not_configured_and_the_remedy_is_named() {
    IOException none = new GcpAccess.NoCredentials(new IOException("none were found"));

    ProviderException failure = ComputeFailure.of(none).toException("listing addresses");

    assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure).hasMessageContaining("GOOGLE_APPLICATION_CREDENTIALS");
  }

  private static GoogleJsonResponseException answer(int status, String code) {
    GoogleJsonError.ErrorInfo info = new GoogleJsonError.ErrorInfo();
    info.setReason(code);
    GoogleJsonError details = new GoogleJsonError();
    details.setCode(status);
    details.setMessage("its words");
    details.setErrors(List.of(info));
    return new GoogleJsonResponseException(
        new HttpResponseException.Builder(status, "its words", new HttpHeaders()), details);
  }
}
