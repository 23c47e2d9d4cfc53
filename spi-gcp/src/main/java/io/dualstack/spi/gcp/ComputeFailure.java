package io.dualstack.spi.gcp;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.services.compute.model.Operation;
import com.google.auth.Retryable;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What Compute Engine answered in place of success, in our terms. The one place that knows its
 * codes: of answers, such as {@code quotaExceeded}, and of operations, such as {@code
 * QUOTA_EXCEEDED}.
 *
 * @param code its code, in upper case with underscores
 * @param reason why
 * @param again whether the very same call is worth another try soon
 * @param message its words
 * @param cause the exception; null if there was none
 */
record ComputeFailure(
    String code, Reason reason, boolean again, String message, @Nullable Throwable cause) {
  static final String ALREADY_EXISTS = "ALREADY_EXISTS";
  static final String NOT_FOUND = "NOT_FOUND";
  static final String STALE = "CONDITION_NOT_MET";

  /** Judges an exception of the client. */
  static ComputeFailure of(IOException failure) {
    if (failure instanceof GoogleJsonResponseException answer && answer.getDetails() != null) {
      GoogleJsonError details = answer.getDetails();
      List<GoogleJsonError.ErrorInfo> errors = details.getErrors();
      String code = errors == null || errors.isEmpty() ? "" : errors.get(0).getReason();
      return of(answer.getStatusCode(), code, details.getMessage(), failure);
    }
    if (failure instanceof HttpResponseException answer) {
      return of(answer.getStatusCode(), "", answer.getStatusMessage(), failure);
    }
    if (failure instanceof GcpAccess.NoCredentials
        || (failure instanceof Retryable credentials && !credentials.isRetryable())) {
      return new ComputeFailure(
          "UNAUTHENTICATED",
          Reason.NOT_CONFIGURED,
          false,
          failure.getMessage()
              + "; set GOOGLE_APPLICATION_CREDENTIALS or run gcloud auth application-default login",
          failure);
    }
    return new ComputeFailure(
        "UNREACHABLE", Reason.UNAVAILABLE, true, "can't be reached: " + failure, failure);
  }

  /** Judges an operation that has ended with an error. */
  static ComputeFailure of(Operation operation) {
    List<Operation.Error.Errors> errors = operation.getError().getErrors();
    Integer status = operation.getHttpErrorStatusCode();
    Operation.Error.Errors first =
        errors == null || errors.isEmpty() ? new Operation.Error.Errors() : errors.get(0);
    return of(status == null ? 400 : status, first.getCode(), first.getMessage(), null);
  }

  private static ComputeFailure of(
      int status, @Nullable String given, @Nullable String message, @Nullable Throwable cause) {
    String code = upper(given == null ? "" : given);
    String words = message == null || message.isBlank() ? "HTTP " + status : message;
    return switch (code) {
      case "RATE_LIMIT_EXCEEDED",
          "USER_RATE_LIMIT_EXCEEDED",
          "BACKEND_ERROR",
          "INTERNAL_ERROR",
          "OPERATION_IN_PROGRESS",
          "RESOURCE_NOT_READY",
          "RESOURCE_OPERATION_RATE_EXCEEDED" ->
          new ComputeFailure(code, Reason.UNAVAILABLE, true, words, cause);
      case "QUOTA_EXCEEDED", "LIMIT_EXCEEDED" ->
          new ComputeFailure(
              code, Reason.EXHAUSTED, false, words + "; ask Google for more of this quota", cause);
      case "IP_IN_USE_BY_ANOTHER_RESOURCE",
          "RESOURCE_IN_USE_BY_ANOTHER_RESOURCE",
          "INVALID_USAGE_CONFLICT" ->
          new ComputeFailure(code, Reason.CONFLICT, false, words, cause);
      case "RESOURCE_ALREADY_EXISTS" ->
          new ComputeFailure(ALREADY_EXISTS, Reason.CONFLICT, false, words, cause);
      case "RESOURCE_NOT_FOUND" ->
          new ComputeFailure(NOT_FOUND, Reason.REFUSED, false, words, cause);
      default ->
          code.startsWith("IP_SPACE_EXHAUSTED")
              ? new ComputeFailure(code, Reason.EXHAUSTED, false, words, cause)
              : byStatus(status, code, words, cause);
    };
  }

  private static ComputeFailure byStatus(
      int status, String code, String words, @Nullable Throwable cause) {
    return switch (status) {
      case 401 ->
          new ComputeFailure(
              code,
              Reason.NOT_CONFIGURED,
              false,
              words + "; check the Application Default Credentials",
              cause);
      case 404 -> new ComputeFailure(NOT_FOUND, Reason.REFUSED, false, words, cause);
      case 408, 429, 500, 502, 503, 504 ->
          new ComputeFailure(code, Reason.UNAVAILABLE, true, words, cause);
      case 409 ->
          new ComputeFailure(
              code.isEmpty() ? ALREADY_EXISTS : code, Reason.CONFLICT, false, words, cause);
      case 412 -> new ComputeFailure(STALE, Reason.UNAVAILABLE, false, words, cause);
      default -> new ComputeFailure(code, Reason.REFUSED, false, words, cause);
    };
  }

  /** Writes {@code quotaExceeded} as {@code QUOTA_EXCEEDED}; what has that form already stays. */
  private static String upper(String code) {
    return code.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
  }

  /** How long the service asks to wait before another try. */
  Duration after() {
    String seconds =
        cause instanceof HttpResponseException answer && answer.getHeaders() != null
            ? answer.getHeaders().getRetryAfter()
            : null;
    return seconds != null && seconds.matches("[0-9]{1,5}")
        ? Duration.ofSeconds(Integer.parseInt(seconds))
        : Duration.ZERO;
  }

  /**
   * Returns the failure as callers of the provider see it. Asking again later makes sense unless
   * somebody must change something first.
   *
   * @param what what was done, for the message
   */
  ProviderException toException(String what) {
    boolean retryable = reason != Reason.REFUSED && reason != Reason.NOT_CONFIGURED;
    String text = what + ": " + message + (code.isEmpty() ? "" : " (" + code + ")");
    return new ProviderException(GcpNetworkProvider.NAME, reason, retryable, text, cause);
  }
}
