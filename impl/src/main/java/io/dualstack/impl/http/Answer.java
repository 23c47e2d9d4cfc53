package io.dualstack.impl.http;

import java.nio.charset.StandardCharsets;

/** What a request is answered. */
public record Answer(int status, byte[] body) {

  private static final int OK = 200;

  /** Returns an answer of 200. */
  public static Answer ok(byte[] body) {
    return new Answer(OK, body);
  }

  /** Returns an answer of 200 that is some text. */
  public static Answer ok(String text) {
    return ok(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns an answer of 200 that is an empty object. */
  public static Answer emptyObject() {
    return ok("{}");
  }

  /** Returns an answer that tells an error as JSON. */
  public static Answer error(int status, String text) {
    return new Answer(status, JsonBody.error(text));
  }
}
