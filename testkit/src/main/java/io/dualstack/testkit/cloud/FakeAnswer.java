package io.dualstack.testkit.cloud;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a fake answers.
 *
 * @param status the HTTP status; 100 to 599
 * @param headers the headers
 * @param body the body; empty for none
 */
public record FakeAnswer(int status, Map<String, String> headers, String body) {

  /**
   * Copies the headers and checks the status.
   *
   * @param status the HTTP status; 100 to 599
   * @param headers the headers
   * @param body the body; empty for none
   */
  public FakeAnswer {
    requireNonNull(body, "body");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    if (status < 100 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " is outside 100 to 599");
    }
  }

  /**
   * Returns an answer with a JSON body.
   *
   * @param status the HTTP status
   * @param body the JSON text
   * @return the answer
   */
  public static FakeAnswer json(int status, String body) {
    return new FakeAnswer(status, Map.of("Content-Type", "application/json"), body);
  }

  /**
   * Returns an answer with an XML body.
   *
   * @param status the HTTP status
   * @param body the XML text
   * @return the answer
   */
  public static FakeAnswer xml(int status, String body) {
    return new FakeAnswer(status, Map.of("Content-Type", "text/xml;charset=UTF-8"), body);
  }

  /**
   * Returns an answer without a body.
   *
   * @param status the HTTP status
   * @return the answer
   */
  public static FakeAnswer empty(int status) {
    return new FakeAnswer(status, Map.of(), "");
  }

  /**
   * Returns the same answer with one more header.
   *
   * @param name its name
   * @param value its value
   * @return the answer
   */
  public FakeAnswer with(String name, String value) {
    LinkedHashMap<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new FakeAnswer(status, more, body);
  }
}
