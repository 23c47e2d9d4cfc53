package io.dualstack.testkit.cloud.openstack;

import io.dualstack.testkit.cloud.FakeAnswer;

/** What the service refuses, in its own words. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;

  Refused(int status, String type, String message) {
    super(message);
    this.status = status;
    this.type = type;
  }

  static Refused bad(String message) {
    return new Refused(400, "HTTPBadRequest", message);
  }

  FakeAnswer answer() {
    return answer(status, type, String.valueOf(getMessage()));
  }

  static FakeAnswer answer(int status, String type, String message) {
    return FakeAnswer.json(
        status,
        Json.object()
            .set(
                "NeutronError",
                Json.object().put("type", type).put("message", message).put("detail", ""))
            .toString());
  }
}
