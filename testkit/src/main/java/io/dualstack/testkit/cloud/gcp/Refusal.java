package io.dualstack.testkit.cloud.gcp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.testkit.cloud.FakeAnswer;

/** What the service answers in place of what it was asked for, in its own form. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;

  Refusal(int status, String reason, String message) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  static Refusal invalid(String field, String value, String message) {
    return new Refusal(
        400, "invalid", "Invalid value for field '%s': '%s'. %s".formatted(field, value, message));
  }

  static Refusal notFound(String resource) {
    return new Refusal(404, "notFound", "The resource '%s' was not found".formatted(resource));
  }

  FakeAnswer answer() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode error = body.putObject("error");
    error.put("code", status).put("message", getMessage());
    error
        .putArray("errors")
        .addObject()
        .put("message", getMessage())
        .put("domain", "global")
        .put("reason", reason);
    return FakeAnswer.json(status, body.toString());
  }
}
